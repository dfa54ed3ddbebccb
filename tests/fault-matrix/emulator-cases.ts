import type { Model } from '../../packages/bridge/src/session/simulation/delivery-model.js';
import type { Fault } from '../../packages/bridge/src/session/simulation/faults.js';

/** Programs outside the simulation in which delivery is played through faults. */
export const EMULATORS = ['jsnes testbed', 'FCEUX'] as const;
export type Emulator = (typeof EMULATORS)[number];

/** A fault made in a real emulator, and the test that proves what came of it. */
export interface EmulatorCase {
  readonly emulator: Emulator;
  readonly model: Model;
  readonly fault: Fault | ExtraFault;
  readonly proof: Proof;
}

/** A test by its file (from the root of the repository) and its exact title. */
export interface Proof {
  readonly file: string;
  readonly title: string;
}

/** Rows that only real emulators can have. */
export const EXTRA_FAULTS = ['two emulators at once, each with its own bridge'] as const;
export type ExtraFault = (typeof EXTRA_FAULTS)[number];

/** The suite both emulators run, and the ways in which our game takes items. */
const SUITE = 'tests/e2e/delivery/delivery-faults.ts';
const OUR_GAME: readonly Model[] = ['numbered mailbox advanced by the game', 'mailbox advanced by the client'];

const THROUGH = 'exactly once through: %s';
const AROUND_A_WRITE = 'exactly once when the link breaks around a write: %s';
const PLAYED: readonly { readonly fault: Fault | ExtraFault; readonly title: string }[] = [
  { fault: 'soft reset', title: THROUGH },
  { fault: 'power cycle', title: THROUGH },
  { fault: 'emulator quit and started again', title: THROUGH },
  { fault: 'emulator killed, battery RAM of the last flush', title: THROUGH },
  {
    fault: 'save state loaded',
    title: 'exactly once when a save state made before a delivery is loaded after it',
  },
  { fault: 'paused', title: THROUGH },
  { fault: 'link dropped', title: THROUGH },
  { fault: 'request lost', title: AROUND_A_WRITE },
  { fault: 'answer lost', title: AROUND_A_WRITE },
  { fault: 'server connection dropped', title: THROUGH },
  { fault: 'server answers late', title: THROUGH },
  { fault: 'emulator and server lost together', title: THROUGH },
  {
    fault: 'two emulators at once, each with its own bridge',
    title: 'two emulators at once, each bridge on its own',
  },
];

/** Every case was exactly once: nothing lost, nothing doubled. A case without its test does not belong here. */
export const EMULATOR_CASES: readonly EmulatorCase[] = EMULATORS.flatMap((emulator) =>
  OUR_GAME.flatMap((model) =>
    PLAYED.map(({ fault, title }) => ({ emulator, model, fault, proof: { file: SUITE, title } })),
  ),
);
