import { CausewayError } from '@causeway/protocol/errors';
import type { Device } from '../device/contract.js';
import type { Guard, ReadPlan, Snapshot, StepResult } from '../game/contract.js';
import type { Logger } from '../logger.js';
import type { Death, Multiworld, MultiworldEvent } from '../multiworld/contract.js';
import type { ReceivedItem, Room } from '../multiworld/room.js';
import { carryOut } from './carry-out.js';
import type { SessionOptions } from './contract.js';
import type { SessionEventBody } from './events.js';
import { GameFrames } from './game-frames.js';
import type { SelectedGame } from './identify-game.js';
import { unannounced } from './item-announcer.js';
import { ModuleHost } from './module-host.js';
import { PlayerReports } from './player-reports.js';
import { itemReceived, roomEvent, serverConnected } from './room-events.js';
import { type SaveNews, unseenSave, watchSave } from './save-watch.js';
import { learnVolatile, stableGuards, type VolatileBytes } from './stable-guards.js';
import { tellDelivery } from './tell-delivery.js';
import { WriteQueue } from './write-queue.js';

/** Deaths kept for a module that has not been stepped since; a flood of them is not worth more. */
const DEATHS_KEPT = 8;

export interface RunOptions extends Pick<SessionOptions, 'openMultiworld' | 'releaseHeld' | 'floodLimits'> {
  readonly game: SelectedGame;
  readonly emit: (event: SessionEventBody) => void;
  readonly logger: Logger;
  readonly observe: boolean;
  /** Something came that may allow the next tick. */
  readonly onNews: () => void;
  /** The server, the seed or the module made playing this game impossible. `joinedBefore`: it had worked. */
  readonly onFailure: (error: CausewayError, joinedBefore: boolean) => void;
}

/** One look at the game, ready for the module. */
export interface Look {
  /** As {@link GameRun.plan} gave it. */
  readonly epoch: number;
  readonly snapshot: Snapshot;
  readonly time: number;
  readonly frame: number | undefined;
}

export interface TickPlan {
  readonly epoch: number;
  readonly plan: ReadPlan;
}

/** What the module decided from one look, and all that goes with it. */
interface Decided extends Pick<Look, 'time' | 'frame'> {
  readonly result: StepResult<unknown>;
  readonly save: SaveNews;
  readonly room: Room;
  readonly device: Device;
}

/**
 * One slot's game from recognition to the next: its login, its module and everything remembered about it. Nothing here
 * outlives a change of game, so no check, goal, death or item of one slot can reach another.
 */
export class GameRun {
  readonly #options: RunOptions;
  readonly #host: ModuleHost;
  readonly #multiworld: Multiworld;
  readonly #reports: PlayerReports;
  /** Writes of the last step, for the next batch. */
  readonly writes = new WriteQueue();
  readonly #tags = new Map<string, boolean>();
  readonly #scouting = new Set<string>();
  /** Whether a batch that should have been atomic was not: its reads are then guarded on both sides. */
  tornBatches = false;
  /** The game's own frame counter at the last step, where it has one. */
  gameFrame: number | undefined;
  readonly #gameFrames = new GameFrames();
  #game: SelectedGame;
  #volatile: VolatileBytes = new Set();
  #seed: string | undefined;
  #blocked = false;
  #closed = false;
  #startDue = true;
  #started = false;
  #playing = false;
  #save = unseenSave;
  #announced: readonly ReceivedItem[] = [];
  readonly #deaths: Death[] = [];
  readonly #scouted: ReceivedItem[] = [];

  /** Throws what `openMultiworld` throws, for instance `slot_unknown`. */
  constructor(options: RunOptions) {
    this.#options = options;
    this.#game = options.game;
    const { module, identity } = options.game;
    this.#host = new ModuleHost(module, identity);
    let early: MultiworldEvent[] | undefined = [];
    this.#multiworld = options.openMultiworld({
      // Tags make a client take part; one that only looks does not.
      identity: options.observe ? { ...identity, tags: [] } : identity,
      game: module.game,
      onEvent: (event) => (early ? early.push(event) : this.#hear(event)),
    });
    this.#reports = new PlayerReports({
      multiworld: this.#multiworld,
      emit: options.emit,
      observe: options.observe,
      neverHold: options.releaseHeld ?? false,
      limits: options.floodLimits,
    });
    const waiting = early;
    early = undefined;
    for (const event of waiting) this.#hear(event);
  }

  get game(): SelectedGame {
    return this.#game;
  }

  /** Whether there is a room to play in. */
  get ready(): boolean {
    return this.#room() !== undefined;
  }

  /** What must hold for this game to be the one that runs. */
  get identityGuards(): readonly Guard[] {
    return stableGuards(this.#game.guards, this.#volatile);
  }

  /** The same game, recognised anew: bytes that differ this time say nothing about which game it is. */
  recognisedAgain(game: SelectedGame): void {
    this.#reports.lookedAway();
    this.#volatile = learnVolatile(this.#volatile, this.#game.guards, game.guards);
    this.#game = game;
  }

  /** What to read this tick; `undefined` while there is no room to play in. */
  plan(): TickPlan | undefined {
    const room = this.#room();
    if (!room) return undefined;
    if (this.#startDue) {
      this.#startDue = false;
      this.#started = true;
      this.#host.start(room);
    }
    return { epoch: this.#host.epoch, plan: this.#host.plan(room) };
  }

  guardFailed(): void {
    const room = this.#room();
    if (room && this.#started) this.#host.guardFailed(room);
  }

  /** Lets the module decide and carries out what it wants. */
  step({ epoch, snapshot, time, frame }: Look, device: Device): void {
    const room = this.#room();
    if (!room || this.#startDue || epoch !== this.#host.epoch) return;
    const outcomes = this.writes.takeOutcomes();
    const deaths = this.#deaths.splice(0);
    const scouted = this.#scouted.splice(0);
    const result = this.#host.step(
      { snapshot, time, outcomes, deaths, scouted, ...(frame === undefined ? {} : { frame }) },
      room,
    );
    this.gameFrame = result.frame;
    const counted = this.#gameFrames.look(result.frame, time);
    const save = watchSave(this.#save, result, room);
    this.#save = save.watch;
    tellDelivery(save.news, room, this.#multiworld.names, this.#options.emit);
    this.#carryOut({ result, save, room, device, time, frame: frame ?? counted });
  }

  /** The device is gone: nobody plays until it is back. */
  suspend(): void {
    // Nobody shall die of what happened while they were away.
    this.#deaths.length = 0;
    this.writes.drop();
    this.#reports.lookedAway();
    this.#setPlaying(false);
  }

  say(text: string): boolean {
    return !this.#closed && this.#multiworld.say(text);
  }

  /** See {@link Session.releaseHeld}. */
  releaseHeld(): number {
    const room = this.#room();
    return room ? this.#reports.release(room) : 0;
  }

  /** See {@link Session.dropHeld}. */
  dropHeld(): number {
    return this.#reports.drop();
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#multiworld.close();
  }

  #room(): Room | undefined {
    return this.#blocked || this.#closed || this.#seed === undefined ? undefined : this.#multiworld.room;
  }

  #carryOut({ result, save, room, device, time, frame }: Decided): void {
    const { emit, logger, observe } = this.#options;
    const { playing, received } = result;
    const { mark, ahead, loaded, watch } = save;
    this.#setPlaying(playing && !watch.foreign);
    const { writes, seen, goal } = carryOut(
      {
        multiworld: this.#multiworld,
        room,
        device,
        tags: this.#tags,
        scouting: this.#scouting,
        onScouted: (items) => this.#scouted.push(...items),
        emit,
        logger,
        observe,
        playing,
        foreign: watch.foreign,
      },
      result.effects,
    );
    if (playing) this.#reports.take({ time, frame, seen, goal, received, mark, ahead, loaded }, room);
    const mayDeliver = !watch.delivery.mismatch;
    this.writes.put(writes.filter(({ delivers }) => delivers === undefined || mayDeliver));
  }

  #setPlaying(on: boolean): void {
    if (this.#playing === on) return;
    this.#playing = on;
    if (!this.#options.observe) this.#multiworld.playing(on);
  }

  #hear(event: MultiworldEvent): void {
    // A multiworld that is closing may still speak; nobody plays that slot any more.
    if (this.#closed || this.#blocked) return;
    if (event.kind === 'joined') this.#joined(event.room);
    const told = roomEvent(event);
    if (told) this.#options.emit(told);
    if (event.kind === 'death') this.#died(event.death);
    if (event.kind === 'refused') this.#options.onFailure(event.error, this.#seed !== undefined);
    if (event.kind === 'items') this.#itemsChanged(event.replaced);
    this.#options.onNews();
  }

  #died(death: Death): void {
    this.#deaths.push(death);
    if (this.#deaths.length > DEATHS_KEPT) this.#deaths.shift();
  }

  #joined(room: Room): void {
    const before = this.#seed;
    const wanted = this.#game.identity.seed ?? before;
    if (wanted !== undefined && wanted !== room.seed) {
      this.#block(wanted, room.seed, before !== undefined);
      return;
    }
    this.#seed = room.seed;
    this.#startDue = true;
    this.#reports.loggedIn();
    this.writes.drop();
    this.#options.emit(serverConnected(room));
    // A new login: tags and status of the old connection are not the module's concern any more.
    if (this.#playing && !this.#options.observe) this.#multiworld.playing(true);
    this.#announceItems();
  }

  #itemsChanged(replaced: boolean): void {
    // What was decided rested on the old list.
    if (replaced) this.writes.drop();
    this.#announceItems();
  }

  #announceItems(): void {
    const room = this.#multiworld.room;
    if (!room || this.#seed === undefined) return;
    for (const entry of unannounced(this.#announced, room.items)) {
      this.#options.emit(itemReceived(entry, room, this.#multiworld.names));
    }
    this.#announced = room.items;
  }

  /** This ROM or save belongs to another seed than the room: nothing may be sent or written. */
  #block(wanted: string, found: string, joinedBefore: boolean): void {
    this.#blocked = true;
    this.writes.drop();
    const error = new CausewayError(
      'server_seed_mismatch',
      `The ROM was made for seed ${wanted}, the room plays ${found}.`,
      {
        context: { rom: wanted, room: found },
      },
    );
    this.#options.onFailure(error, joinedBefore);
    this.#multiworld.close().catch((cause: unknown) => {
      this.#options.logger.warn('session.close-failed', { error: CausewayError.from(cause).code });
    });
  }
}
