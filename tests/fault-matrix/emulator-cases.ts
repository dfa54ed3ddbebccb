import type { Model } from '../../packages/bridge/src/session/simulation/delivery-model.js';
import type { Fault } from '../../packages/bridge/src/session/simulation/faults.js';

/** Programs outside the simulation in which delivery is played through faults, as they share a table. */
export const FAMILIES = {
  NES: ['jsnes testbed', 'FCEUX'],
  SNES: ['RetroArch (bsnes-mercury)', 'RetroArch behind our usb2snes server'],
  'The virtual SNES': [
    'virtual console, RetroArch',
    'virtual console, usb2snes',
    'virtual console, gRPC',
    'virtual console, NWA',
  ],
  'GameCube and Wii': ['Dolphin (GameCube)', 'Dolphin (Wii)'],
} as const;
export type Emulator = (typeof FAMILIES)[keyof typeof FAMILIES][number];
const EMULATORS: readonly Emulator[] = Object.values(FAMILIES).flat();

/** A fault made in a real emulator, and the test that proves what came of it. */
export interface EmulatorCase {
  readonly emulator: Emulator;
  readonly model: Model;
  readonly fault: Fault | ExtraFault;
  readonly proof: Proof;
}

/** A test by its file (from the root of the repository) and the beginning of its title. */
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
/** Scenes for which requests must have no order of their own, and those for which there must be a link to stand in. */
const OUT_OF_ORDER: readonly Fault[] = ['request carried out late', 'request carried out twice'];
const ON_LINK: readonly Fault[] = ['link dropped', 'request lost', 'answer lost', ...OUT_OF_ORDER];

/** What each emulator plays: our game's ways of taking items, and the scenes it cannot play. */
const SETUPS: Readonly<Record<Emulator, { readonly models: readonly Model[]; readonly cannot: readonly Fault[] }>> = {
  'jsnes testbed': { models: EMBERWALK, cannot: OUT_OF_ORDER },
  FCEUX: { models: EMBERWALK, cannot: OUT_OF_ORDER },
  'RetroArch (bsnes-mercury)': { models: [NUMBERED], cannot: ['power cycle'] },
  'RetroArch behind our usb2snes server': { models: [NUMBERED], cannot: ['power cycle', ...OUT_OF_ORDER] },
  'virtual console, RetroArch': { models: [NUMBERED], cannot: [] },
  'virtual console, usb2snes': { models: [NUMBERED], cannot: OUT_OF_ORDER },
  'virtual console, gRPC': { models: [NUMBERED], cannot: ON_LINK },
  'virtual console, NWA': { models: [NUMBERED], cannot: ON_LINK },
  'Dolphin (GameCube)': { models: RILLGATE, cannot: ON_LINK },
  'Dolphin (Wii)': { models: [NUMBERED], cannot: ON_LINK },
};

const THROUGH = 'exactly once through: %s';
const ON_ITS_WAY = 'exactly once whatever becomes of a write on its way: %s';
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
  { fault: 'request lost', title: ON_ITS_WAY },
  { fault: 'answer lost', title: ON_ITS_WAY },
  { fault: 'request carried out late', title: ON_ITS_WAY },
  { fault: 'request carried out twice', title: ON_ITS_WAY },
  { fault: 'server connection dropped', title: THROUGH },
  { fault: 'server answers late', title: THROUGH },
  { fault: 'emulator and server lost together', title: THROUGH },
  {
    fault: 'two emulators at once, each with its own bridge',
    title: 'two emulators at once, each bridge on its own',
  },
];

const SUITE_CASES: readonly EmulatorCase[] = EMULATORS.flatMap((emulator) => {
  const { models, cannot } = SETUPS[emulator];
  const played = PLAYED.filter(({ fault }) => !cannot.some((other) => other === fault));
  return models.flatMap((model) =>
    played.map(({ fault, title }) => ({ emulator, model, fault, proof: { file: SUITE, title } })),
  );
});

/** Another slot's copy: in an emulator that is started again, and under the hands of a bridge that is connected. */
const otherCopy = (emulator: Emulator, file: string, titles: readonly [string, string]): readonly EmulatorCase[] => [
  { emulator, model: NUMBERED, fault: "another slot's ROM loaded", proof: { file, title: titles[0] } },
  {
    emulator,
    model: NUMBERED,
    fault: "another slot's ROM loaded unnoticed by the link",
    proof: { file, title: titles[1] },
  },
];

/** Every case was exactly once: nothing lost, nothing doubled. A case without its test does not belong here. */
export const EMULATOR_CASES: readonly EmulatorCase[] = [
  ...SUITE_CASES,
  ...FAMILIES['The virtual SNES'].flatMap((emulator) =>
    otherCopy(emulator, 'tests/e2e/delivery-console/other-copy.test.ts', [
      'started again with another copy',
      'whose cartridge is exchanged while everything is connected',
    ]),
  ),
  ...otherCopy('Dolphin (GameCube)', 'tests/e2e/delivery-dolphin/other-copy.test.ts', [
    'started again with another copy',
    'whose memory becomes that of another copy, in place',
  ]),
];

/** Names of the faults that the common suite plays in this emulator, sorted: it fails where it plays others. */
export const casesOfSuite = (emulator: string): readonly string[] => {
  const faults = SUITE_CASES.filter((each) => each.emulator === emulator).map(({ fault }) => fault);
  return [...new Set<string>(faults)].sort();
};

const PEERS = 'tests/e2e/delivery-console/faults.test.ts';

/** What else items came through exactly once, in words of its own. */
export const FURTHER_PROOFS: readonly { readonly emulator: string; readonly proof: Proof }[] = [
  {
    emulator: 'RetroArch (bsnes-mercury)',
    proof: {
      file: 'tests/e2e/delivery-snes/bad-network.test.ts',
      title: 'loses and doubles datagrams, no items and no checks',
    },
  },
  {
    emulator: 'RetroArch (bsnes-mercury), on the save of another seed',
    proof: {
      file: 'tests/e2e/delivery-snes/other-save.test.ts',
      title: 'sends nothing to the room and gets nothing from it; the next new game gets everything',
    },
  },
  ...[
    'a usb2snes server whose lists cannot be relied on',
    'SNI that cuts answers, spoils long ones and fills with zeros',
    'QUsb2Snes that throws everybody out',
    'datagrams lost, doubled and late',
    'RetroArch that starts again and again',
    'SNI whose calls fail for no reason',
    'NWA emulators that answer less than was asked',
  ].map((title) => ({ emulator: 'virtual console', proof: { file: PEERS, title } })),
];
