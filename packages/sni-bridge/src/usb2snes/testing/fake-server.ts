import {
  type AddressRange,
  ByteCollector,
  decodeRanges,
  decodeRequest,
  encodeResults,
  totalSize,
} from '@causeway/protocol/usb2snes';
import type { MessageSocketFactory, MessageSocketHandlers } from '../message-socket.js';

/** The faults of real servers, and how to switch them on. All may be changed at any time. */
export interface FakeServerFaults {
  /** Answers nothing, and remembers what it owes. */
  silent: boolean;
  /** Bytes in one binary message at most; ranges are run together first. */
  messageSize: number;
  /** Bytes added behind every answer to `GetAddress`. */
  extraBytes: number;
  /** The socket is never taken. */
  refused: boolean;
  /** Something else than a usb2snes server has the port. */
  foreign: boolean;
}

interface Written {
  readonly address: number;
  readonly data: Uint8Array;
}

/** A small usb2snes server without a network: memory, names, and the faults a client has to live with. */
export class FakeServer {
  appVersion = 'SNI-0.0.100';
  /** One entry for each `DeviceList`; the last one stays. */
  lists: (readonly string[])[] = [['ra://127.0.0.1:55355']];
  info: readonly string[] = ['1.14.0', 'bsnes', 'game.sfc'];
  /** Closes with these words instead of answering `Info`: the device cannot be opened. */
  attachFault: string | undefined;
  /** Closes when it is asked for anything from here on, up to the end of that memory. */
  endOfSram = 0xf0_0000;
  readonly memory = new Uint8Array(0x100_0000);
  readonly faults: FakeServerFaults = {
    silent: false,
    messageSize: Number.POSITIVE_INFINITY,
    extraBytes: 0,
    refused: false,
    foreign: false,
  };
  /** Every request, as `Opcode operand operand`. */
  readonly requests: string[] = [];
  /** Ranges of each `GetAddress`. */
  readonly reads: (readonly AddressRange[])[] = [];
  readonly writes: Written[] = [];
  readonly urls: string[] = [];
  #owed: (() => void)[] = [];
  readonly #clients: Client[] = [];
  #upload: { readonly address: number; readonly collector: ByteCollector } | undefined;

  readonly factory: MessageSocketFactory = (url, handlers) => {
    this.urls.push(url);
    const client = { handlers, open: true };
    this.#clients.push(client);
    this.#owed = [];
    queueMicrotask(() => {
      if (this.faults.refused) this.#end(1006, '', { problem: 'connect ECONNREFUSED' });
      else if (this.faults.foreign) this.#end(1006, '', { problem: 'Unexpected server response: 400', foreign: true });
      else handlers.open();
    });
    return {
      send: (message) => this.#receive(message),
      close: () => queueMicrotask(() => endClient(client, 1000)),
      terminate: () => queueMicrotask(() => endClient(client, 1006)),
    };
  };

  /** Whether anybody is connected. */
  get connected(): boolean {
    return this.#clients.some(({ open }) => open);
  }

  /** Closes the socket, as a server does that met a fault. */
  close(reason = '', code = 1000): void {
    this.#end(code, reason);
  }

  /** Sends bytes nobody asked for. */
  pushBytes(bytes: Uint8Array): void {
    this.#latest?.handlers.bytes(bytes);
  }

  pushText(text: string): void {
    this.#latest?.handlers.text(text);
  }

  /** Sends everything held back while it was silent. */
  speak(): void {
    this.faults.silent = false;
    for (const answer of this.#owed.splice(0)) answer();
  }

  #receive(message: string | Uint8Array): void {
    if (typeof message !== 'string') {
      this.#receiveBytes(message);
      return;
    }
    const { opcode, operands } = decodeRequest(message);
    this.requests.push([opcode, ...operands].join(' '));
    const handler = this.#opcodes[opcode];
    if (handler) handler(operands);
  }

  readonly #opcodes: Readonly<Record<string, (operands: readonly string[]) => void>> = {
    AppVersion: () => this.#answer(() => this.pushText(encodeResults([this.appVersion]))),
    DeviceList: () => {
      const [list = []] = this.lists;
      if (this.lists.length > 1) this.lists.shift();
      this.#answer(() => this.pushText(encodeResults(list)));
    },
    Info: () => {
      const { attachFault, info } = this;
      if (attachFault !== undefined) this.#end(1000, attachFault);
      else this.#answer(() => this.pushText(encodeResults(info)));
    },
    GetAddress: (operands) => {
      const ranges = decodeRanges(operands);
      this.reads.push(ranges);
      if (ranges.some(({ address, size }) => address < 0xf0_0000 && address + size > this.endOfSram)) {
        this.#answer(() => this.#end(1000, 'Error in device protocol'));
        return;
      }
      this.#answer(() => this.#sendRanges(ranges));
    },
    PutAddress: (operands) => {
      const [range] = decodeRanges(operands);
      if (range) this.#upload = { address: range.address, collector: new ByteCollector(range.size) };
    },
  };

  #sendRanges(ranges: readonly AddressRange[]): void {
    const { extraBytes, messageSize } = this.faults;
    const bytes = new Uint8Array(totalSize(ranges) + extraBytes);
    let place = 0;
    for (const { address, size } of ranges) {
      bytes.set(this.memory.subarray(address, address + size), place);
      place += size;
    }
    for (let sent = 0; sent < bytes.length; ) {
      const piece = bytes.slice(sent, sent + messageSize);
      sent += piece.length;
      this.pushBytes(piece);
    }
  }

  #receiveBytes(data: Uint8Array): void {
    const upload = this.#upload;
    if (!upload || upload.collector.take(data) < data.length) {
      this.#end(1000, 'Unannounced binary data');
      return;
    }
    if (!upload.collector.complete) return;
    this.#upload = undefined;
    this.writes.push({ address: upload.address, data: upload.collector.bytes });
    this.memory.set(upload.collector.bytes, upload.address);
  }

  #answer(send: () => void): void {
    if (this.faults.silent) this.#owed.push(send);
    else queueMicrotask(() => (this.faults.silent ? this.#owed.push(send) : send()));
  }

  /** Whoever connected last: tests use one after the other. */
  get #latest(): Client | undefined {
    const client = this.#clients.at(-1);
    return client?.open ? client : undefined;
  }

  #end(code: number, reason: string, more: { problem?: string; foreign?: boolean } = {}): void {
    if (this.#latest) endClient(this.#latest, code, reason, more);
  }
}

interface Client {
  readonly handlers: MessageSocketHandlers;
  open: boolean;
}

const endClient = (
  client: Client,
  code: number,
  reason = '',
  more: { problem?: string; foreign?: boolean } = {},
): void => {
  if (!client.open) return;
  client.open = false;
  client.handlers.close({ code, reason, ...more });
};
