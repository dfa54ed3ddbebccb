import { connect, type Socket } from 'node:net';
import type { Logger } from '@causeway/bridge';
import { ByteQueue } from './byte-queue.js';
import { action, type NativeTable } from './lua-api/host.js';

const SPACE = 0x20;

export interface CommAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The socket EmuHawk itself opens when started with `--socket_ip` and `--socket_port`: despite the script's names for it,
 * the emulator calls out. Frames are `<decimal bytes> <bytes>` both ways.
 *
 * One weakness is kept on purpose (connector specification, section 16.3): an orderly close while a script waits for the
 * length of an answer freezes EmuHawk for good. Here the script then never goes on, and {@link frozen} says so.
 */
export class CommSocket {
  readonly #notify: () => void;
  readonly #logger: Logger;
  readonly #onConnected: () => void;
  #address: CommAddress | undefined;
  #socket: Socket | undefined;
  #state: 'none' | 'connecting' | 'connected' | 'refused' = 'none';
  #ended: 'no' | 'orderly' | 'reset' = 'no';
  #received = new ByteQueue();
  /** Bytes of the payload whose length has been read. */
  #expected: number | undefined;
  #prefix = '';
  #lastSendWentOut = false;
  #frozen = false;

  constructor(
    address: CommAddress | undefined,
    options: { notify: () => void; logger: Logger; onConnected: () => void },
  ) {
    this.#address = address;
    this.#notify = options.notify;
    this.#logger = options.logger;
    this.#onConnected = options.onConnected;
    this.#dial();
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** Settles what the emulator's start waits for. */
  get connecting(): boolean {
    return this.#state === 'connecting';
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  /** The port called, while connected. */
  get port(): number | undefined {
    return this.connected ? this.#address?.port : undefined;
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  natives(): NativeTable {
    return {
      connecting: () => this.connecting,
      // A lost peer is not noticed, as there.
      connected: () => this.connected,
      frozen: () => this.#frozen,
      successful: () => this.#lastSendWentOut,
      send: (call) => this.#send(call.bytes(1), call.flag(2)),
      response: () => this.#response(),
      drop_partial: action(() => this.#dropPartial()),
      ip: () => this.#address?.host ?? '',
      port: () => this.#address?.port ?? 0,
      info: () => `${this.#address?.host ?? ''}:${this.#address?.port ?? 0}`,
      set_ip: (call) => this.#move({ host: call.text(1) }),
      set_port: (call) => this.#move({ port: call.integer(1) }),
    };
  }

  #move(change: Partial<CommAddress>): boolean {
    if (this.#address === undefined) {
      this.#logger.warn('comm.not_initialized');
      return false;
    }
    this.#address = { ...this.#address, ...change };
    this.#dial();
    return true;
  }

  #dial(): void {
    this.#socket?.destroy();
    if (this.#address === undefined) return;
    const socket = connect({ ...this.#address, noDelay: true, allowHalfOpen: true });
    this.#socket = socket;
    this.#state = 'connecting';
    this.#ended = 'no';
    this.#received = new ByteQueue();
    this.#dropPartial();
    const current = (change: () => void) => () => {
      if (this.#socket !== socket) return;
      change();
      this.#notify();
    };
    socket.on(
      'connect',
      current(() => {
        this.#state = 'connected';
        this.#onConnected();
      }),
    );
    socket.on(
      'readable',
      current(() => {}),
    );
    socket.on(
      'end',
      current(() => {
        this.#ended = 'orderly';
      }),
    );
    socket.on(
      'error',
      current(() => this.#failed()),
    );
  }

  #failed(): void {
    if (this.#state === 'connecting') this.#state = 'refused';
    this.#ended = 'reset';
    this.#logger.warn('comm.failed', { ...this.#address, state: this.#state });
  }

  #send(data: Uint8Array, withPrefix: boolean): number {
    this.#lastSendWentOut = this.connected && this.#socket?.writable === true;
    if (!this.#lastSendWentOut) return -1;
    const frame = withPrefix ? Buffer.concat([Buffer.from(`${data.length} `), data]) : data;
    this.#socket?.write(frame);
    return frame.length;
  }

  /** One frame's payload; `false` while it is incomplete; empty when it cannot come any more. */
  #response(): Uint8Array | string | false {
    if (!this.connected) return '';
    if (this.#frozen) return false;
    for (let chunk = this.#socket?.read(); chunk instanceof Uint8Array; chunk = this.#socket?.read()) {
      this.#received.push(chunk);
    }
    this.#expected ??= this.#readPrefix();
    if (this.#expected !== undefined && this.#received.size >= this.#expected) {
      const payload = this.#received.take(this.#expected);
      this.#dropPartial();
      return payload;
    }
    if (this.#ended === 'no') return false;
    if (this.#ended === 'orderly' && this.#expected === undefined) {
      this.#frozen = true;
      this.#logger.error('comm.frozen', { ...this.#address });
      return false;
    }
    return '';
  }

  #readPrefix(): number | undefined {
    while (this.#received.size > 0) {
      const [byte = SPACE] = this.#received.take(1);
      if (byte === SPACE) return Number.parseInt(this.#prefix, 10) || 0;
      this.#prefix += String.fromCharCode(byte);
    }
    return undefined;
  }

  #dropPartial(): void {
    this.#expected = undefined;
    this.#prefix = '';
  }
}
