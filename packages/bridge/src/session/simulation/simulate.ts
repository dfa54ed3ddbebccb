import { between, pick, seededRandom } from '../../testing/seeded-random.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import type { Session } from '../contract.js';
import { createSession } from '../create-session.js';
import type { Way } from './connection.js';
import { deliveryOf, type Model, type Mutation, mutate, projectedLevels } from './delivery-model.js';
import { atWorst, FAULTS, type Fault, type World } from './faults.js';
import { FLOODS, type Flood } from './floods.js';
import { ALL_FLAGS, CHESTS, FLAGS, INVENTORY, itemCode, itemKind, LOCATION_BASE, SLOTS } from './memory-map.js';
import { insertCartridge, SimulatedConsole } from './simulated-console.js';
import { FRAME_MS, SimulatedEmulator } from './simulated-emulator.js';
import { simulatedModule } from './simulated-module.js';
import { SimulatedServer } from './simulated-server.js';

export interface Schedule {
  readonly seed: number;
  readonly model: Model;
  /** How the console is reached. */
  readonly way: Way;
  /** Faults to choose from. */
  readonly faults: readonly [Fault, ...Fault[]];
  readonly mutation?: Mutation;
  /** Memory that is not what the player did, put in place once, at an early moment, besides the faults. */
  readonly flood?: Flood;
  /** Sends everything, whatever the brake thinks. */
  readonly releaseHeld?: boolean;
}

/** How often checks were held, over all schedules since the last look at it. */
export const heldCount = { value: 0 };

/** How a run went wrong. */
export interface Violation {
  readonly kind: 'twice' | 'lost' | 'wrong' | 'invented' | 'stuck' | 'ended' | 'leaked' | 'held';
  readonly detail: string;
}

const PARTNER_ITEMS = 6;
const LAST_FRAME = 2500;
/** Frames the finished game must stay as it is: what is still under way may not spoil it. */
const QUIET_FRAMES = 45;

class Simulation {
  readonly #schedule: Schedule;
  readonly #clock = new VirtualClock();
  readonly #world: World;
  readonly #console: SimulatedConsole;
  readonly #strikes = new Map<number, Fault>();
  readonly #partner = new Set<number>();
  #violation: Violation | undefined;
  #lastFault = 0;
  readonly #floodAt: number | undefined;
  #quiet = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    const random = seededRandom(schedule.seed);
    const own = insertCartridge('slotA');
    const other = insertCartridge('slotB');
    this.#console = new SimulatedConsole(schedule.model, own, random, random() < 0.3 ? 1 : between(random, 10, 40));
    const emulator = new SimulatedEmulator(this.#clock, this.#console, random, schedule.way.connect);
    const server = new SimulatedServer(this.#clock, random);
    this.#world = { emulator, server, random, cartridges: [own, other] };
    for (let count = between(random, 2, 6); count > 0; count--) this.#plan(between(random, 10, 90));
    for (let count = 0; count < PARTNER_ITEMS; count++) this.#partner.add(between(random, 1, 90));
    this.#floodAt = schedule.flood === undefined ? undefined : between(random, 0, 90);
    emulator.onFrame = (time) => this.#frame(time);
    server.onReport = (slot, location) => this.#judgeReport(slot, location);
  }

  async run(): Promise<Violation | undefined> {
    const { emulator, server } = this.#world;
    const delivery = mutate(deliveryOf(this.#schedule.model), this.#schedule.mutation);
    const session = createSession({
      openDevice: emulator.open,
      openMultiworld: server.open,
      modules: [simulatedModule(delivery, this.#schedule.flood === undefined ? FLAGS : ALL_FLAGS)],
      clock: this.#clock,
      releaseHeld: this.#schedule.releaseHeld ?? false,
    });
    void this.#listen(session);
    let ended: unknown;
    session.done.then(
      () => {
        ended ??= 'resolved';
      },
      (error: unknown) => {
        ended ??= error;
      },
    );
    const over = (): boolean => this.#violation !== undefined || ended !== undefined || this.#quiet > QUIET_FRAMES;
    const finished = await this.#clock.runUntil(over, LAST_FRAME * FRAME_MS);
    if (ended !== undefined) this.#found('ended', String(ended));
    if (!finished) this.#found('stuck', this.#describe());
    let stopped = false;
    void session.stop().then(() => {
      stopped = true;
    });
    await this.#clock.runUntil(() => stopped, 6000);
    this.#judgeEnd(stopped);
    return this.#violation;
  }

  /** What the player did is never held. */
  async #listen(session: Session): Promise<void> {
    for await (const event of session.events()) {
      if (event.event !== 'checks.held' || event.count === 0) continue;
      heldCount.value++;
      if (this.#schedule.flood === undefined) this.#found('held', `${event.count}: ${event.cause}`);
    }
  }

  #plan(frame: number): void {
    this.#strikes.set(frame, pick(this.#world.random, [...this.#schedule.faults] as [Fault, ...Fault[]]));
    this.#lastFault = Math.max(this.#lastFault, frame);
  }

  #frame(time: number): void {
    const { server, emulator, random } = this.#world;
    const fault = this.#strikes.get(time);
    if (fault) atWorst(emulator, random, () => FAULTS[fault](this.#world));
    if (this.#schedule.flood !== undefined && time === this.#floodAt) FLOODS[this.#schedule.flood](this.#world);
    if (this.#partner.has(time)) {
      server.sendItem('slotA', 2, 0);
      server.sendItem('slotB', 2, 0);
    }
    if (time > this.#lastFault + 60) {
      emulator.disarm();
      server.slowness = 0;
    }
    this.#judgeTaken();
    this.#quiet = time > 100 && this.#complete() ? this.#quiet + 1 : 0;
  }

  #complete(): boolean {
    const { server, cartridges } = this.#world;
    const slot = server.slot('slotA');
    if (this.#console.cartridge !== cartridges[0] || !this.#console.playing || !this.#console.genuine) return false;
    if (this.#console.opened.length < CHESTS || slot.checked.size < CHESTS || !slot.goal) return false;
    return this.#delivered();
  }

  #delivered(): boolean {
    const { items } = this.#world.server.slot('slotA');
    const { model } = this.#schedule;
    const { owned } = this.#console;
    if (model === 'projection') return projectedLevels(items).every((level, kind) => owned[kind] === level);
    if (this.#console.counter !== items.length) return false;
    if (model === 'direct effects') return true;
    // The client counts what it hands over, so the last entries may still wait in their mailbox.
    return this.#console.taken.length >= items.length;
  }

  /** Nothing twice, nothing skipped, nothing else, at every moment. */
  #judgeTaken(): void {
    if (!this.#console.playing || !this.#console.genuine || this.#violation) return;
    const { items } = this.#world.server.slot(this.#console.cartridge.slot);
    const { model } = this.#schedule;
    const { taken, counter } = this.#console;
    if (model === 'direct effects') this.#judgeOwned(items.slice(0, counter).map(({ item }) => item));
    else if (model !== 'projection')
      this.#judgeList(
        taken,
        items.map(({ item }) => itemCode(item)),
      );
  }

  #judgeList(taken: readonly number[], codes: readonly number[]): void {
    const twice = taken.find((code, index) => taken.indexOf(code) !== index);
    if (twice !== undefined) this.#found('twice', `${twice} in ${taken.join()}`);
    const foreign = taken.find((code) => !codes.includes(code));
    if (foreign !== undefined) this.#found('wrong', `${foreign} of ${codes.join()}`);
    // Slots are emptied in any order: there only what waits in a slot may be missing.
    const skipped =
      this.#schedule.model === 'slot array'
        ? taken.length < this.#console.counter - SLOTS.count
        : taken.some((code, index) => code !== codes[index]);
    if (skipped) this.#found('lost', `${taken.join()} of ${codes.join()}`);
  }

  #judgeOwned(items: readonly number[]): void {
    const due = new Uint8Array(INVENTORY.size);
    for (const item of items) due[itemKind(item)] = (due[itemKind(item)] ?? 0) + 1;
    const { owned } = this.#console;
    // On a torn device an effect stands before its counter for a few frames: that is no harm yet.
    const ahead = owned.reduce((sum, count, kind) => sum + Math.max(0, count - (due[kind] ?? 0)), 0);
    const short = owned.some((count, kind) => count < (due[kind] ?? 0));
    if (short) this.#found('lost', `${owned.join()} for ${due.join()}`);
    if (ahead > 1 || (ahead > 0 && this.#quiet > 0)) this.#found('twice', `${owned.join()} for ${due.join()}`);
  }

  #judgeReport(slot: string, location: number | 'goal'): void {
    const history = this.#console.history(slot);
    const happened = location === 'goal' ? history.goal : history.opened.has(location - LOCATION_BASE);
    if (!happened) this.#found('invented', `${location} for ${slot}`);
  }

  #judgeEnd(stopped: boolean): void {
    const { emulator } = this.#world;
    emulator.end();
    if (!stopped) this.#found('leaked', 'stop() did not end');
    if (emulator.unanswered > 0) this.#found('leaked', `${emulator.unanswered} batches unanswered`);
  }

  #found(kind: Violation['kind'], detail: string): void {
    this.#violation ??= { kind, detail: `frame ${this.#world.emulator.time}: ${detail}` };
  }

  #describe(): string {
    const { items, checked, goal } = this.#world.server.slot('slotA');
    const { taken, counter, opened, playing, cartridge } = this.#console;
    return JSON.stringify({
      items: items.length,
      checked: checked.size,
      goal,
      taken,
      counter,
      opened,
      playing,
      in: cartridge.slot,
    });
  }
}

/** Plays one seeded schedule to its end; `undefined` when everything held. */
export const simulate = (schedule: Schedule): Promise<Violation | undefined> => new Simulation(schedule).run();
