import type { Random } from '../../clock.js';
import { between } from '../../testing/seeded-random.js';
import { type Brake, freshBrake } from '../brake-state.js';
import { judge, lookedAway } from '../flood-brake.js';
import { FLOOD_LIMITS, fewOf } from '../flood-limits.js';
import { fakeItems, fakeRoom } from '../rig/fake-multiworld.js';
import { type SaveWatch, unseenSave, watchSave } from '../save-watch.js';

/** What a save holds. */
interface Save {
  readonly shown: ReadonlySet<number>;
  readonly received: number;
}

const NOTHING: Save = { shown: new Set(), received: 0 };
const STEPS = 100;

/** A player of one slot for some hours, and everything that happens to honest people meanwhile. */
export class HonestPlayer {
  readonly #random: Random;
  readonly #size: number;
  /** Whether the game keeps a counter of received items. */
  readonly #counts: boolean;
  readonly #locations: ReadonlySet<number>;
  #brake: Brake = freshBrake;
  #watch: SaveWatch = unseenSave;
  #time = 0;
  #frame = 0;
  #lastGain = Number.NEGATIVE_INFINITY;
  #game = NOTHING;
  #saved = NOTHING;
  #checked: ReadonlySet<number> = new Set();
  #items = 0;
  #backup = { checked: this.#checked, items: 0 };

  constructor(random: Random) {
    this.#random = random;
    this.#size = between(random, 20, 400);
    this.#counts = random() < 0.7;
    this.#locations = new Set(Array.from({ length: this.#size }, (_, id) => id));
  }

  /** Plays; says what was held, and which checks did not arrive. */
  play(): { readonly held: string | undefined; readonly missing: readonly number[] } {
    for (let step = 0; step < STEPS; step++) {
      this.#happen();
      this.#look(between(this.#random, 16, 700));
      if (this.#brake.hold) break;
    }
    // A backlog stands for a while before it is believed.
    for (let look = 0; look < 4 && !this.#brake.hold; look++) this.#look(FLOOD_LIMITS.confirmMs);
    const missing = [...this.#game.shown].filter((id) => !this.#checked.has(id));
    const { hold } = this.#brake;
    return { held: hold && `${hold.cause} ${hold.ids.length}`, missing };
  }

  #happen(): void {
    const dice = this.#random();
    if (dice < 0.4) this.#gain();
    else if (dice < 0.5) this.#items++;
    else if (dice < 0.65) this.#deliver();
    else if (dice < 0.75) this.#saved = this.#game;
    else if (dice < 0.8) this.#reset();
    else if (dice < 0.85) this.#partnersCollect();
    else if (dice < 0.9) this.#playOffline();
    else if (dice < 0.92) this.#backup = { checked: this.#checked, items: this.#items };
    else if (dice < 0.93) this.#serverGoesBack();
  }

  /** Mostly one to three at once; at the end of a stage a few more, then a while nothing. */
  #gain(): void {
    // Looks come up to most of a second late, so that two gains are seen closer together than they were made.
    if (this.#time - this.#lastGain < 2 * FLOOD_LIMITS.windowMs) return;
    this.#lastGain = this.#time;
    const few = fewOf(FLOOD_LIMITS, this.#size);
    this.#find(this.#random() < 0.1 ? between(this.#random, 4, few) : between(this.#random, 1, 3));
  }

  #find(count: number): void {
    const shown = new Set(this.#game.shown);
    for (let left = count; left > 0; left--) shown.add(between(this.#random, 0, this.#size - 1));
    this.#game = { ...this.#game, shown };
  }

  #deliver(): void {
    if (this.#game.received < this.#items) this.#game = { ...this.#game, received: this.#game.received + 1 };
  }

  /** Reset, crash or older state: the game goes on from its save. */
  #reset(): void {
    this.#game = this.#saved;
    for (let frames = between(this.#random, 1, 5); frames > 0; frames--) this.#look(16, false);
  }

  #partnersCollect(): void {
    const ours = [...this.#checked].filter((id) => this.#game.shown.has(id)).length;
    if (this.#checked.size - ours < ours / 2) {
      this.#checked = new Set([...this.#checked, between(this.#random, 0, this.#size - 1)]);
    }
  }

  /** As much as the page on held checks promises to send without a question, less what may be found until it is believed. */
  #playOffline(): void {
    const shared = [...this.#game.shown].filter((id) => this.#checked.has(id)).length;
    const history = shared + (this.#counts ? Math.min(this.#game.received, this.#items) : 0);
    const pending = this.#game.shown.size - shared;
    const most = Math.floor(FLOOD_LIMITS.growth * history) - pending - 2 * fewOf(FLOOD_LIMITS, this.#size);
    const continues = shared >= FLOOD_LIMITS.overlap * this.#checked.size && this.#game.received <= this.#items;
    if (continues && most > 0) this.#find(between(this.#random, 0, Math.min(most, this.#size)));
    this.#saved = this.#game;
    this.#time += between(this.#random, 1000, 7_200_000);
    this.#brake = lookedAway(this.#brake);
  }

  #serverGoesBack(): void {
    this.#checked = this.#backup.checked;
    this.#items = this.#backup.items;
  }

  #look(after: number, playing = true): void {
    this.#time += after;
    // Fast-forward now and then: more frames than the clock has time for.
    this.#frame += Math.round((after / 1000) * 60 * (this.#random() < 0.1 ? 8 : 1));
    const items = fakeItems(...Array.from({ length: this.#items }, (_, index) => index));
    const room = fakeRoom({ items, locations: this.#locations, checked: this.#checked });
    const { shown, received } = this.#game;
    const counter = this.#counts ? { received } : {};
    const save = watchSave(this.#watch, { state: null, effects: [], playing, ...counter }, room);
    this.#watch = save.watch;
    if (!playing) return;
    const { mark, ahead, loaded } = save;
    const seen = [...shown];
    const look = { time: this.#time, frame: this.#frame, seen, goal: false, room, mark, ahead, loaded, ...counter };
    const { brake, pass } = judge(this.#brake, look, FLOOD_LIMITS);
    this.#brake = brake;
    if (pass.some((id) => !this.#checked.has(id))) this.#checked = new Set([...this.#checked, ...pass]);
  }
}
