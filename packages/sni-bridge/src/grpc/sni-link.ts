import type { Clock } from '@causeway/bridge';
import {
  type CloseInfo,
  coalesce,
  type MemoryLink,
  type MemoryRead,
  type MemoryWrite,
  type Region,
  type RomIdentity,
} from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { SNI_MAX_READ_BYTES, SNI_SERVICES } from '@causeway/protocol/sni';
import { unlessAborted } from '../unless-aborted.js';
import type { SniClient } from './sni-client.js';
import type { SniMemory } from './sni-memory.js';
import { hasNoGame, isOtherRom, isPaused, readStatus, type SniStatus, STATUS_FIELDS } from './sni-status.js';

const GAP_BYTES = 64;

/** SNI needs a moment to open a console anew. */
const AGAIN_MS = 100;

/** Bytes of the ROM by which the game is known in every read. */
export interface Signature {
  readonly region: Region;
  readonly bytes: Uint8Array;
}

export interface SniLinkOptions {
  readonly uri: string;
  readonly client: SniClient;
  /** The device's own URI. */
  readonly device: string;
  readonly memory: SniMemory;
  readonly clock: Clock;
  readonly times: { readonly callMs: number; readonly identityMs: number };
  /** What the console said of itself when it was opened; absent where it can say nothing. */
  readonly status?: SniStatus | undefined;
  readonly signature?: Signature | undefined;
  readonly rom: RomIdentity;
}

/** The way to the memory of a console behind SNI. */
export class SniLink implements MemoryLink {
  readonly lost: Promise<CloseInfo>;
  readonly #options: SniLinkOptions;
  readonly #before: SniStatus | undefined;
  #paused: boolean;
  #statusDue: number;
  #underWay: Promise<unknown> = Promise.resolve();
  #ended = false;
  #resolveLost: (end: CloseInfo) => void = () => {};

  constructor(options: SniLinkOptions) {
    this.#options = options;
    this.#before = options.status;
    this.#paused = options.status ? isPaused(options.status) : false;
    this.#statusDue = options.clock.now() + options.times.identityMs;
    this.lost = new Promise((resolve) => {
      this.#resolveLost = resolve;
    });
  }

  read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead> {
    return this.#inOrder(signal, () => this.#patiently(() => this.#readOnce(regions), signal));
  }

  write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    return this.#inOrder(signal, () => this.#writeAll(writes, signal));
  }

  pause(paused: boolean, signal: AbortSignal): Promise<void> {
    const { client, device, times } = this.#options;
    const { PauseUnpauseEmulation } = SNI_SERVICES.DeviceControl;
    return this.#inOrder(signal, async () => {
      await client.call(PauseUnpauseEmulation, { uri: device, paused }, { timeoutMs: times.callMs });
    });
  }

  rom(signal: AbortSignal): Promise<RomIdentity> {
    return this.#inOrder(signal, async () => {
      await this.#patiently(() => this.#checkGame(true), signal);
      return this.#options.rom;
    });
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#options.client.close();
  }

  /**
   * What an abandoned call has asked ends first: calls neither pile up nor overtake each other. It is never cancelled,
   * because SNI would close the console for all its clients.
   */
  async #inOrder<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await unlessAborted(this.#underWay, signal);
    const running = work();
    this.#underWay = running.catch(() => {});
    return unlessAborted(running, signal);
  }

  async #readOnce(regions: readonly Region[]): Promise<MemoryRead> {
    const { memory, signature } = this.#options;
    const { runs, cut } = coalesce(regions, { gap: GAP_BYTES, maxSize: SNI_MAX_READ_BYTES });
    // The ROM behind the bytes it vouches for: what came before a change of ROM is of the ROM that was.
    const bytes = await memory.read(signature ? [...runs, signature.region] : runs);
    if (signature) this.#checkSignature(signature, bytes[runs.length]);
    await this.#checkGame(false);
    return { bytes: cut(bytes), oneFrame: false, paused: this.#paused };
  }

  async #writeAll(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    const { memory } = this.#options;
    // A write to the wrong game does harm that a read does not.
    await this.#patiently(() => this.#readOnce([]), signal);
    for (const piece of memory.piecesOf(writes)) {
      signal.throwIfAborted();
      try {
        await memory.writePiece(piece);
      } catch (error) {
        throw this.#afterWrite(CausewayError.from(error));
      }
    }
  }

  /** A write that was sent and not answered is never sent again: the game may have used the first one already. */
  #afterWrite(error: CausewayError): CausewayError {
    if (error.code === 'batch_step_failed') return error;
    return this.#end('lost', error.code === 'device_timeout' ? asLost(error) : error);
  }

  /**
   * SNI opens a console anew after a fatal error, so once more is worth it. A console that is slow, or stands still in a
   * menu, is asked again until the caller gives up.
   */
  async #patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let failures = 0; ; ) {
      try {
        return await work();
      } catch (caught) {
        const error = CausewayError.from(caught);
        if (this.#ended || error.code === 'batch_step_failed') throw error;
        if (error.code !== 'device_timeout' && ++failures > 1) throw this.#end(reasonOf(error), error);
        await this.#options.clock.sleep(AGAIN_MS, signal);
      }
    }
  }

  #checkSignature({ bytes }: Signature, now: Uint8Array | undefined): void {
    if (now && now.length === bytes.length && now.every((byte, index) => byte === bytes[index])) return;
    // SNI fills what it cannot read with zeros.
    const gone = now?.every((byte) => byte === 0) ?? true;
    throw this.#end(
      gone ? 'lost' : 'rom_changed',
      this.#gone(gone ? 'The ROM cannot be read any more: the game was closed.' : 'Another game was loaded.'),
    );
  }

  /** Asks the console which game runs, once in a while: the ROM's own bytes tell most of it in every read. */
  async #checkGame(now: boolean): Promise<void> {
    const { client, device, clock, times } = this.#options;
    const before = this.#before;
    if (!before || (!now && clock.now() < this.#statusDue)) return;
    this.#statusDue = clock.now() + times.identityMs;
    const request = { uri: device, fields: [...STATUS_FIELDS] };
    const answer = await client.call(SNI_SERVICES.DeviceInfo.FetchFields, request, { timeoutMs: times.callMs });
    const status = readStatus(answer);
    this.#paused = isPaused(status);
    if (hasNoGame(status)) throw this.#end('lost', this.#gone('The game was closed.'));
    if (isOtherRom(before, status)) throw this.#end('rom_changed', this.#gone('Another game was loaded.'));
  }

  #gone(message: string): CausewayError {
    return new CausewayError('device_lost', message, {
      context: { uri: this.#options.uri },
      fix: 'Load the game again.',
    });
  }

  #end(reason: CloseInfo['reason'], error: CausewayError): CausewayError {
    this.#ended = true;
    this.#resolveLost({ reason, error });
    this.#options.client.close();
    return error;
  }
}

const asLost = (cause: CausewayError): CausewayError =>
  new CausewayError('device_lost', cause.message, { cause, context: cause.context, fix: cause.fix });

const reasonOf = ({ code }: CausewayError): CloseInfo['reason'] => (code.startsWith('protocol_') ? 'protocol' : 'lost');
