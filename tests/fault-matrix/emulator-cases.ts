import type { Model } from '../../packages/bridge/src/session/simulation/delivery-model.js';
import type { Fault } from '../../packages/bridge/src/session/simulation/faults.js';

/** Programs outside the simulation in which delivery is played through faults. */
export const EMULATORS = [
  'jsnes testbed',
  'FCEUX',
  'RetroArch (bsnes-mercury)',
  'RetroArch behind our usb2snes server',
  'Dolphin (GameCube)',
  'Dolphin (Wii)',
] as const;
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

/** The suite all emulators run. */
const SUITE = 'tests/e2e/delivery/delivery-faults.ts';

const NUMBERED: Model = 'numbered mailbox advanced by the game';
/** The ways in which our games take items. */
const EMBERWALK: readonly Model[] = [NUMBERED, 'mailbox advanced by the client'];
const RILLGATE: readonly Model[] = [NUMBERED, 'slot array'];
/** Scenes for which there must be a link to stand in. */
const ON_LINK: readonly string[] = ['link dropped', 'request lost', 'answer lost'];

/** What each emulator plays: our game's ways of taking items, and the scenes it cannot play. */
const SETUPS: Readonly<Record<Emulator, { readonly models: readonly Model[]; readonly cannot: readonly string[] }>> = {
  'jsnes testbed': { models: EMBERWALK, cannot: [] },
  FCEUX: { models: EMBERWALK, cannot: [] },
  'RetroArch (bsnes-mercury)': { models: [NUMBERED], cannot: ['power cycle'] },
  'RetroArch behind our usb2snes server': { models: [NUMBERED], cannot: ['power cycle'] },
  'Dolphin (GameCube)': { models: RILLGATE, cannot: ON_LINK },
  'Dolphin (Wii)': { models: [NUMBERED], cannot: ON_LINK },
};

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
  SETUPS[emulator].models.flatMap((model) =>
    PLAYED.filter(({ fault }) => !SETUPS[emulator].cannot.includes(fault)).map(({ fault, title }) => ({
      emulator,
      model,
      fault,
      proof: { file: SUITE, title },
    })),
  ),
);
