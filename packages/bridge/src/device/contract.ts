/**
 * The contract between the engine and everything that reaches a console's memory.
 *
 * A {@link Driver} finds and opens; a {@link Device} is one running console on one link. A device never reconnects by
 * itself: it closes, says why, and whoever holds it opens another.
 */
import type { Logger } from '../logger.js';

/** Options every asynchronous call of the house takes last. */
export interface CallOptions {
  /** Aborting rejects with `signal.reason`, untouched. */
  readonly signal?: AbortSignal;
  /** Our own deadline in milliseconds; passing it rejects with a coded error. */
  readonly timeoutMs?: number;
}

/** A console, by the id BizHawk and Archipelago's clients use for it: `NES`, `SNES`, `GBA`, `GB`, `N64`, … */
export type System = string;

/** A place in memory: an offset from the start of a domain, in bytes. */
export interface Address {
  /** Domain by the system's canonical name, see `domains.ts`: `RAM`, `WRAM`, `PRG ROM`, … */
  readonly domain: string;
  /** Bytes from the start of the domain (on a bus domain: the bus address). */
  readonly offset: number;
}

/** A stretch of memory. */
export interface Region extends Address {
  /** Length in bytes, at least 1. */
  readonly size: number;
}

/** Memory must equal `expect`, or nothing after this step is done. */
export interface GuardStep {
  readonly kind: 'guard';
  readonly at: Address;
  readonly expect: Uint8Array;
}
export interface ReadStep {
  readonly kind: 'read';
  readonly at: Address;
  readonly size: number;
}
export interface WriteStep {
  readonly kind: 'write';
  readonly at: Address;
  readonly data: Uint8Array;
}
export type Step = GuardStep | ReadStep | WriteStep;

/**
 * What became of a batch. Steps run strictly in order.
 *
 * A failed guard is an outcome, not an exception: the steps before it were done, those after it were not.
 */
export type BatchResult = BatchDone | BatchStopped;
interface BatchFacts {
  /** Whether every step happened within one emulated frame, so that the reads fit together. */
  readonly atomic: boolean;
  /** The emulator's frame counter when the batch ran, where the device can tell. A reset may start it anew. */
  readonly frame?: number;
}
export interface BatchDone extends BatchFacts {
  readonly ok: true;
  /** One entry per read step, in order. */
  readonly reads: readonly Uint8Array[];
}
export interface BatchStopped extends BatchFacts {
  readonly ok: false;
  /** Index into the batch of the guard that did not hold. */
  readonly failedGuard: number;
  /** One entry per read step that stands before that guard, in order. */
  readonly reads: readonly Uint8Array[];
}

/**
 * What is true of a device.
 *
 * - `atomicBatch`: a batch of ordinary size runs within one emulated frame, guards included.
 * - `framePaced`: `run` settles once per emulated frame at most, so polling needs no timer.
 * - `frameCounter`: results carry `frame`.
 * - `message`: {@link MessageAbility}.
 * - `pause`: {@link PauseAbility}.
 */
export type Capability =
  | 'atomicBatch'
  | 'framePaced'
  | 'frameCounter'
  | 'lock'
  | 'message'
  | 'pause'
  | 'frameAdvance'
  | 'screenshot';

export interface DomainInfo {
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** `false` where writes are known to have no effect; absent where unknown. */
  readonly writable?: boolean;
}

/** What a driver can know of the loaded ROM. Hashes are opaque: compare for equality within one driver only. */
export interface RomIdentity {
  readonly system: System;
  readonly hash?: string;
  readonly title?: string;
}

export interface DeviceInfo {
  /** Kind of the driver: `bizhawk`, later `usb2snes`, `retroarch`, … */
  readonly driver: string;
  /** Opens this device again: `bizhawk://127.0.0.1:43055`. */
  readonly uri: string;
  readonly system: System;
  readonly rom: RomIdentity;
  readonly domains: readonly DomainInfo[];
  readonly capabilities: ReadonlySet<Capability>;
  /** The program on the other side, for people: `Causeway connector 1.0.0 in FCEUX 2.6.5`. */
  readonly peer: string;
}

/** Why a device ended. `code` is an error code; `undefined` when we closed it ourselves. */
export interface CloseInfo {
  readonly reason: 'closed' | 'lost' | 'rom_changed' | 'timeout' | 'protocol';
  readonly error?: Error;
}

/** `paused`: the link lives but the emulator does not answer (menu open, paused, window dragged). */
export type DeviceStatus = 'running' | 'paused' | 'closed';

/** One running console. */
export interface Device extends AsyncDisposable {
  readonly info: DeviceInfo;
  readonly status: DeviceStatus;
  /**
   * Carries out the steps in order; calls are served one after another.
   *
   * Rejects with a coded error: `domain_unknown`, `address_out_of_range`, `batch_too_large` before anything was sent;
   * `batch_step_failed` when the emulator refused a step (others may have been done); `batch_outcome_unknown` when it
   * was sent and not answered (deadline, abort, lost link): whether it was carried out is not known, and the device
   * closes so that a late answer can never be taken for another. A device that knows late answers from others rejects
   * with `signal.reason` or `device_timeout` instead, and lives on, as long as no write was sent.
   */
  run(batch: readonly Step[], call?: CallOptions): Promise<BatchResult>;
  /** Identity of the ROM that is loaded now. */
  rom(call?: CallOptions): Promise<RomIdentity>;
  /** Resolves once, never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Closes in order. Calling it twice is fine. */
  close(): Promise<void>;
}

/** Text on the emulator's own screen. */
export interface MessageAbility {
  showMessage(text: string, call?: CallOptions): Promise<void>;
}
/** Lets the game stand still, and go on. */
export interface PauseAbility {
  /** Resolves when the emulator said that it did. */
  setPaused(paused: boolean, call?: CallOptions): Promise<void>;
}
interface AbilityMethods {
  readonly message: MessageAbility;
  readonly pause: PauseAbility;
}

/** Narrows a device to one that has an optional ability. */
export const supports = <C extends keyof AbilityMethods>(
  device: Device,
  ability: C,
): device is Device & AbilityMethods[C] => device.info.capabilities.has(ability);

/** Something that was found, whether or not it can be used now. */
export interface DeviceListing {
  readonly uri: string;
  readonly driver: string;
  /** `busy`: another client holds it. `foreign`: something answers that is no emulator. `silent`: accepted, no answer. */
  readonly state: 'ready' | 'busy' | 'silent' | 'foreign' | 'incompatible';
  readonly system?: System;
  readonly rom?: RomIdentity;
  readonly peer?: string;
  /** For people: why it is not `ready`. */
  readonly detail?: string;
}

export interface OpenOptions extends CallOptions {
  readonly logger?: Logger;
  /** Called on every change of {@link Device.status}. Must not throw. */
  readonly onStatus?: (status: DeviceStatus) => void;
}

/** Finds and opens devices of one kind. */
export interface Driver {
  readonly kind: string;
  /** Everything reachable now, without disturbing any of it. Nothing found is an empty list. */
  detect(call?: CallOptions): Promise<readonly DeviceListing[]>;
  /**
   * Opens the device at `target`; without one, the only usable device there is.
   * Rejects with `device_not_found`, `device_ambiguous`, `device_busy`, `device_refused`, `device_foreign`,
   * `device_incompatible` or `device_timeout`.
   */
  open(target: string | undefined, options?: OpenOptions): Promise<Device>;
}
