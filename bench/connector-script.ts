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

/** Instructions are the same on every machine; the time they took here stands beside them. */
const figureOf = ({ lua, memory, request, us, instructions, referenceUs, referenceInstructions }: Row): Figure => ({
  what: `${request} (${lua}, memory as ${memory})`,
  unit: 'instructions',
  ours: instructions,
  spread: { µs: us, ...(referenceUs === undefined ? {} : { 'reference µs': referenceUs }) },
  ...(referenceInstructions === undefined
    ? {}
    : { beside: { name: 'reference connector', value: referenceInstructions } }),
});

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
    return rows.map(figureOf);
  },
};
