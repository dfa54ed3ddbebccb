import type { Clock, Logger } from '@causeway/bridge';
import type { CommAddress } from './comm-socket.js';
import type { Machine } from './machine.js';
import type { Script } from './script-files.js';

/** How time passes: frames a second, as fast as it goes, or only when {@link Emulator.stepFrames} is called. */
export type FrameRate = number | 'max' | 'manual';

/** How a connector script can reach the world: LuaSocket, or the emulator's own outgoing socket (`comm`) alone. */
export type EmulatorTransport = { readonly kind: 'luasocket' } | ({ readonly kind: 'comm' } & CommAddress);

export interface EmulatorOptions {
  /** Path or bytes of an iNES image, or a machine of your own. */
  readonly rom: string | Uint8Array | Machine;
  /**
   * Port for the connector, handed to the script as `CAUSEWAY_PORT`. 0: whatever port a script binds, a free one is bound
   * instead. Absent: the script's own choice, as in EmuHawk.
   */
  readonly port?: number;
  /** Default: 60.0988, a NES' own. */
  readonly fps?: FrameRate;
  /** Environment for `os.getenv`. Nothing of this process' own is passed on. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: our connector. */
  readonly script?: Script;
  readonly transport?: EmulatorTransport;
  /** Where battery RAM is kept: read at start, written at the end. Absent: it lives as long as the emulator. */
  readonly savePath?: string;
  readonly clock?: Clock;
  /** Texts the script shows on the emulator's screen. Must not throw. */
  readonly onMessage?: (text: string) => void;
  /** Lines the script prints. Must not throw. */
  readonly onPrint?: (text: string) => void;
  readonly logger?: Logger;
  /** Cores by system id for `client.getconfig`. */
  readonly preferredCores?: Readonly<Record<string, string>>;
  /** Bytes a script's socket takes before `send` reports part of them. Default: 4 MiB, about what Linux took when tried. */
  readonly sendBytes?: number;
}

/** A running emulator. Disposing closes it in order. */
export interface Emulator extends AsyncDisposable {
  /** The machine that runs now; {@link loadRom} puts another in its place. */
  readonly machine: Machine;
  /**
   * The port a script listens on (transport `comm`: the port called), once it does. Rejects with `emulator_failed` when the
   * emulator ends before.
   */
  readonly ready: Promise<number>;
  /** That port, while a script listens. */
  readonly port: number | undefined;
  /** Frames since power on; a loaded state brings its own count, a soft reset changes nothing. */
  readonly frame: number;
  readonly paused: boolean;
  /** Whether a script waits for a socket, and the machine with it. */
  readonly blocked: boolean;
  /** Whether EmuHawk would hang for good now, see `CommSocket`. */
  readonly frozen: boolean;
  /** Bytes of the heap the script lives in. */
  readonly scriptHeapBytes: number;
  /** Resolves once the emulator ended, by whatever hand. */
  readonly closed: Promise<void>;
  /** Stops frames. The script goes on being served about 60 times a second as far as it waits with `emu.yield`. */
  pause(): void;
  resume(): void;
  softReset(): void;
  /** Off and on; battery RAM stays, the frame count starts anew. The script runs on. */
  powerCycle(): void;
  saveState(): Uint8Array;
  /** @throws `file_unreadable` for bytes that are no state of this game */
  loadState(state: Uint8Array): void;
  /** Writes battery RAM to `savePath` now, where there is one. @throws `file_unwritable` */
  flushBatteryRam(): void;
  /** Puts another ROM in: ends the script with all its sockets and starts it afresh, as EmuHawk does. */
  loadRom(rom: string | Uint8Array | Machine): Promise<void>;
  /**
   * Advances by frames, a turn of the event loop before each, paused or not. For `fps: 'manual'` or while paused; a
   * script that waits for a socket holds it up.
   */
  stepFrames(count: number): Promise<void>;
  /** One pass of the host's loop: like {@link stepFrames}, but without a frame while paused. */
  stepPasses(count: number): Promise<void>;
  /** Calls `listener` after each frame until the returned function is called. */
  onFrame(listener: (frame: number) => void): () => void;
  /** Ends as if the process were killed: connections break, battery RAM is not written. */
  kill(): Promise<void>;
  /** Ends in order: `event.onexit`, sockets, battery RAM. Calling it twice is fine. */
  close(): Promise<void>;
}
