import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { readBatteryFile, writeBatteryFile } from './battery-file.js';
import type { Emulator, EmulatorOptions } from './emulator-options.js';
import { decodeState, encodeState } from './emulator-state.js';
import { STEPS, type Step } from './lua-prelude/scheduler.js';
import { LuaSocketServer } from './lua-socket-server.js';
import type { Machine } from './machine.js';
import { machineFor } from './machine-for.js';
import { NES_FRAMES_PER_SECOND, runPaced } from './pacing.js';
import type { Script } from './script-files.js';
import { ScriptRuntime } from './script-runtime.js';
import { type ScriptRequests, scriptView } from './script-view.js';

const PASSES_WHILE_PAUSED = 60;

/** See {@link Emulator}: a machine, a script and a way for time to pass. */
export class HostedEmulator implements Emulator {
  readonly ready: Promise<number>;
  readonly closed: Promise<void>;
  readonly #options: EmulatorOptions;
  readonly #script: Script;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  readonly #frameListeners = new Set<(frame: number) => void>();
  readonly #requests: ScriptRequests = { exit: false, rom: undefined, speedPercent: 100, execStops: new Map() };
  #settleReady: { resolve: (port: number) => void; reject: (error: Error) => void } | undefined;
  #settleClosed = (): void => {};
  #machine: Machine;
  #runtime: ScriptRuntime | undefined;
  /** The port taken for `port: 0`; it stays the same when another ROM is loaded. */
  #freePort: number | undefined;
  #frame = 0;
  #paused = false;
  /** The script's first run, while that waits for a socket. */
  #loading: Promise<void> | undefined;
  /** Steps the script is owed for what happened between passes. */
  #owed: Step[] = [];
  #turnstile: Promise<unknown> = Promise.resolve();
  #ending: Promise<void> | undefined;

  constructor(machine: Machine, script: Script, options: EmulatorOptions) {
    this.#machine = machine;
    this.#script = script;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Nobody has to look at `ready`.
    this.ready.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
  }

  get machine(): Machine {
    return this.#machine;
  }
  get port(): number | undefined {
    return this.#runtime?.port;
  }
  get frame(): number {
    return this.#frame;
  }
  get paused(): boolean {
    return this.#paused;
  }
  get blocked(): boolean {
    return this.#runtime?.blocked ?? false;
  }
  get frozen(): boolean {
    return this.#runtime?.frozen ?? false;
  }
  get scriptHeapBytes(): number {
    return this.#runtime?.heapBytes ?? 0;
  }

  /** Loads battery RAM, starts the script and, unless time is manual, the loop. Called once. */
  async start(): Promise<void> {
    this.#loadBatteryRam();
    const wantsFreePort = this.#options.port === 0 && this.#options.transport?.kind !== 'comm';
    const reserved = wantsFreePort ? await LuaSocketServer.reserve() : undefined;
    this.#freePort = reserved?.port;
    try {
      await this.#startScript(reserved);
    } catch (error) {
      reserved?.close();
      throw error;
    }
    if (this.#options.fps === 'manual') return;
    // The loop ends with the emulator, and the emulator with the loop: one that stands still for ever helps nobody.
    void runPaced({
      clock: this.#clock,
      passesPerSecond: () => this.#passesPerSecond(),
      pass: () => this.#exclusive(() => this.#pass(!this.#paused)),
      signal: this.#stop.signal,
    }).catch((error: unknown) => {
      this.#logger.error('emulator.loop_failed', { message: CausewayError.from(error).message });
      return this.kill();
    });
  }

  pause(): void {
    this.#paused = true;
  }
  resume(): void {
    this.#paused = false;
  }
  softReset(): void {
    this.#machine.softReset();
  }

  powerCycle(): void {
    this.#machine.powerCycle();
    this.#frame = 0;
  }

  saveState(): Uint8Array {
    this.#owed.push(STEPS.stateSaved);
    return encodeState({ frame: this.#frame, machine: this.#machine.saveState() });
  }

  loadState(state: Uint8Array): void {
    const { frame, machine } = decodeState(state);
    this.#machine.loadState(machine);
    this.#frame = frame;
    this.#owed.push(STEPS.stateLoaded);
  }

  flushBatteryRam(): void {
    const { savePath } = this.#options;
    const content = this.#machine.batteryRam();
    if (savePath !== undefined && content !== undefined) writeBatteryFile(savePath, content);
  }

  async loadRom(rom: string | Uint8Array | Machine): Promise<void> {
    const machine = machineFor(rom);
    // A script that waits for a socket would hold the turnstile; it ends with the ROM anyway.
    if (this.blocked) this.#endScript('at once');
    await this.#exclusive(() => this.#changeRom(machine));
  }

  stepFrames(count: number): Promise<void> {
    return this.#step(count, () => true);
  }

  stepPasses(count: number): Promise<void> {
    return this.#step(count, () => !this.#paused);
  }

  onFrame(listener: (frame: number) => void): () => void {
    this.#frameListeners.add(listener);
    return () => this.#frameListeners.delete(listener);
  }

  kill(): Promise<void> {
    this.#ending ??= this.#end('at once');
    return this.#ending;
  }

  close(): Promise<void> {
    this.#ending ??= this.#end('in order');
    return this.#ending;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // ---- Time

  #passesPerSecond(): number {
    if (this.#paused) return PASSES_WHILE_PAUSED;
    const { fps = NES_FRAMES_PER_SECOND } = this.#options;
    return typeof fps === 'number' ? (fps * this.#requests.speedPercent) / 100 : Number.POSITIVE_INFINITY;
  }

  async #step(count: number, withFrame: () => boolean): Promise<void> {
    if (this.#options.fps !== 'manual' && !this.#paused) throw new TypeError('pause the emulator before stepping it');
    for (let done = 0; done < count && this.#ending === undefined; done++) {
      // Two turns: the first may end before the event loop looked at its sockets.
      await turn();
      await turn();
      await this.#exclusive(() => this.#pass(withFrame()));
    }
  }

  /** One after another: passes, and what must not happen within one. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turnstile.then(work);
    this.#turnstile = result.catch(() => undefined);
    return result;
  }

  async #pass(withFrame: boolean): Promise<void> {
    if (this.#loading !== undefined) await this.#loading;
    this.#loading = undefined;
    const runtime = this.#runtime;
    if (runtime === undefined || this.#ending !== undefined) return;
    for (const step of this.#owed.splice(0)) await runtime.run(step);
    const before = runtime.run(withFrame ? STEPS.beforeFrame : STEPS.pass);
    if (before !== undefined) await before;
    if (withFrame && !runtime.closed) await this.#runFrame(runtime);
    if (runtime.closed) return;
    if (this.#requests.exit) void this.close();
    else if (this.#requests.rom !== undefined) await this.#openRequestedRom(this.#requests.rom);
  }

  async #runFrame(runtime: ScriptRuntime): Promise<void> {
    const machine = this.#machine;
    const wasJammed = machine.jammed;
    for (
      let at = machine.advance(this.#requests.execStops);
      at !== undefined;
      at = machine.advance(this.#requests.execStops)
    ) {
      const called = runtime.run(STEPS.exec, at);
      if (called !== undefined) await called;
      if (runtime.closed) return;
    }
    if (machine.jammed && !wasJammed) this.#logger.error('machine.jammed', { frame: this.#frame });
    this.#frame++;
    const after = runtime.run(STEPS.afterFrame);
    if (after !== undefined) await after;
    for (const listener of this.#frameListeners) listener(this.#frame);
  }

  // ---- The script

  async #startScript(reserved?: LuaSocketServer): Promise<void> {
    const runtime = await ScriptRuntime.create(this.#script, this.#view(), {
      ...this.#options,
      onBound: (port) => this.#bound(port),
      ...(this.#freePort === undefined ? {} : { freePort: this.#freePort }),
      ...(reserved === undefined ? {} : { reserved }),
    });
    // Closed meanwhile: what was just made must not be left behind.
    if (this.#ending !== undefined) {
      runtime.close();
      return;
    }
    this.#runtime = runtime;
    // A script may wait for a socket while it loads. The next pass waits with it; whoever started us need not.
    this.#loading = runtime.run(STEPS.load);
  }

  #bound(port: number): void {
    this.#logger.info('emulator.listening', { port });
    this.#settleReady?.resolve(port);
  }

  #endScript(how: 'in order' | 'at once'): void {
    if (how === 'in order') this.#runtime?.sayGoodbye();
    this.#runtime?.close();
    this.#runtime = undefined;
    this.#owed = [];
    this.#requests.execStops.clear();
  }

  async #changeRom(machine: Machine): Promise<void> {
    if (this.#ending !== undefined) return;
    this.#endScript('in order');
    this.flushBatteryRam();
    this.#machine = machine;
    this.#frame = 0;
    await this.#startScript();
  }

  async #openRequestedRom(path: string): Promise<void> {
    this.#requests.rom = undefined;
    try {
      await this.#changeRom(machineFor(path));
    } catch (error) {
      this.#logger.error('emulator.rom_failed', { path, message: CausewayError.from(error).message });
    }
  }

  #view() {
    return scriptView(this, {
      options: this.#options,
      clock: this.#clock,
      logger: this.#logger,
      requests: this.#requests,
      port: this.#freePort ?? this.#options.port,
    });
  }

  // ---- The end

  #loadBatteryRam(): void {
    const { savePath } = this.#options;
    const content = savePath === undefined ? undefined : readBatteryFile(savePath);
    if (content !== undefined) this.#machine.loadBatteryRam(content);
  }

  async #end(how: 'in order' | 'at once'): Promise<void> {
    this.#stop.abort();
    this.#endScript(how);
    this.#frameListeners.clear();
    this.#settleReady?.reject(new CausewayError('emulator_failed', 'the emulator ended before its script listened'));
    try {
      if (how === 'in order') this.flushBatteryRam();
    } finally {
      this.#settleClosed();
    }
  }
}
