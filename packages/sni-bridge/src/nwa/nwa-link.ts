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
import {
  coreWrite,
  NWA_MAX_READ_BYTES,
  NWA_MAX_WRITE_BYTES,
  type NwaEmulationStatus,
  readEmulationStatus,
} from '@causeway/protocol/nwa';
import { unlessAborted } from '../unless-aborted.js';
import type { NwaConnection } from './nwa-connection.js';
import type { MemoryNames } from './nwa-memories.js';
import { NwaReading, refused } from './nwa-reading.js';

/** Regions with at most this many bytes between them are read as one. */
const GAP_BYTES = 64;

const PAUSE = 'EMULATION_PAUSE';
const RESUME = 'EMULATION_RESUME';

/** Whether an emulator with these commands can be paused by {@link NwaLink.pause}. */
export const canPause = (commands: ReadonlySet<string>): boolean => commands.has(PAUSE) && commands.has(RESUME);

export interface NwaLinkOptions {
  readonly connection: NwaConnection;
  readonly names: MemoryNames;
  /** The game that was loaded when the device was opened, as the emulator names it. */
  readonly game: string;
  readonly readRom: (signal: AbortSignal) => Promise<RomIdentity>;
}

/** The way to the memory of an NWA emulator. Every exchange asks which game runs, and trusts nothing of another. */
export class NwaLink implements MemoryLink {
  readonly lost: Promise<CloseInfo>;
  readonly #connection: NwaConnection;
  readonly #names: MemoryNames;
  readonly #game: string;
  readonly #reading: NwaReading;
  readonly #readRom: (signal: AbortSignal) => Promise<RomIdentity>;
  #resolveLost: (end: CloseInfo) => void = () => {};

  constructor({ connection, names, game, readRom }: NwaLinkOptions) {
    this.#connection = connection;
    this.#names = names;
    this.#game = game;
    this.#readRom = readRom;
    this.#reading = new NwaReading(connection, names);
    this.lost = new Promise((resolve) => {
      this.#resolveLost = resolve;
    });
    void connection.closed.then((end) => this.#resolveLost(end));
  }

  async read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead> {
    const { runs, cut } = coalesce(regions, { gap: GAP_BYTES, maxSize: NWA_MAX_READ_BYTES });
    let paused = false;
    const look = async (): Promise<void> => {
      paused = (await this.#status()).state === 'paused';
    };
    // What an abandoned call has asked is answered first: it must neither pile up nor be mixed up.
    await unlessAborted(this.#connection.idle(), signal);
    const bytes = await unlessAborted(this.#reading.read(runs, look), signal);
    return { bytes: cut(bytes), oneFrame: false, paused };
  }

  async write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    await unlessAborted(this.#connection.idle(), signal);
    await unlessAborted(this.#status(), signal);
    for (const { at, data } of writes) {
      for (let start = 0; start < data.length; start += NWA_MAX_WRITE_BYTES) {
        const piece = data.subarray(start, start + NWA_MAX_WRITE_BYTES);
        await this.#writePiece(at.domain, at.offset + start, piece, signal);
      }
    }
  }

  /** One range per command: not every emulator looks at the others. */
  async #writePiece(domain: string, offset: number, data: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const memory = this.#names.get(domain) ?? domain;
    const command = coreWrite(memory, [{ offset, size: data.length }], data);
    const reply = await unlessAborted(this.#connection.ask(command), signal);
    if (reply.kind !== 'text') throw refused(`write ${memory}`, reply);
  }

  async pause(paused: boolean, signal: AbortSignal): Promise<void> {
    await unlessAborted(this.#connection.idle(), signal);
    const name = paused ? PAUSE : RESUME;
    const reply = await unlessAborted(this.#connection.ask({ name, args: [] }), signal);
    if (reply.kind !== 'text') throw refused(paused ? 'pause' : 'go on', reply);
  }

  rom(signal: AbortSignal): Promise<RomIdentity> {
    return this.#readRom(signal);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Rejects, and ends the link, when another game or none is loaded. */
  async #status(): Promise<NwaEmulationStatus> {
    const status = readEmulationStatus(await this.#connection.ask({ name: 'EMULATION_STATUS', args: [] }));
    if (status.state === 'no_game' || status.state === 'stopped') throw this.#end('lost', 'The game was closed.');
    const another = status.game !== '' && this.#game !== '' && status.game !== this.#game;
    if (another) throw this.#end('rom_changed', `Another game was loaded: ${status.game}.`);
    return status;
  }

  #end(reason: CloseInfo['reason'], message: string): CausewayError {
    const error = new CausewayError('device_lost', message, {
      context: { uri: this.#connection.uri, game: this.#game },
      fix: 'Load the game again in the emulator.',
    });
    this.#resolveLost({ reason, error });
    void this.#connection.close();
    return error;
  }
}
