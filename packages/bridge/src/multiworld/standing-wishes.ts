import { type ClientPacket, ClientStatus, NON_GAME_TAGS } from '@causeway/protocol/archipelago';
import type { CheckLedger } from './check-ledger.js';
import type { ReplayGroup } from './replay-guard.js';
import type { Storage } from './storage.js';

/** Most writes kept for the next login. */
const MAX_WAITING_WRITES = 1_000;

const setOf = (tags: Iterable<string>): string => [...tags].toSorted().join('\n');

/** What the owner wants the server to know for as long as this run lasts, and what of it the server does not know yet. */
export class StandingWishes {
  readonly #checks: CheckLedger;
  readonly #storage: Storage;
  readonly #tags: Set<string>;
  #tagsSent = '';
  #goal = false;
  #playing = false;
  #ready = false;
  #writes: ClientPacket[] = [];

  constructor(checks: CheckLedger, storage: Storage, tags: readonly string[]) {
    this.#checks = checks;
    this.#storage = storage;
    this.#tags = new Set(tags);
  }

  /** Whether this client plays: one that only watches may neither check nor reach the goal (`archipelago.md` §3.1). */
  get plays(): boolean {
    return !NON_GAME_TAGS.some((tag) => this.#tags.has(tag));
  }

  /** Whether the game runs. */
  get isPlaying(): boolean {
    return this.#playing;
  }

  has(tag: string): boolean {
    return this.#tags.has(tag);
  }

  tag(name: string, on: boolean): void {
    if (on) this.#tags.add(name);
    else this.#tags.delete(name);
  }

  /** The tags of now, which the server is about to be told. */
  tellTags(): readonly string[] {
    this.#tagsSent = setOf(this.#tags);
    return [...this.#tags];
  }

  /** Returns what to say if that is news. */
  goal(): readonly ClientPacket[] {
    if (this.#goal || !this.plays) return [];
    this.#goal = true;
    return this.#status();
  }

  /** Returns what to say if that is news. */
  playing(on: boolean): readonly ClientPacket[] {
    if (this.#playing === on) return [];
    this.#playing = on;
    return this.#goal ? [] : this.#statusNow();
  }

  /** Returns what to say if that is news. */
  ready(on: boolean): readonly ClientPacket[] {
    if (this.#ready === on) return [];
    this.#ready = on;
    return this.#goal || this.#playing ? [] : this.#statusNow();
  }

  /** Keeps a write for the next login. Returns whether there was room for it. */
  keepWrite(packet: ClientPacket): boolean {
    if (this.#writes.length >= MAX_WAITING_WRITES) return false;
    this.#writes.push(packet);
    return true;
  }

  /** Writes that have waited; each is handed out once, since nothing says whether it was carried out. */
  takeWrites(): readonly ClientPacket[] {
    return this.#writes.splice(0);
  }

  /**
   * Everything a server that has just let us in must hear again (`archipelago.md` §8.4).
   *
   * @param perKey whether each watched key is a group of its own
   */
  replay(perKey: boolean): readonly ReplayGroup[] {
    const watched = this.#storage.watchedKeys;
    return [
      { label: 'checks', packets: this.#checkPackets() },
      { label: 'status', packets: this.#status() },
      ...(perKey
        ? watched.map((key) => ({ label: `watching ${key}`, packets: this.#storage.subscription([key]) }))
        : [{ label: 'watching', packets: this.#storage.subscription(watched) }]),
    ];
  }

  /** Checks and tags the server has not been told of on this connection. */
  news(withChecks: boolean): readonly ClientPacket[] {
    const checks = withChecks ? this.#checkPackets() : [];
    if (setOf(this.#tags) === this.#tagsSent) return checks;
    // The tags come first: they decide whether the server takes checks from us at all.
    return [{ cmd: 'ConnectUpdate', tags: this.tellTags() }, ...checks];
  }

  #checkPackets(): readonly ClientPacket[] {
    const locations = this.plays ? this.#checks.takeUnsent() : [];
    return locations.length === 0 ? [] : [{ cmd: 'LocationChecks', locations }];
  }

  /** The status after something was taken back, which the server must hear as well. */
  #statusNow(): readonly ClientPacket[] {
    const status = this.#status();
    return status.length > 0 ? status : [{ cmd: 'StatusUpdate', status: ClientStatus.connected }];
  }

  /** What the server does not assume by itself. */
  #status(): readonly ClientPacket[] {
    if (this.#goal) return [{ cmd: 'StatusUpdate', status: ClientStatus.goal }];
    if (this.#playing) return [{ cmd: 'StatusUpdate', status: ClientStatus.playing }];
    return this.#ready ? [{ cmd: 'StatusUpdate', status: ClientStatus.ready }] : [];
  }
}
