import { CausewayError } from '@causeway/protocol/errors';
import {
  type AddressRange,
  decodeRanges,
  decodeRequest,
  encodeResults,
  isOpcode,
  needsAttachment,
  type Usb2SnesRequest,
} from '@causeway/protocol/usb2snes';
import type { RawData, WebSocket } from 'ws';
import type { ServedAs } from './console-options.js';
import type { Usb2SnesServer } from './usb2snes-door.js';
import { answerMessages, readRanges } from './usb2snes-reading.js';
import { Upload } from './usb2snes-upload.js';

/** Messages that wait, and their size, from which on nothing more is read of a client. */
const MAX_WAITING = 64;
const MAX_WAITING_BYTES = 1 << 20;
const NORMAL_CLOSURE = 1000;
const MAX_REASON_BYTES = 123;

/** What a server does not do, or not for this device: it closes. */
const refusal = (reason: string): CausewayError => new CausewayError('batch_step_failed', reason);

/** One connection. Requests are served in order; each takes a frame of the emulator, as far as it looks at memory. */
export class Usb2SnesClient {
  readonly #socket: WebSocket;
  readonly #server: Usb2SnesServer;
  readonly #waiting: (string | Uint8Array)[] = [];
  #waitingBytes = 0;
  #busy = false;
  #ended = false;
  #attached: ServedAs | undefined;
  #upload: Upload | undefined;

  constructor(socket: WebSocket, server: Usb2SnesServer) {
    this.#socket = socket;
    this.#server = server;
    socket.on('message', (data, binary) => this.#receive(data, binary));
    socket.on('error', () => {});
  }

  /** SNI closes without a word, QUsb2Snes says why. */
  end(reason: string): void {
    this.#ended = true;
    this.#waiting.length = 0;
    // A paused socket would never see the client's goodbye.
    this.#socket.resume();
    if (this.#server.personality.kind === 'sni') this.#socket.close();
    else this.#socket.close(NORMAL_CLOSURE, Buffer.from(reason).subarray(0, MAX_REASON_BYTES));
  }

  #receive(data: RawData, binary: boolean): void {
    if (this.#ended) return;
    const bytes = data instanceof ArrayBuffer ? Buffer.from(data) : Array.isArray(data) ? Buffer.concat(data) : data;
    this.#waiting.push(binary ? bytes : bytes.toString());
    this.#waitingBytes += bytes.length;
    if (this.#waiting.length >= MAX_WAITING || this.#waitingBytes >= MAX_WAITING_BYTES) this.#socket.pause();
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift()) {
      try {
        await (typeof message === 'string' ? this.#takeText(message) : this.#takeBytes(message));
      } catch (error) {
        this.#server.fail(this, CausewayError.from(error).message);
      }
    }
    this.#waitingBytes = 0;
    this.#socket.resume();
    this.#busy = false;
  }

  /** Settles when the client has taken it: for one that takes nothing, nothing more is done. */
  #send(message: string | Uint8Array): Promise<void> {
    // A client that is gone is told by `close`.
    return new Promise((resolve) => this.#socket.send(message, () => resolve()));
  }

  async #takeText(text: string): Promise<void> {
    const request = this.#understand(text);
    if (!request || !isOpcode(request.opcode)) return;
    if (needsAttachment(request.opcode) && this.#attached === undefined) throw refusal('Not attached to a device');
    await this.#obey(request);
  }

  /** Nothing for what a server ignores. */
  #understand(text: string): Usb2SnesRequest | undefined {
    const forgiving = this.#server.personality.kind === 'qusb2snes';
    let request: Usb2SnesRequest;
    try {
      request = decodeRequest(text);
    } catch (error) {
      if (forgiving) return undefined;
      throw error;
    }
    const { space } = request;
    if (space === undefined) throw refusal('No space given');
    const known = space === 'SNES' || space === 'CMD';
    if (forgiving) return known ? request : undefined;
    if (!known && !['SNES', 'CMD'].includes(space.toUpperCase())) throw refusal('Unknown space');
    return request;
  }

  async #obey({ opcode, space, operands }: Usb2SnesRequest): Promise<void> {
    const { personality, served } = this.#server;
    const [first = ''] = operands;
    switch (opcode) {
      case 'DeviceList':
        return this.#tell(this.#server.list());
      case 'AppVersion':
        return this.#tell([personality.appVersion]);
      case 'Name':
        return;
      case 'Close':
        return this.#socket.close();
      case 'Attach':
        return this.#attach(first);
      case 'Info':
        return this.#info();
      case 'Reset':
        if (personality.kind === 'qusb2snes') throw refusal('The device does not support this command');
        this.#checkPresent();
        await served.console.atPoll(() => served.console.reset());
        return;
      case 'GetAddress':
      case 'PutAddress':
        if (space?.toUpperCase() !== 'SNES') throw refusal('The device has no such space');
        return opcode === 'GetAddress' ? this.#get(decodeRanges(operands)) : this.#put(decodeRanges(operands));
      default:
        throw refusal(`The device does not support ${opcode}`);
    }
  }

  #tell(results: readonly string[]): Promise<void> {
    return this.#send(encodeResults(results));
  }

  /** SNI takes any name whose beginning it knows, and notices later. */
  #attach(name: string): void {
    const { personality } = this.#server;
    const found = this.#server.deviceNamed(name);
    if (found === undefined && (personality.kind === 'qusb2snes' || !/^(ra|emunwa):/.test(name)))
      throw refusal(`Trying to attach to an unknown device ${name}`);
    if (personality.kind === 'qusb2snes') this.#checkPresent();
    this.#attached = found ?? 'retroarch';
  }

  async #info(): Promise<void> {
    const { personality, served } = this.#server;
    if (served.present) await served.console.atPoll(() => {});
    const info = personality.info(this.#attached ?? 'retroarch', served);
    if (!info) throw refusal('The device is gone');
    await this.#tell(info);
  }

  async #get(ranges: readonly AddressRange[]): Promise<void> {
    this.#checkPresent();
    const pieces = await readRanges(this.#server, this.#attached ?? 'retroarch', ranges);
    for (const message of answerMessages(this.#server, pieces)) await this.#send(message);
  }

  #put(ranges: readonly AddressRange[]): void {
    this.#checkPresent();
    this.#upload = new Upload(ranges, this.#server.personality.kind);
  }

  async #takeBytes(bytes: Uint8Array): Promise<void> {
    const { personality, served } = this.#server;
    const upload = this.#upload;
    if (!upload) {
      if (personality.kind === 'qusb2snes') throw refusal('Unannounced binary data');
      return;
    }
    const written = upload.take(bytes);
    if (upload.complete) this.#upload = undefined;
    if (written.length === 0) return;
    this.#checkPresent();
    const as = this.#attached ?? 'retroarch';
    const fits = await served.console.atPoll(() =>
      written.every(({ address, data }) => served.write(as, address, data)),
    );
    if (!fits) throw refusal('The device cannot write there');
  }

  #checkPresent(): void {
    if (!this.#server.served.present) throw refusal('The device is gone');
  }
}
