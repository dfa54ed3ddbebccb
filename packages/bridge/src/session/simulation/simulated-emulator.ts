import { CausewayError } from '@causeway/protocol/errors';
import type { Random } from '../../clock.js';
import type { Device, OpenOptions } from '../../device/contract.js';
import type { VirtualClock } from '../../testing/virtual-clock.js';
import type { Connect, Served } from './connection.js';
import type { SimulatedConsole } from './simulated-console.js';
import type { ArmedFault, Machine } from './simulated-device.js';

export const FRAME_MS = 1000 / 60;

/** The program around the console: frames, links, being there or not. */
export class SimulatedEmulator implements Machine {
  readonly console: SimulatedConsole;
  readonly random: Random;
  readonly #clock: VirtualClock;
  readonly #connect: Connect;
  readonly #devices = new Set<Served>();
  #late: { frame: number; act: () => void }[] = [];
  #soon: { frame: number; act: () => void }[] = [];
  readonly #atWrite: { act: () => void; done: boolean }[] = [];
  #armed: ArmedFault | undefined;
  #absentUntil = 0;
  #pausedUntil = 0;
  #ended = false;
  /** Frames of this machine's time, paused or not. */
  time = 0;
  /** Called once per frame, before anything else. */
  onFrame: (time: number) => void = () => {};

  constructor(clock: VirtualClock, console: SimulatedConsole, random: Random, connect: Connect) {
    this.#clock = clock;
    this.console = console;
    this.random = random;
    this.#connect = connect;
    this.#tick();
  }

  readonly open = async (options: OpenOptions): Promise<Device> => {
    await this.#clock.sleep(FRAME_MS);
    if (this.#absent) throw new CausewayError('device_not_found', 'No emulator runs.');
    return this.#connect(this, this.#clock, options, (served) => {
      this.#devices.add(served);
      if (this.#paused) served.setPaused(true);
    });
  };

  get unanswered(): number {
    return [...this.#devices].reduce((sum, { unanswered }) => sum + unanswered, 0);
  }

  arm(fault: ArmedFault): void {
    this.#armed = fault;
  }

  disarm(): void {
    this.#armed = undefined;
  }

  takeFault(fits: (fault: ArmedFault) => boolean): ArmedFault | undefined {
    const fault = this.#armed;
    if (!fault || !fits(fault)) return undefined;
    this.#armed = undefined;
    return fault;
  }

  later(frames: number, act: () => void): void {
    this.#late.push({ frame: this.console.frame + frames, act });
  }

  /** Does something right before the next write lands, or after half a second without one. */
  atWrite(act: () => void): void {
    const once = { act, done: false };
    this.#atWrite.push(once);
    this.soon(30, () => this.#strike(once));
  }

  aboutToWrite(): void {
    for (const waiting of this.#atWrite.splice(0)) this.#strike(waiting);
  }

  /** Something that happens to the machine by itself after so many of its frames. */
  soon(frames: number, act: () => void): void {
    this.#soon.push({ frame: this.time + frames, act });
  }

  cutLinks(): void {
    for (const device of this.#devices) device.cut();
  }

  /** The process ends and is back after `frames`; what was still under way to it is gone with it. */
  leave(frames: number): void {
    this.#absentUntil = this.time + frames;
    this.#late = [];
    this.cutLinks();
  }

  pause(frames: number): void {
    this.#pausedUntil = this.time + frames;
    for (const device of this.#devices) device.setPaused(true);
  }

  end(): void {
    this.#ended = true;
  }

  #strike(waiting: { act: () => void; done: boolean }): void {
    if (waiting.done) return;
    waiting.done = true;
    waiting.act();
  }

  get #absent(): boolean {
    return this.time < this.#absentUntil;
  }

  get #paused(): boolean {
    return this.time < this.#pausedUntil;
  }

  readonly #tick = (): void => {
    if (this.#ended) return;
    this.#clock.after(FRAME_MS, this.#tick);
    const pausedBefore = this.#paused;
    this.time++;
    this.onFrame(this.time);
    const due = this.#soon.filter(({ frame }) => frame <= this.time);
    this.#soon = this.#soon.filter((each) => !due.includes(each));
    for (const { act } of due) act();
    for (const device of this.#devices) if (device.status === 'closed') this.#devices.delete(device);
    if (this.#absent || this.#paused) return;
    if (pausedBefore) for (const device of this.#devices) device.setPaused(false);
    const late = this.#late.filter(({ frame }) => frame <= this.console.frame);
    this.#late = this.#late.filter((each) => !late.includes(each));
    for (const { act } of late) act();
    for (const device of this.#devices) if (!this.#absent && !this.#paused) device.serve();
    if (this.#absent || this.#paused) return;
    this.console.advance();
  };
}
