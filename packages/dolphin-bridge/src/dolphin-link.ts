import type { Clock } from '@causeway/bridge';
import type { CloseInfo, MemoryLink, MemoryRead, MemoryWrite, Region, RomIdentity } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from './access/arena-access.js';
import type { DolphinArena } from './access/dolphin-source.js';
import { arenaOffset } from './arena/guest-address.js';
import type { DolphinTimes } from './dolphin-options.js';
import { endOf } from './ending.js';
import { type GameFacts, readIdentity } from './game-facts.js';
import { ReadPlanner } from './read-plan.js';
import { isWorthRepeating, readSteadily } from './steady-read.js';

export interface DolphinLinkOptions {
  readonly arena: Pick<DolphinArena, 'pid' | 'claimWriting'>;
  readonly access: ArenaAccess;
  /** The audio RAM, where we may look into it. */
  readonly audioRam?: ArenaAccess | undefined;
  readonly game: GameFacts;
  readonly rom: RomIdentity;
  /** Told when another bridge is found to write there. */
  readonly onBusy?: () => void;
  readonly clock: Clock;
  readonly times: Pick<DolphinTimes, 'watchMs'>;
}

const ARENA = 'arena';
const AUDIO_RAM = 'ARAM';

/** One game in one Dolphin. Held memory goes on answering after the game has stopped: whether it lives is asked first, every time. */
export class DolphinLink implements MemoryLink {
  readonly lost: Promise<CloseInfo>;
  readonly #options: DolphinLinkOptions;
  readonly #planner: ReadPlanner;
  #closed = false;
  #endClaim: (() => void) | undefined;
  #stopWatching: () => void = () => {};
  #resolveLost: (info: CloseInfo) => void = () => {};

  constructor(options: DolphinLinkOptions) {
    this.#options = options;
    this.#planner = new ReadPlanner((region) => this.#placeOf(region));
    this.lost = new Promise((resolve) => {
      this.#resolveLost = resolve;
    });
    this.#watch();
  }

  async read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead> {
    const { runs, cut } = this.#planner.plan(regions);
    await this.#checkAlive();
    const copy = (): Promise<readonly Uint8Array[]> => this.#copy(runs, signal);
    const wholeWords = runs.every(({ domain }) => this.#accessOf(domain).wholeWords);
    const copies = await (isWorthRepeating(runs, wholeWords) ? readSteadily(copy) : copy());
    // Afterwards, so that what was copied is of the game that is recognised.
    await this.#recognise(signal);
    return { bytes: cut(copies), oneFrame: false };
  }

  async write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    const places = writes.map(({ at, data }) => ({ ...this.#placeOf({ ...at, size: data.length }), data }));
    await this.#checkAlive();
    await this.#recognise(signal);
    await this.#claimWriting();
    for (const { domain, offset, data } of places) {
      const pending = this.#accessOf(domain).write(offset, data, signal);
      if (pending) await pending;
    }
  }

  async rom(signal: AbortSignal): Promise<RomIdentity> {
    await this.#checkAlive();
    await this.#recognise(signal);
    return this.#options.rom;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#endClaim?.();
    const { access, audioRam } = this.#options;
    await access.close();
    await audioRam?.close();
  }

  /** Frees a dead game's memory, and says so, even while nobody plays. */
  #watch(): void {
    const { clock, times } = this.#options;
    this.#stopWatching = clock.after(times.watchMs, () => {
      this.#checkAlive().then(
        () => {
          if (!this.#closed) this.#watch();
        },
        // It was said through `lost`.
        () => {},
      );
    });
  }

  /** Where a region lies, under the name of the memory that is read for it. */
  #placeOf({ domain, offset, size }: Region): Region {
    if (domain === AUDIO_RAM) return { domain, offset, size };
    return { domain: ARENA, offset: arenaOffset(this.#options.game.layout, domain, offset, size), size };
  }

  #accessOf(memory: string): ArenaAccess {
    const { access, audioRam } = this.#options;
    if (memory === ARENA) return access;
    if (audioRam) return audioRam;
    throw new CausewayError('domain_unknown', 'The audio RAM cannot be reached here.');
  }

  async #copy(runs: readonly Region[], signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const copies: Uint8Array[] = [];
    for (const { domain, offset, size } of runs) {
      const bytes = newBytes(size);
      const pending = this.#accessOf(domain).read(offset, bytes, signal);
      if (pending) await pending;
      copies.push(bytes);
    }
    return copies;
  }

  async #checkAlive(): Promise<void> {
    const { access, arena, rom } = this.#options;
    if (this.#closed) throw new CausewayError('device_closed', 'The device is closed.');
    const alive = access.alive();
    if (alive === true || (await alive)) return;
    this.#fail(endOf(access.ending?.(), arena.pid, rom));
  }

  /** Only with the first write: any number may look. */
  async #claimWriting(): Promise<void> {
    const { arena } = this.#options;
    if (this.#endClaim || !arena.claimWriting) return;
    try {
      this.#endClaim = await arena.claimWriting();
    } catch (caught) {
      this.#options.onBusy?.();
      this.#fail({ reason: 'lost', error: CausewayError.from(caught) });
    }
    if (!this.#closed) return;
    this.#endClaim?.();
    throw new CausewayError('device_closed', 'The device is closed.');
  }

  /** A title may start another in the memory it had: the Wii's menu does. */
  async #recognise(signal: AbortSignal): Promise<void> {
    const { access, game, rom } = this.#options;
    const found = await readIdentity(access, signal);
    if (Buffer.compare(found, game.identity) === 0) return;
    const error = new CausewayError('device_lost', `Dolphin went over from ${rom.title ?? 'its game'} to another.`, {
      fix: 'Nothing to do: it is looked for again.',
      context: { before: rom.hash },
    });
    this.#fail({ reason: 'rom_changed', error });
  }

  #fail(end: CloseInfo & { readonly error: Error }): never {
    this.#resolveLost(end);
    throw end.error;
  }
}

/** Beyond this, clearing memory that is filled anyway costs more than asking for it. */
const LARGE = 0x1_0000;

const newBytes = (size: number): Uint8Array =>
  size < LARGE ? new Uint8Array(size) : new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
