import type { Clock, Logger } from '@causeway/bridge';
import type { LuaCall } from '../lua-call.js';
import type { LuaNative } from '../lua-types.js';
import type { Machine } from '../machine.js';

/** Functions of one table, by name. */
export type NativeTable = Readonly<Record<string, LuaNative>>;

/** A native that gives nothing back. */
export const action =
  (act: (call: LuaCall) => void): LuaNative =>
  (call) => {
    act(call);
    return [];
  };

/** What the API tables need from the emulator around them. */
export interface LuaApiHost {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The environment a script sees; nothing else of the process'. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Core by system id, as the user chose it. */
  readonly preferredCores: ReadonlyMap<string, string>;
  readonly frameCount: number;
  readonly paused: boolean;
  setPaused(paused: boolean): void;
  /** Shows a text where the player would see it. */
  showMessage(text: string): void;
  /** A line for the script console. */
  print(text: string): void;
  softReset(): void;
  powerCycle(): void;
  saveState(): Uint8Array;
  loadState(state: Uint8Array): void;
  flushBatteryRam(): void;
  /** Frames a second, as a percentage of the console's own speed. */
  setSpeed(percent: number): void;
  /** Ends the emulator after the current pass. */
  requestExit(): void;
  /** Loads another ROM after the current pass, which restarts the script. */
  requestRom(path: string): void;
  /** Addresses at which the machine stops inside a frame for `event.on_bus_exec`. */
  readonly execStops: Map<number, number>;
}
