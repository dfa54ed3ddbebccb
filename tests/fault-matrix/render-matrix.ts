import { MODELS, type Model } from '../../packages/bridge/src/session/simulation/delivery-model.js';
import { FAULT_NAMES } from '../../packages/bridge/src/session/simulation/faults.js';
import { TORN_LIMITS } from '../../packages/bridge/src/session/simulation/torn-limits.js';
import { EMULATOR_CASES, type Emulator, EXTRA_FAULTS, FAMILIES, FURTHER_PROOFS, type Proof } from './emulator-cases.js';

const SIMULATION = 'packages/bridge/src/session/simulation';

/** Tests that stand behind whole tables. */
export const TABLE_PROOFS: readonly Proof[] = [
  { file: `${SIMULATION}/exactly-once-atomic.test.ts`, title: 'exactly once on a device with atomic batches' },
  {
    file: `${SIMULATION}/exactly-once-torn.test.ts`,
    title: 'exactly once on a device that tears batches, fault by fault',
  },
  {
    file: `${SIMULATION}/exactly-once-torn.test.ts`,
    title: 'exactly once on a device that tears batches, whatever happens',
  },
  { file: `${SIMULATION}/exactly-once-torn.test.ts`, title: 'limits of a device that tears batches' },
  {
    file: `${SIMULATION}/exactly-once-shared-memory.test.ts`,
    title: 'exactly once in the memory of a game that runs on, fault by fault',
  },
  {
    file: `${SIMULATION}/exactly-once-shared-memory.test.ts`,
    title: 'exactly once in the memory of a game that runs on, whatever happens',
  },
  { file: 'tests/simulation/datagrams.test.ts', title: 'exactly once over datagrams, whatever happens' },
  { file: `${SIMULATION}/mutations.test.ts`, title: 'the simulation catches a delivery with' },
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const faultTable = <Column>(
  faults: readonly string[],
  columns: readonly { readonly title: string; readonly column: Column }[],
  cell: (fault: string, column: Column) => string,
): string =>
  table(
    ['', ...columns.map(({ title }) => title)],
    faults.map((fault) => [fault, ...columns.map(({ column }) => cell(fault, column))]),
  );

const MODEL_COLUMNS = MODELS.map((model) => ({ title: model, column: model }));

const WORDS: Readonly<Record<string, string>> = {
  twice: 'can come twice',
  lost: 'can get lost',
  stuck: 'can get lost',
  wrong: 'can be mixed up',
};

const tornCell = (fault: string, model: Model): string => {
  const limit = TORN_LIMITS.find((each) => each.model === model && each.fault === fault);
  return limit ? `**${WORDS[limit.violation] ?? limit.violation}** (seed ${limit.seed})` : 'exactly once';
};

const words = ({ file, title }: Proof): string => `\`${file}\`: ${title}`;
const CITED = [...new Set(EMULATOR_CASES.map(({ proof }) => words(proof)))];

const familySection = ([family, emulators]: [string, readonly Emulator[]]): string => {
  const columns = emulators.flatMap((emulator) => {
    const cases = EMULATOR_CASES.filter((each) => each.emulator === emulator);
    return MODELS.filter((model) => cases.some((each) => each.model === model)).map((model) => ({
      title: `${emulator}: ${model}`,
      column: cases.filter((each) => each.model === model),
    }));
  });
  const rows = faultTable([...FAULT_NAMES, ...EXTRA_FAULTS], columns, (fault, cases) => {
    const proof = cases.find((each) => each.fault === fault)?.proof;
    return proof ? `exactly once (${CITED.indexOf(words(proof)) + 1})` : 'not played';
  });
  return `## ${family}\n\n${rows}`;
};

/** The whole page. */
export const renderMatrix = (): string => {
  const parts = [
    '# What happens to items when something goes wrong',
    `This page is generated from data by \`CAUSEWAY_UPDATE=page npx vitest run tests/fault-matrix\`; a test fails when page and data
differ. It says, for every fault and every way in which games take items, whether each entry of the received list reaches
the game exactly once. "Exactly once" is judged on the timeline that survives: after a save state was loaded, what the game
took before the load has not happened, and comes again.`,
    `Every simulated cell is a seeded simulation of console, link, session and server in which the fault strikes several times,
at random moments and at the worst one, between the guards of a write and the write. The same schedules judge that no check
or goal is invented, that none is lost, that no slot's report reaches another slot, and that the session lives through all
of it. \`CAUSEWAY_SCHEDULES=20000\` plays more of them, \`CAUSEWAY_SEED=7\` plays one again. Deliveries that are broken on
purpose are caught by the same simulation.`,
    '## Devices with atomic batches (simulated)',
    `Guards and writes happen within one emulated frame, as in BizHawk's connector. Any mixture of these faults:`,
    faultTable(FAULT_NAMES, MODEL_COLUMNS, () => 'exactly once'),
    '## Devices that tear batches (simulated)',
    `A few words per frame, the game running in between, guards compared on our side: the worst that RetroArch, usb2snes and Dolphin could be.
One kind of fault at a time.`,
    faultTable(FAULT_NAMES, MODEL_COLUMNS, tornCell),
    `Everything that is exactly once here was also played in the memory of a game that runs on, as Dolphin's: reads that tear between
any two words, a game that changes memory between the bridge's look and its write, and a game that is stopped under our hands.
What is exactly once in every row was also played through our RetroArch driver on a network that loses, doubles, delays and reorders.`,
    `The bold cells are limits, not omissions. Each names a seed that shows it.`,
    `- **A counter that the client advances** (mailbox, slot array, direct effects) takes two writes: the entry, then the counter.
  When the link or the console goes away between them, memory holds no trace of whether the entry was already used. Causeway
  writes the entry first, so that in this gap an entry can come twice but is not skipped.
- **A save state loaded between a guard and its write** puts the write into another timeline than the one that was guarded. Only a
  game that compares the entry's number can refuse it.
- **A write carried out a second time, later,** looks to the game like the next entry, unless it is numbered.
- A numbered mailbox that the game empties and counts, filled by a single write of at most a word, and a projection of the
  whole list need nothing of the device. Games made for these devices should use one of them.`,
    ...Object.entries(FAMILIES).map(familySection),
    '## What else was played',
    'Scenes that are no row of these tables; every item came exactly once.',
    FURTHER_PROOFS.map(({ emulator, proof }) => `- ${emulator}: ${proof.title} (\`${proof.file}\`)`).join('\n'),
    "## Proofs of the emulators' tables",
    'By the number in the cell; `%s` stands for the fault.',
    CITED.map((proof, index) => `${index + 1}. ${proof}`).join('\n'),
    '## Proofs of the simulated tables',
    TABLE_PROOFS.map((proof) => `- ${words(proof)}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
};
