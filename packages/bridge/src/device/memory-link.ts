/**
 * What a driver brings where reads and writes are separate exchanges: the way to one console's memory. `createLinkedDevice`
 * makes a {@link Device} of it, so that drivers differ only in how they reach memory.
 */
import type { Address, CloseInfo, Region, RomIdentity } from './contract.js';

/** Bytes for a place in memory. */
export interface MemoryWrite {
  readonly at: Address;
  readonly data: Uint8Array;
}

export interface MemoryRead {
  /** One entry per region asked for, in order, each of exactly the size asked for. */
  readonly bytes: readonly Uint8Array[];
  /**
   * Whether the peer shows that all of it is of one emulated frame. Say `false` wherever that is not known: the device then
   * looks at guards again afterwards.
   */
  readonly oneFrame: boolean;
  /** The emulator's frame counter, where the peer has one. */
  readonly frame?: number;
  /** The peer answers, and says that the game stands still. */
  readonly paused?: boolean;
}

/**
 * One console behind one link. The device makes one call at a time, with places that lie inside the domains it was given.
 *
 * A call goes on trying until it succeeds, fails for a reason or its signal aborts; it then rejects soon. Deadlines are the
 * device's business. After an abort, answers that still come must never be taken for answers of a later call.
 *
 * Rejections: `batch_step_failed` when the peer refused a place and the link goes on; any other coded error (`device_lost`,
 * `protocol_…`) ends the device.
 */
export interface MemoryLink {
  /**
   * Reads in as few exchanges as the peer allows. Regions may overlap or repeat: what they share must then be of one copy, as
   * `coalesce` sees to. The result is not used by the link afterwards.
   */
  read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead>;
  /**
   * Writes in order; resolves once the peer is known to have carried out all of it (it said so, or answered something asked
   * after it). A later write never reaches memory before an earlier one.
   */
  write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void>;
  /** Identity of what is loaded now. */
  rom(signal: AbortSignal): Promise<RomIdentity>;
  /** Text on the emulator's own screen, where there is a way. */
  showMessage?(text: string, signal: AbortSignal): Promise<void>;
  /** Stops the game or lets it go on, where there is a way. */
  pause?(paused: boolean, signal: AbortSignal): Promise<void>;
  /**
   * Resolves when the link ended by itself: the peer is gone, another game was loaded, it spoke nonsense. Never rejects.
   * Where a call fails for such a reason, this resolves before the call rejects.
   */
  readonly lost: Promise<CloseInfo>;
  /** Ends the link and frees what it holds. Calling it twice is fine. */
  close(): Promise<void>;
}
