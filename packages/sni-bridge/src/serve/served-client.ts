import type { Clock, Logger } from '@causeway/bridge';
import type { Device, DomainInfo, Step } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import {
  type AddressRange,
  ByteCollector,
  decodeRanges,
  decodeRequest,
  encodeResults,
  formatInfo,
  isOpcode,
  needsAttachment,
  type Opcode,
  totalSize,
  type Usb2SnesRequest,
} from '@causeway/protocol/usb2snes';
import { jobsOf, type Seat } from './batch-desk.js';
import { type DeviceSource, openDevice } from './device-source.js';
import { infoOf } from './served-info.js';
import { planRead, planWrite } from './served-memory.js';

/** What the client needs of its websocket. */
export interface ClientSocket {
  send(message: string | Uint8Array): void;
  /** Closes with code 1000 and these words, as QUsb2Snes does. */
  close(reason: string): void;
}

export interface ServedClientOptions {
  readonly socket: ClientSocket;
  readonly seat: Seat;
  readonly source: DeviceSource;
  readonly appVersion: string;
  /** Whether `PutAddress` is carried out. */
  readonly write: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when the number of unanswered requests changes. */
  readonly onPending: (pending: number) => void;
}

interface Upload {
  readonly ranges: readonly AddressRange[];
  readonly collector: ByteCollector;
  readonly cancelTimer: () => void;
}

/** Most bytes one request reads or writes. The whole of a save RAM, and far more than any tracker asks at once. */
const MAX_REQUEST_BYTES = 256 * 1024;
/** Requests that may be unanswered, however fast they come. */
const MAX_PENDING = 4096;
/** How long the bytes of a write may take after it was announced, in milliseconds. */
const UPLOAD_MS = 10_000;
const MAX_NAME_LENGTH = 64;

const refused = (reason: string): CausewayError => new CausewayError('device_unsupported', reason);

/**
 * One client of our server: reads its requests, has them carried out, answers in order. It behaves as the servers clients
 * know: no answer to `Attach`, none to what is unknown, and every fault closes the socket, behind the answers to what was
 * asked before it.
 */
export class ServedClient {
  readonly #options: ServedClientOptions;
  #attached = false;
  /** What comes from now on is not looked at any more. */
  #deaf = false;
  #over = false;
  #upload: Upload | undefined;
  #pending = 0;
  /** Resolves when everything asked so far is answered. */
  #answered: Promise<void> = Promise.resolve();
  name = '';
  /** What can be done for a client; all else closes its socket. */
  readonly #doings: Partial<Record<Opcode, (request: Usb2SnesRequest) => void>> = {
    AppVersion: () => this.#answer(Promise.resolve(encodeResults([this.#options.appVersion]))),
    DeviceList: () => this.#answer(Promise.resolve(encodeResults(this.#deviceNames()))),
    Attach: (request) => this.#attach(request),
    Name: (request) => this.#rename(request),
    Close: () => {
      this.#stopListening();
      void this.#answered.then(() => this.#close(''));
    },
    Info: () => this.#answer(this.#answered.then(() => this.#info())),
    GetAddress: (request) => this.#answer(this.#get(rangesOf(request))),
    PutAddress: (request) => this.#announce(rangesOf(request)),
  };

  constructor(options: ServedClientOptions) {
    this.#options = options;
  }

  /** A text message came. */
  takeText(text: string): void {
    this.#orRefuse(() => {
      if (this.#upload) throw refused('A request came in the middle of the bytes of a write.');
      const request = decodeRequest(text);
      // As with real servers, what is not known is not answered.
      if (!isOpcode(request.opcode)) return;
      if (needsAttachment(request.opcode) && !this.#attached) throw refused('Attach to a device first.');
      this.#perform(request.opcode, request);
    });
  }

  /** A binary message came. */
  takeBytes(message: Uint8Array): void {
    this.#orRefuse(() => {
      const upload = this.#upload;
      if (!upload) throw refused('Bytes came that no PutAddress announced.');
      if (upload.collector.take(message) < message.length) throw refused('More bytes came than were announced.');
      if (upload.collector.complete) this.#put(upload);
    });
  }

  /** The socket is closed. */
  leave(): void {
    this.#over = true;
    this.#stopListening();
    this.#options.seat.leave();
  }

  #perform(opcode: Opcode, request: Usb2SnesRequest): void {
    const perform = this.#doings[opcode];
    if (!perform)
      throw refused(`${opcode} is not possible here: this server reads and writes memory and nothing else.`);
    perform(request);
  }

  #deviceNames(): readonly string[] {
    const device = openDevice(this.#options.source);
    return device ? [device.info.uri] : [];
  }

  #attach({ operands: [name] }: Usb2SnesRequest): void {
    const { current } = this.#options.source;
    // Never answered. A device that is gone at the moment is noticed at the next request, as with SNI.
    if (name === undefined || (current && current.info.uri !== name))
      throw refused(`There is no device ${name ?? ''}.`);
    this.#attached = true;
  }

  #rename({ operands: [name = ''] }: Usb2SnesRequest): void {
    this.name = name.slice(0, MAX_NAME_LENGTH);
    this.#options.logger.info('serve.client-name', { name: this.name });
  }

  async #info(): Promise<string> {
    return encodeResults(formatInfo(await infoOf(this.#device(), this.#options.write)));
  }

  #get(ranges: readonly AddressRange[]): Promise<Uint8Array> {
    const plan = planRead(ranges, this.#domains());
    return this.#run(plan.steps).then((reads) => plan.assemble(reads));
  }

  #announce(ranges: readonly AddressRange[]): void {
    if (!this.#options.write) {
      throw refused('This server is read-only. Start it with --write to let programs change the game.');
    }
    const late = (): void => this.#mistake(refused('The bytes of a write did not come.'));
    this.#upload = {
      ranges,
      collector: new ByteCollector(totalSize(ranges)),
      cancelTimer: this.#options.clock.after(UPLOAD_MS, late),
    };
  }

  #put({ ranges, collector, cancelTimer }: Upload): void {
    cancelTimer();
    this.#upload = undefined;
    const steps = planWrite(ranges, collector.bytes, this.#domains());
    this.#answer(this.#run(steps).then(() => undefined));
  }

  async #run(steps: readonly Step[]): Promise<readonly Uint8Array[]> {
    const reads = await Promise.all(jobsOf(steps).map((job) => this.#options.seat.run(job)));
    return reads.flat();
  }

  #device(): Device {
    const device = openDevice(this.#options.source);
    if (!device) throw new CausewayError('device_lost', 'No console is connected.');
    return device;
  }

  #domains(): ReadonlyMap<string, DomainInfo> {
    return new Map(this.#device().info.domains.map((domain) => [domain.name, domain]));
  }

  /** Sends what comes of it after everything before it was sent. */
  #answer(outcome: Promise<string | Uint8Array | undefined>): void {
    this.#setPending(this.#pending + 1);
    if (this.#pending > MAX_PENDING) this.#refuse(refused('Too many requests at once.'));
    const before = this.#answered;
    this.#answered = outcome.then(
      async (message) => {
        await before;
        if (!this.#over && message !== undefined) this.#options.socket.send(message);
        this.#setPending(this.#pending - 1);
      },
      async (error: unknown) => {
        await before;
        this.#setPending(this.#pending - 1);
        this.#refuse(CausewayError.from(error));
      },
    );
  }

  #setPending(pending: number): void {
    this.#pending = pending;
    if (!this.#over) this.#options.onPending(pending);
  }

  #orRefuse(act: () => void): void {
    if (this.#deaf) return;
    try {
      act();
    } catch (error) {
      this.#mistake(CausewayError.from(error));
    }
  }

  /** Ends the conversation when all that was asked before is done: a client that asks ahead loses nothing by its mistake. */
  #mistake(error: CausewayError): void {
    this.#stopListening();
    this.#answer(Promise.reject(error));
  }

  #stopListening(): void {
    this.#deaf = true;
    this.#upload?.cancelTimer();
  }

  #refuse(error: CausewayError): void {
    if (this.#over) return;
    const { code, cause } = error;
    // That an answer did not come, a client sees for itself; why is what it cannot know.
    const reason = code === 'batch_outcome_unknown' && cause instanceof Error ? cause.message : error.message;
    this.#options.logger.warn('serve.client-refused', { client: this.name, code, reason });
    this.#close(reason);
  }

  #close(reason: string): void {
    if (this.#over) return;
    this.leave();
    this.#options.socket.close(reason);
  }
}

/** Throws `protocol_malformed` or `device_unsupported`. */
const rangesOf = ({ space = 'SNES', operands }: Usb2SnesRequest): readonly AddressRange[] => {
  // SNI takes lower case as well, and nothing at all was long enough where there is only one space to mean.
  if (space.toUpperCase() !== 'SNES') throw refused(`There is no space ${space.slice(0, 16)} here.`);
  const ranges = decodeRanges(operands);
  if (ranges.some(({ size }) => size === 0)) throw refused('A range of no bytes was asked for.');
  if (totalSize(ranges) > MAX_REQUEST_BYTES) throw refused(`More than ${MAX_REQUEST_BYTES} bytes in one request.`);
  return ranges;
};
