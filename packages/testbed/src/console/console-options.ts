import type { Clock } from '@causeway/bridge';
import type { FrameRate } from '../emulator/emulator-options.js';
import type { CartridgeMapping } from '../snes-game/cartridge.js';
import type { ConsoleFault, FaultSwitches } from './faults.js';
import type { SnesConsole } from './snes-console.js';

/** Which usb2snes server is played: they differ in what they answer, refuse and close on. */
export type Usb2SnesPersonality = 'sni' | 'qusb2snes';

/** As what a server of usb2snes or gRPC reaches the console: each shows other parts of its memory. */
export type ServedAs = 'retroarch' | 'nwa';

export interface ConsoleOptions {
  /** Bytes of a ROM file. Default: Marshlight for the slot "Player", in {@link mapping}. */
  readonly rom?: Uint8Array;
  /** Name of the file without its ending. */
  readonly name?: string;
  /** How the default cartridge is laid out. Default: `lorom`. */
  readonly mapping?: CartridgeMapping;
  /** Save RAM of an earlier run. */
  readonly battery?: Uint8Array;
  /** TCP port of a usb2snes server; 0 takes a free one; absent: no such door. */
  readonly usb2snes?: number;
  /** Default: `sni`. */
  readonly personality?: Usb2SnesPersonality;
  /** What stands behind the servers of usb2snes and gRPC. Default: `retroarch`. */
  readonly servedAs?: ServedAs;
  /** UDP port of RetroArch's network commands. */
  readonly retroarch?: number;
  /** TCP port of Emulator NetworkAccess. */
  readonly nwa?: number;
  /** TCP port of SNI's gRPC services. */
  readonly grpc?: number;
  readonly faults?: readonly ConsoleFault[];
  /** What decides where chance does. Default: 1. */
  readonly seed?: number;
  /** Frames a second; default 60.0988. `manual`: only by {@link RunningConsole.step}. */
  readonly fps?: FrameRate;
  readonly clock?: Clock;
  /** Texts that clients show on screen. Must not throw. */
  readonly onMessage?: (text: string) => void;
  /** The emulator ended or started, by whatever hand. Must not throw. */
  readonly onPower?: (power: 'started' | 'quit' | 'crashed') => void;
}

/** A port for each door that was asked for. */
export interface ConsolePorts {
  readonly usb2snes?: number;
  readonly retroarch?: number;
  readonly nwa?: number;
  readonly grpc?: number;
}

/** A console with its doors open. Disposing ends all of it. */
export interface RunningConsole extends AsyncDisposable {
  /** The same through every restart. */
  readonly ports: ConsolePorts;
  readonly console: SnesConsole;
  readonly faults: FaultSwitches;
  /** Whether the emulator runs. */
  readonly running: boolean;
  /** Advances by frames, with a turn of the event loop before each. For `fps: 'manual'`. */
  step(frames: number): Promise<void>;
  /** What the battery holds: save RAM as it was when the emulator last ended in order. */
  readonly battery: Uint8Array;
  /** Writes save RAM to the battery now. */
  flushBattery(): void;
  /** Ends the emulator as a crash does: save RAM goes back to what the battery holds. Servers in front of it run on. */
  kill(): Promise<void>;
  /** Ends the emulator as its window does: save RAM is kept. */
  quit(): Promise<void>;
  /**
   * Starts the emulator on the same ports, {@link quit} first when it runs. Rejects with `port_in_use`, the emulator off, when
   * one was taken meanwhile, and with `device_closed` once disposed of.
   */
  restart(): Promise<void>;
}
