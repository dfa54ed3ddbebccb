import type { Multiworld } from '../multiworld/contract.js';
import type { Room } from '../multiworld/room.js';
import { type Brake, freshBrake, type Hold, type HoldCause, type HoldEnd, type PlayedLook } from './brake-state.js';
import { CheckReports } from './check-reports.js';
import type { SessionEventBody } from './events.js';
import { drop, judge, lookedAway, release } from './flood-brake.js';
import { FLOOD_LIMITS, type FloodLimits } from './flood-limits.js';

/** While ever more checks are held, people are told so no more often than this, milliseconds. */
const TELL_AGAIN_MS = 5000;

/** The goal counts as one: 0 means that nothing is held. */
const countOf = ({ ids, goal }: Pick<Hold, 'ids' | 'goal'>): number => ids.length + (goal ? 1 : 0);

const isMismatch = (told: { readonly hold: Hold } | undefined): boolean =>
  told?.hold.cause === 'save-ahead' || told?.hold.cause === 'foreign-save';

const REASONS: Readonly<Record<HoldCause | HoldEnd, string>> = {
  'foreign-save': 'this save was begun in another seed or slot.',
  'save-ahead': 'this save has taken more items than the room ever sent.',
  'unknown-save': 'nothing this save shows connects it with what the room knows, and it shows a lot at once.',
  loaded: 'another save or state was loaded, and it shows what was not seen to happen.',
  flood: 'that is more at once than play yields.',
  goal: 'the goal came together with more checks than a last step yields.',
  gone: 'the game does not show them any more.',
  settled: 'save and room belong together again.',
};

export interface ReportsOptions {
  readonly multiworld: Multiworld;
  readonly emit: (event: SessionEventBody) => void;
  /** Tells, but sends nothing. */
  readonly observe: boolean;
  /** Holds nothing. */
  readonly neverHold: boolean;
  readonly limits?: Partial<FloodLimits> | undefined;
}

/** What one look at a played game says the player did. */
export type SeenPlay = Omit<PlayedLook, 'room'>;

/** Checks and goal of one slot on their way to its server, past the brake. The one place that sends them. */
export class PlayerReports {
  readonly #options: ReportsOptions;
  readonly #limits: FloodLimits;
  readonly #reports = new CheckReports();
  #brake: Brake = freshBrake;
  #goalReached = false;
  /** The hold people were last told of, and when. */
  #told: { readonly hold: Hold; readonly at: number } | undefined;

  constructor(options: ReportsOptions) {
    this.#options = options;
    this.#limits = { ...FLOOD_LIMITS, ...options.limits };
  }

  /** A new login: the server may have lost what it was told. */
  loggedIn(): void {
    this.#reports.forgetReports();
  }

  lookedAway(): void {
    this.#brake = lookedAway(this.#brake);
  }

  /** Sends what may be believed of a look, and tells what is held. */
  take(play: SeenPlay, room: Room): void {
    const goal = play.goal && !this.#goalReached;
    if (this.#options.neverHold) {
      this.#send(play.seen, goal, room, play.frame);
      return;
    }
    const judgement = judge(this.#brake, { ...play, goal, room }, this.#limits);
    this.#brake = judgement.brake;
    this.#tell(play.time);
    this.#send(judgement.pass, judgement.goal, room, play.frame);
  }

  /** See {@link Session.releaseHeld}. */
  release(room: Room): number {
    const { brake, pass, goal } = release(this.#brake);
    this.#brake = brake;
    this.#told = undefined;
    this.#send(pass, goal, room, undefined);
    return countOf({ ids: pass, goal });
  }

  /** See {@link Session.dropHeld}. */
  drop(): number {
    const { hold } = this.#brake;
    this.#brake = drop(this.#brake);
    this.#told = undefined;
    return hold ? countOf(hold) : 0;
  }

  #send(seen: readonly number[], goal: boolean, room: Room, frame: number | undefined): void {
    const { multiworld, emit, observe } = this.#options;
    const { report, announce } = this.#reports.take(seen, room);
    if (report.length > 0 && !observe) multiworld.check(report);
    if (announce.length > 0) {
      const names = announce.map((id) => multiworld.names.location(id, room.slot));
      emit({ event: 'location.checked', ids: announce, names, ...(frame === undefined ? {} : { frame }) });
    }
    if (!goal || this.#goalReached) return;
    this.#goalReached = true;
    if (!observe) multiworld.goal();
    emit({ event: 'goal.reached' });
  }

  #tell(time: number): void {
    const { hold } = this.#brake;
    const told = this.#told;
    if (hold === told?.hold) return;
    if (!hold) {
      this.#told = undefined;
      this.#emitHeld({ cause: isMismatch(told) ? 'settled' : 'gone', ids: [], goal: false });
    } else if (!told || this.#isNews(hold, told.hold, time - told.at)) {
      this.#told = { hold, at: time };
      this.#emitHeld(hold);
    }
  }

  #isNews(hold: Hold, told: Hold, since: number): boolean {
    if (hold.cause !== told.cause || (hold.goal && !told.goal)) return true;
    return hold.ids.length > told.ids.length && since >= TELL_AGAIN_MS;
  }

  #emitHeld({ cause, ids, goal }: Pick<Hold, 'ids' | 'goal'> & { readonly cause: HoldCause | HoldEnd }): void {
    this.#options.emit({
      event: 'checks.held',
      count: countOf({ ids, goal }),
      reason: REASONS[cause],
      cause,
      ids,
      goal,
    });
  }
}
