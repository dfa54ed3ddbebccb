import type { Bench, Figure } from './contract.js';
import { benchPath, Child } from './support/child.js';
import { MIB, measured, measuredCommand, type Spent } from './support/measured-command.js';
import { sharedTime } from './support/shared-time.js';
import { median, range } from './support/statistics.js';

interface Run {
  readonly ms: number;
  readonly peakMib: number;
}

const timed = async (start: () => Child): Promise<Run> => {
  const begun = sharedTime();
  await using child = start();
  const { peakBytes } = await child.next<Spent>('spent');
  return { ms: sharedTime() - begun, peakMib: peakBytes / MIB };
};

/** Runs programs in turn, so that what else the machine does hits all of them alike. */
const alternate = async (programs: readonly (() => Child)[], times: number): Promise<readonly (readonly Run[])[]> => {
  const runs = programs.map((): Run[] => []);
  for (let round = 0; round < times; round++) {
    for (const [index, program] of programs.entries()) runs[index]?.push(await timed(program));
  }
  return runs;
};

const figures = (what: string, runs: readonly Run[], bare: readonly Run[]): readonly Figure[] =>
  (['ms', 'peakMib'] as const).map((field) => ({
    what: `${what}, ${field === 'ms' ? 'from start to end' : 'peak memory'}`,
    unit: field === 'ms' ? 'ms' : 'MiB',
    ours: median(runs.map((run) => run[field])),
    beside: { name: 'Node with an empty program', value: median(bare.map((run) => run[field])) },
    samples: runs.length,
    spread: range(runs.map((run) => run[field])),
  }));

/** How long a person waits for the command, and what it takes. */
export const startUp: Bench = {
  name: 'start-up',
  how: 'Processes of the built command, in turn with an empty Node program; `devices` finds an emulator and looks at the usual ports too.',
  run: async ({ smoke }) => {
    await using emulator = Child.start('emulator');
    const { port } = await emulator.ask<{ port: number }>('start', { slotName: 'Bench', seed: '' });
    const [bare = [], help = [], devices = []] = await alternate(
      [
        () => measured(benchPath('processes/empty.mjs')),
        () => measuredCommand(['--help']),
        () => measuredCommand(['devices'], { CAUSEWAY_PORT: String(port) }),
      ],
      smoke ? 1 : 10,
    );
    return [...figures('--help', help, bare), ...figures('devices', devices, bare)];
  },
};
