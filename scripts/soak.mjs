// npm run soak [-- SECONDS]: 200 clients of one room through play and faults, a minute unless said otherwise.
// CAUSEWAY_SEED repeats a run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './workspace.mjs';

const seconds = process.argv[2] ?? '60';
if (!(Number(seconds) > 0)) {
  process.stderr.write('usage: npm run soak [-- SECONDS]\n');
  process.exit(2);
}
ensureInstalled();
const { status } = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), ['run', 'tests/soak'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, CAUSEWAY_SOAK_SECONDS: seconds },
});
process.exitCode = status ?? 1;
