import type { Effect, Snapshot, Write, WriteOutcome } from '@causeway/bridge/game';
import type { Death, ReceivedItem, Room } from '@causeway/bridge/multiworld';
import { GAME, ITEMS, LOCATIONS } from '../facts.js';
import { type EmberwalkState, module } from '../module.js';
import type { TestConsole } from './test-console.js';

type WriteEffect = Extract<Effect, { kind: 'write' }>;

export const itemId = (name: string): number => {
  const found = ITEMS.find((item) => item.name === name);
  if (!found) throw new Error(`No item ${name}.`);
  return found.id;
};

/** A room as slot 1 sees it. */
export const roomWith = (items: readonly number[]): Room => ({
  seed: 'test',
  team: 0,
  slot: 1,
  slotName: 'Ana',
  game: GAME,
  slotData: {},
  players: [],
  items: items.map((item, index): ReceivedItem => ({ index, item, location: 1, player: 2, flags: 0 })),
  locations: new Set(LOCATIONS.map(({ id }) => id)),
  checked: new Set(),
});

/** The module on a console, without a link in between: one look and one batch at a time, guards obeyed. */
export class TestSession {
  readonly #console: TestConsole;
  #state: EmberwalkState;
  #outcomes: WriteOutcome[] = [];
  #items: number[] = [];
  /** Every check in the order it was first seen. */
  readonly checks: number[] = [];
  readonly sentDeaths: string[] = [];
  goal = false;
  playing = false;
  received: number | undefined;
  /** Writes that were carried out. */
  readonly written: WriteEffect[] = [];

  constructor(console: TestConsole) {
    this.#console = console;
    const probe = this.#read(module.probe);
    const found = module.identify(probe, { system: 'NES' });
    if (found.match !== 'yes') throw new Error(`Not identified: ${found.match}`);
    this.#state = module.start(found.identity, roomWith([]));
  }

  give(...names: readonly string[]): void {
    this.#items.push(...names.map(itemId));
  }

  get given(): number {
    return this.#items.length;
  }

  /** A look at the game and what follows from it, all before the next frame. */
  tick(deaths: readonly Death[] = []): void {
    const room = roomWith(this.#items);
    const snapshot = this.#read(module.plan(this.#state, room).regions);
    const frame = { snapshot, time: 0, outcomes: this.#outcomes, deaths };
    const result = module.step(frame, room, this.#state);
    this.#state = result.state;
    this.playing = result.playing;
    this.received = result.received;
    this.#outcomes = [];
    for (const effect of result.effects) this.#carryOut(effect);
  }

  /** Ticks once per frame until `done`, at most `limit` frames. */
  playUntil(done: () => boolean, limit: number): void {
    this.#console.runUntil(() => {
      this.tick();
      return done();
    }, limit);
  }

  #carryOut(effect: Effect): void {
    if (effect.kind === 'check') {
      this.checks.push(...effect.locations.filter((id) => !this.checks.includes(id)));
    } else if (effect.kind === 'goal') this.goal = true;
    else if (effect.kind === 'death') this.sentDeaths.push(effect.cause ?? '');
    else if (effect.kind === 'write') this.#write(effect);
  }

  #write(effect: WriteEffect): void {
    const holds = effect.guards.every(
      ({ at, expect }) => Buffer.compare(this.#console.read({ ...at, size: expect.length }), expect) === 0,
    );
    this.#outcomes.push({ label: effect.label, outcome: holds ? 'applied' : 'refused' });
    if (!holds) return;
    this.written.push(effect);
    this.put(effect.writes);
  }

  /** Writes without looking, as a device does that tore a batch or delivered one late. */
  put(writes: readonly Write[]): void {
    for (const { at, data } of writes) this.#console.write(at, data);
  }

  #read(regions: (typeof module)['probe']): Snapshot {
    return Object.fromEntries(Object.entries(regions).map(([name, region]) => [name, this.#console.read(region)]));
  }
}
