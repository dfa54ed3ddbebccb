import { CausewayError, isDeviceGone } from '@causeway/protocol/errors';
import { type Clock, systemClock } from '../clock.js';
import type { Device, RomIdentity } from '../device/contract.js';
import { type Logger, silentLogger } from '../logger.js';
import type { Session, SessionOptions } from './contract.js';
import { DeviceKeeper, reopenDelay } from './device-keeper.js';
import type { SessionEvent } from './events.js';
import { GameKeeper } from './game-keeper.js';
import { GameRun } from './game-run.js';
import { Nap, waitAtMost } from './nap.js';
import { Pauses } from './pauses.js';
import { errorEvent } from './room-events.js';
import { Screen } from './screen.js';
import { SessionEvents } from './session-events.js';
import { Standstill } from './standstill.js';
import { runTick } from './tick.js';
import { untilAborted } from './until-aborted.js';

/** How long the last batch, the server and the device each get to end in order, milliseconds. */
const STOP_MS = { batch: 500, close: 2000 } as const;
/** Between two looks at a device that has no game to play or no room to play in, milliseconds. */
const IDLE_MS = 250;
/** Least time between polls, milliseconds: without frames to wait for, and with them (fast-forward). */
const POLL_MS = { timed: 16, framed: 4 } as const;
/** Between polls of a game that stands still, milliseconds: long enough to rest, short enough that nobody waits for it. */
const STILL_POLL_MS = 100;

/** Joins device, multiworld and game for as long as the player wants. Starts at once. */
export const createSession = (options: SessionOptions): Session => new RunningSession(options);

class RunningSession implements Session {
  readonly done: Promise<void>;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #events: SessionEvents;
  readonly #devices: DeviceKeeper;
  readonly #games: GameKeeper;
  readonly #pauses: Pauses;
  /** Between polls; only the end of the session cuts it short. */
  readonly #pace: Nap;
  /** While there is nothing to play; news of the room cut it short. */
  readonly #idle: Nap;
  /** Aborted when the session shall end: nothing new is begun. */
  readonly #ending = new AbortController();
  /** Aborted a little later: what is under way is given up. */
  readonly #cut = new AbortController();
  #cancelCut: () => void = () => {};
  #failure: CausewayError | undefined;
  /** Message of the last error told while nothing else happened, so that it is told once. */
  #said: string | undefined;
  #failures = 0;
  #playedBefore = false;
  /** Of the device that is open. */
  #screen: Screen | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#events = new SessionEvents(this.#clock, this.#logger);
    this.#pace = new Nap(this.#clock);
    this.#idle = new Nap(this.#clock);
    this.#pauses = new Pauses(this.#events.emit);
    this.#devices = new DeviceKeeper({
      open: options.openDevice,
      clock: this.#clock,
      logger: this.#logger,
      emit: this.#events.emit,
      pauses: this.#pauses,
      signal: this.#ending.signal,
    });
    this.#games = new GameKeeper({
      modules: options.modules,
      openMultiworld: options.openMultiworld,
      clock: this.#clock,
      emit: this.#events.emit,
      logger: this.#logger,
      observe: options.observe ?? false,
      releaseHeld: options.releaseHeld ?? false,
      floodLimits: options.floodLimits ?? {},
      ending: this.#ending.signal,
      cut: this.#cut.signal,
      onNews: this.#idle.wake,
      onFailure: (error, joinedBefore) => this.#roomFailed(error, joinedBefore),
    });
    this.done = this.#live();
    // Whoever wants the reason awaits `done`; not awaiting it must not bring the process down.
    this.done.catch(() => {});
  }

  events(): AsyncIterable<SessionEvent> {
    return this.#events.consume();
  }

  say(text: string): boolean {
    return !this.#options.observe && (this.#games.run?.say(text) ?? false);
  }

  show(text: string): boolean {
    return this.#screen?.show(text) ?? false;
  }

  releaseHeld(): number {
    return this.#games.run?.releaseHeld() ?? 0;
  }

  dropHeld(): number {
    return this.#games.run?.dropHeld() ?? 0;
  }

  async stop(): Promise<void> {
    this.#end(undefined);
    await this.done.catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #end(failure: CausewayError | undefined): void {
    if (this.#ending.signal.aborted) return;
    this.#failure = failure;
    this.#ending.abort(failure ?? new CausewayError('interrupted', 'The session was stopped.'));
    this.#pace.wake();
    this.#idle.wake();
    this.#cancelCut = this.#clock.after(STOP_MS.batch, () => this.#cut.abort(this.#ending.signal.reason));
  }

  async #live(): Promise<void> {
    // The caller gets the session before anything happens.
    await Promise.resolve();
    try {
      while (!this.#ending.signal.aborted) await this.#serveOneDevice();
    } catch (error) {
      this.#end(CausewayError.from(error));
    }
    await this.#games.close();
    this.#cancelCut();
    if (this.#failure) this.#events.emit(errorEvent(this.#failure));
    this.#events.end();
    if (this.#failure) throw this.#failure;
  }

  async #serveOneDevice(): Promise<void> {
    let device: Device;
    try {
      device = await this.#devices.open();
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      throw error;
    }
    this.#screen = new Screen(device, this.#logger);
    let reason: string | undefined;
    try {
      await this.#play(device);
    } catch (error) {
      if (!this.#ending.signal.aborted && !isDeviceGone(error)) throw error;
      reason = CausewayError.from(error).message;
    } finally {
      this.#screen = undefined;
      this.#games.suspend();
      await waitAtMost(this.#clock, STOP_MS.close, device.close());
    }
    const { uri } = device.info;
    const retrying = !this.#ending.signal.aborted;
    if (reason !== undefined && retrying) this.#events.emit({ event: 'device.lost', uri, reason, retrying });
  }

  /** Plays on this device until it is lost (rejects with its error) or the session ends. */
  async #play(device: Device): Promise<void> {
    let rom = device.info.rom;
    this.#events.emit({ event: 'rom.identified', rom });
    while (!this.#ending.signal.aborted) {
      const run = await this.#games.recognise(device, rom);
      if (this.#ending.signal.aborted) return;
      if (run instanceof GameRun) await this.#tickUntilGameChanges(device, run);
      else await this.#waitForGame(run);
      rom = await this.#currentRom(device, rom);
    }
  }

  async #currentRom(device: Device, before: RomIdentity): Promise<RomIdentity> {
    if (this.#ending.signal.aborted) return before;
    const rom = await untilAborted(device.rom({ signal: this.#cut.signal }), this.#cut.signal).catch(
      (error: unknown) => {
        if (isDeviceGone(error) || this.#cut.signal.aborted) throw error;
        return before;
      },
    );
    if (rom.hash !== before.hash || rom.title !== before.title) this.#events.emit({ event: 'rom.identified', rom });
    return rom;
  }

  async #waitForGame(problem: CausewayError | undefined): Promise<void> {
    if (problem && !this.#playedBefore) throw problem;
    if (problem) this.#sayOnce(problem);
    await this.#pace.take(IDLE_MS);
  }

  /** Final when nothing ever worked; otherwise said, and another ROM or room may still put it right. */
  #roomFailed(error: CausewayError, joinedBefore: boolean): void {
    if (!joinedBefore && !this.#playedBefore) this.#end(error);
    else if (error.code === 'server_seed_mismatch') this.#events.emit(errorEvent(error));
  }

  /** Returns when the game must be recognised anew. */
  async #tickUntilGameChanges(device: Device, run: GameRun): Promise<void> {
    const floor = this.#options.pollMs ?? POLL_MS[device.info.capabilities.has('framePaced') ? 'framed' : 'timed'];
    const standstill = new Standstill();
    while (!this.#ending.signal.aborted) {
      const begun = this.#clock.now();
      const tick = await runTick(device, run, this.#clock, this.#cut.signal);
      if (this.#ending.signal.aborted) return;
      if (tick.kind === 'failed') return this.#backOff(tick.error);
      const still = standstill.look(tick.frame, this.#clock.now());
      this.#pauses.tell('frames', still, device.info.uri);
      if (tick.kind === 'idle') {
        await (run.ready ? this.#pace.take(floor) : this.#idle.take(IDLE_MS));
        continue;
      }
      this.#failures = 0;
      this.#said = undefined;
      this.#playedBefore ||= tick.kind === 'played';
      const wait = (still ? STILL_POLL_MS : floor) - (this.#clock.now() - begun);
      if (wait > 0) await this.#pace.take(wait);
      if (tick.kind === 'gameChanged') return;
    }
  }

  /** The device refused a batch: the memory is not what the module expects, so look again what runs there, ever less often. */
  async #backOff(error: CausewayError): Promise<void> {
    this.#sayOnce(error);
    await this.#pace.take(reopenDelay(this.#failures++));
  }

  #sayOnce(error: CausewayError): void {
    if (this.#said !== error.message) this.#events.emit(errorEvent(error));
    this.#said = error.message;
  }
}
