import { setTimeout as after } from 'node:timers/promises';
import { type Session, type SessionEvent, startBridge } from '@causeway/bridge';
import type { Device, Driver } from '@causeway/bridge/device';
import type { MultiworldServer } from '@causeway/testbed/server';
import type { TestGame, TestProgress } from './test-game.js';

const PATIENCE_MS = 25_000;
/** The server's books tell nobody when they change. */
const LOOK_EVERY_MS = 10;

export interface PlayOptions {
  readonly game: TestGame;
  readonly server: MultiworldServer;
  readonly slotName: string;
  readonly driver: Driver;
  /** Opens the console; where the driver finds one without it, it may be left out. */
  readonly device?: string | undefined;
}

/** One player: a bridge between a console and a room, and a notebook of what it said. */
export class Play implements AsyncDisposable {
  readonly session: Session;
  readonly events: SessionEvent[] = [];
  readonly #server: MultiworldServer;
  readonly #game: TestGame;
  readonly #slot: number;
  readonly #waiting = new Set<() => void>();
  readonly #told: Promise<void>;
  #device: Device | undefined;

  constructor({ game, server, slotName, driver, device }: PlayOptions) {
    this.#server = server;
    this.#game = game;
    const slot = server.room.slotNamed(slotName);
    if (!slot) throw new Error(`The room has no slot ${slotName}.`);
    this.#slot = slot.slot;
    this.session = startBridge({
      driver: {
        ...driver,
        open: async (target, options) => {
          this.#device = await driver.open(target, options);
          return this.#device;
        },
      },
      ...(device === undefined ? {} : { device }),
      server: `127.0.0.1:${server.port}`,
      modules: [game.module],
    });
    this.#told = this.#listen();
  }

  async #listen(): Promise<void> {
    for await (const event of this.session.events()) {
      this.events.push(event);
      for (const wake of this.#waiting) wake();
    }
  }

  /** How many events there were so far: a mark for {@link until}. */
  get mark(): number {
    return this.events.length;
  }

  /** Waits for an event at or after `mark`; says what happened instead when it does not come. */
  async until(
    wanted: (event: SessionEvent) => boolean,
    what: string,
    mark = 0,
    patienceMs = PATIENCE_MS,
  ): Promise<SessionEvent> {
    const deadline = AbortSignal.timeout(patienceMs);
    for (;;) {
      const found = this.events.slice(mark).find(wanted);
      if (found) return found;
      if (deadline.aborted) throw new Error(this.#missing(what, mark));
      await this.#nextEvent(deadline);
    }
  }

  #nextEvent(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        deadline.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      deadline.addEventListener('abort', wake);
    });
  }

  #missing(what: string, mark: number): string {
    const last = this.events.slice(mark).slice(-12);
    return `${what} did not happen. The last of ${this.events.length - mark} events:\n${last.map((event) => JSON.stringify(event)).join('\n')}`;
  }

  joined(): Promise<SessionEvent> {
    return this.until(({ event }) => event === 'server.connected', 'The login');
  }

  /** The host gives the player an item. Returns how many that makes. */
  give(item: string): number {
    this.#server.console(`/send ${this.#server.room.definition.slots.get(this.#slot)?.name} ${item}`);
    return this.sent.length;
  }

  /** Ids of everything the server has sent this slot. */
  get sent(): readonly number[] {
    return this.#server.room.items(this.#slot).map(({ item }) => item);
  }

  /** Waits until the game has taken this many items, after `mark`. */
  taken(count: number, mark = 0): Promise<SessionEvent> {
    return this.until(
      (event) => event.event === 'item.delivered' && event.index === count - 1,
      `The delivery of item ${count - 1}`,
      mark,
    );
  }

  /** What the game's save says now, read over the bridge's own link. */
  async progress(): Promise<TestProgress> {
    const device = this.#device;
    if (!device) throw new Error('There is no device yet.');
    const { progressRegions, readProgress } = this.#game;
    const result = await device.run(
      progressRegions.map(({ domain, offset, size }) => ({ kind: 'read', at: { domain, offset }, size })),
    );
    return readProgress((region) => result.reads[progressRegions.indexOf(region)] ?? new Uint8Array());
  }

  /**
   * What the game's own bag holds as soon as there is as much in it as was sent, or what it holds when patience ends. Where the
   * client advances the counter, an item counts as received before the game takes it, which waits for the game's next turn.
   */
  async bag(): Promise<readonly number[]> {
    const deadline = Date.now() + PATIENCE_MS;
    let { items } = await this.progress();
    while (items.length < this.sent.length && Date.now() < deadline) {
      await after(LOOK_EVERY_MS);
      ({ items } = await this.progress());
    }
    return items;
  }

  /** Locations the game shows checked and the server has not heard of. Empty once their checks arrived. */
  async unreported(): Promise<readonly number[]> {
    const { locations } = await this.progress();
    const deadline = Date.now() + PATIENCE_MS;
    const missing = (): readonly number[] => {
      const known = new Set(this.#server.room.checked(this.#slot));
      return locations.filter((id) => !known.has(id));
    };
    while (missing().length > 0 && Date.now() < deadline) await after(LOOK_EVERY_MS);
    return missing();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.stop();
    await this.#told;
  }
}
