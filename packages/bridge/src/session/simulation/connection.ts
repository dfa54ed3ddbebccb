import type { Clock } from '../../clock.js';
import type { Device, DeviceStatus, OpenOptions } from '../../device/contract.js';
import { connectSharedMemory } from './shared-memory.js';
import { AtomicDevice, type Machine } from './simulated-device.js';
import { TornDevice } from './torn-device.js';

/** The console's end of a link. */
export interface Served {
  readonly status: DeviceStatus;
  /** Calls nobody has answered: none may be left in the end. */
  readonly unanswered: number;
  /** Serves the link for one frame. */
  serve(): void;
  setPaused(paused: boolean): void;
  /** The link ends, or the program behind it. */
  cut(): void;
}

/** Opens a device on the machine. `attach` takes its other end, which is served from then on. */
export type Connect = (
  machine: Machine,
  clock: Clock,
  options: OpenOptions,
  attach: (served: Served) => void,
) => Device | Promise<Device>;

const alone =
  (create: (machine: Machine, onStatus: (status: DeviceStatus) => void) => AtomicDevice | TornDevice): Connect =>
  (machine, _, { onStatus }, attach) => {
    const device = create(machine, (status) => onStatus?.(status));
    attach(device);
    return device;
  };

/** A way to reach a console. */
export interface Way {
  /** The suite that plays it, so that a failure can say how to see it again. */
  readonly suite: string;
  readonly connect: Connect;
}

export const WAYS = {
  /** Guards, reads and writes of a batch in one frame: BizHawk's connector. */
  atomic: {
    suite: 'exactly-once-atomic',
    connect: alone((machine, onStatus) => new AtomicDevice(machine, onStatus)),
  },
  /** A few words per frame, in a batch that can be cut anywhere: the worst that any link could be. */
  torn: { suite: 'exactly-once-torn', connect: alone((machine, onStatus) => new TornDevice(machine, onStatus)) },
  /** The memory itself, while the game runs on: Dolphin's. */
  sharedMemory: { suite: 'exactly-once-shared-memory', connect: connectSharedMemory },
} as const satisfies Record<string, Way>;
