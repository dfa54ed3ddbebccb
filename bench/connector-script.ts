import { spawnSync } from 'node:child_process';
import type { Bench, Figure } from './contract.js';
import { benchPath } from './support/child.js';

/** A line of `connector-lua.mjs --json`. */
interface Row {
  readonly lua: string;
  readonly memory: string;
  readonly request: string;
  readonly us: number;
  readonly instructions: number;
  readonly referenceUs?: number;
  readonly referenceInstructions?: number;
}

const beside = (value: number | undefined): Pick<Figure, 'beside'> =>
  value === undefined ? {} : { beside: { name: 'reference connector', value } };

const figuresOf = (row: Row): readonly Figure[] => {
  const what = `${row.request} (${row.lua}, memory as ${row.memory})`;
  return [
    { what, unit: 'Lua instructions', ours: row.instructions, ...beside(row.referenceInstructions) },
    { what, unit: 'µs', ours: row.us, ...beside(row.referenceUs) },
  ];
};

/** What the script costs inside the emulator. */
export const connectorScript: Bench = {
  name: 'connector-script',
  how: 'The script alone under plain Lua, with an emulator and a socket that cost nothing; `--reference-lua DIR` measures another one beside it.',
  run: async ({ smoke, referenceLua }) => {
    const args = ['--json', '--seconds', smoke ? '0.01' : '0.3', ...(referenceLua === undefined ? [] : [referenceLua])];
    const run = spawnSync(process.execPath, [benchPath('connector-lua.mjs'), ...args], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`connector-lua.mjs failed: ${run.stderr}`);
    const rows: readonly Row[] = JSON.parse(run.stdout);
    if (rows.length === 0)
      process.stderr.write('No Lua is installed: `npm run setup:emulators` installs it on Debian.\n');
    return rows.flatMap(figuresOf);
  },
};
