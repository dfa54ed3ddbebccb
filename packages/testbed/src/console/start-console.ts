import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { runPaced } from '../emulator/pacing.js';
import { buildCartridge } from '../snes-game/cartridge.js';
import type { ConsoleOptions, ConsolePorts, RunningConsole } from './console-options.js';
import type { Door } from './door.js';
import { FaultSwitches } from './faults.js';
import { openGrpcDoor } from './grpc-door.js';
import { openNwaDoor } from './nwa-door.js';
import { openRetroArchDoor } from './retroarch-door.js';
import { ServedConsole } from './served-console.js';
import { SnesConsole } from './snes-console.js';
import { openCartridge } from './snes-memory.js';
import { openUsb2SnesDoor } from './usb2snes-door.js';

/** Frames a second of an NTSC SNES. */
export const SNES_FRAMES_PER_SECOND = 60.0988;
/** How often RetroArch looks for commands while paused, times a second. */
const PAUSED_POLLS_PER_SECOND = 100;
/** Frames after which `retroarch-restarts` strikes. */
const RESTART_FRAMES = 1200;

/** The default cartridge: for whom it is, and frames between the chests it opens by itself. */
const DEFAULT_SLOT = 'Player';
const DEFAULT_AUTOPLAY = 300;

class ConsoleHost implements RunningConsole {
  readonly console: SnesConsole;
  readonly faults: FaultSwitches;
  battery: Uint8Array;
  readonly #options: ConsoleOptions;
  readonly #clock: Clock;
  readonly #served: ServedConsole;
  readonly #ports: { -readonly [K in keyof ConsolePorts]: ConsolePorts[K] };
  /** Those of the emulator come and go with it; those of the servers in front of it stay. */
  readonly #emulatorDoors: Door[] = [];
  readonly #serverDoors: Door[] = [];
  #pacing: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  #running = false;
  #fast: boolean;
  #disposed = false;
  /** One change of power at a time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ConsoleOptions) {
    const { rom, mapping = 'lorom', name, battery } = options;
    const file = rom ?? buildCartridge({ mapping, slotName: DEFAULT_SLOT, autoplay: DEFAULT_AUTOPLAY });
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.console = new SnesConsole(openCartridge(file, name ?? (rom ? 'game' : 'Marshlight')));
    this.console.powerCycle(battery);
    this.battery = this.console.memory.sram.slice();
    this.faults = new FaultSwitches(options.faults, options.seed);
    this.#fast = options.fps === 'max';
    this.#ports = {};
    this.#served = new ServedConsole(this.console, this.#ports);
    this.console.onFrame((frame) => {
      // Where its port is taken meanwhile it stays off, as RetroArch would.
      if (frame % RESTART_FRAMES === 0 && this.faults.has('retroarch-restarts')) this.restart().catch(() => {});
    });
  }

  get ports(): ConsolePorts {
    return { ...this.#ports };
  }

  get running(): boolean {
    return this.#running;
  }

  async open(): Promise<void> {
    await this.#start();
    const { usb2snes, grpc, personality = 'sni', servedAs = 'retroarch' } = this.#options;
    const common = { served: this.#served, servedAs, faults: this.faults, clock: this.#clock };
    if (usb2snes !== undefined) {
      const door = await openUsb2SnesDoor({ ...common, port: usb2snes, personality });
      this.#serverDoors.push(door);
      this.#ports.usb2snes = door.port;
    }
    if (grpc !== undefined) {
      const door = await openGrpcDoor({ ...common, port: grpc });
      this.#serverDoors.push(door);
      this.#ports.grpc = door.port;
    }
  }

  async step(frames: number): Promise<void> {
    for (let frame = 0; frame < frames && this.#running; frame++) {
      await turn();
      this.console.poll();
    }
  }

  flushBattery(): void {
    this.battery = this.console.memory.sram.slice();
  }

  kill(): Promise<void> {
    return this.#inTurn(() => this.#end('crashed'));
  }

  quit(): Promise<void> {
    return this.#inTurn(() => this.#end('quit'));
  }

  restart(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#disposed) throw new CausewayError('device_closed', 'The console was disposed of.');
      await this.#end('quit');
      await this.#start();
      this.#served.restarts++;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.quit();
    await Promise.all(this.#serverDoors.map((door) => door.close()));
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #start(): Promise<void> {
    const { fps = SNES_FRAMES_PER_SECOND, onPower } = this.#options;
    try {
      await this.#openEmulatorDoors();
    } catch (error) {
      await this.#closeEmulatorDoors();
      throw error;
    }
    this.#running = true;
    this.#served.present = true;
    if (fps !== 'manual') this.#pacing = this.#pace(fps === 'max' ? Number.POSITIVE_INFINITY : fps);
    onPower?.('started');
  }

  /** On the ports of the last time, if there was one. */
  async #openEmulatorDoors(): Promise<void> {
    const { retroarch, nwa } = this.#options;
    const { console, faults } = this;
    if (retroarch !== undefined) {
      const door = await openRetroArchDoor({ ...this.#retroarchHost(), port: this.#ports.retroarch ?? retroarch });
      this.#emulatorDoors.push(door);
      this.#ports.retroarch = door.port;
    }
    if (nwa !== undefined) {
      const door = await openNwaDoor({ port: this.#ports.nwa ?? nwa, console, faults });
      this.#emulatorDoors.push(door);
      this.#ports.nwa = door.port;
    }
  }

  async #closeEmulatorDoors(): Promise<void> {
    await Promise.all(this.#emulatorDoors.splice(0).map((door) => door.close()));
  }

  #retroarchHost() {
    const { console, faults } = this;
    return {
      console,
      faults,
      clock: this.#clock,
      crash: () => void this.kill(),
      quit: () => void this.quit(),
      message: (text: string) => this.#options.onMessage?.(text),
      toggleFastForward: () => {
        this.#fast = !this.#fast;
      },
    };
  }

  #pace(fps: number): { readonly stop: AbortController; readonly ended: Promise<void> } {
    const stop = new AbortController();
    const passesPerSecond = (): number => {
      if (this.console.paused) return PAUSED_POLLS_PER_SECOND;
      return this.#fast ? Number.POSITIVE_INFINITY : fps;
    };
    const pass = async (): Promise<void> => this.console.poll();
    return { stop, ended: runPaced({ clock: this.#clock, passesPerSecond, pass, signal: stop.signal }) };
  }

  async #end(how: 'quit' | 'crashed'): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#served.present = false;
    this.#pacing?.stop.abort();
    await this.#pacing?.ended;
    await this.#closeEmulatorDoors();
    this.console.dropWaiting();
    if (how === 'quit') this.flushBattery();
    this.console.powerCycle(this.battery);
    this.#options.onPower?.(how);
  }
}

/**
 * Starts a SNES with a scripted game in memory, reached as consoles are reached: through every door that is given a port.
 *
 * Deterministic as far as the world is: the game advances by frames, chance comes from the seed, time from the clock.
 *
 * @throws `port_in_use`
 */
export const startConsole = async (options: ConsoleOptions): Promise<RunningConsole> => {
  const host = new ConsoleHost(options);
  try {
    await host.open();
    return host;
  } catch (error) {
    await host[Symbol.asyncDispose]();
    throw error;
  }
};
