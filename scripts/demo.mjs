// npm run demo [-- --keep]: installs what is missing, builds, and plays a real game on embedded parts.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, ensureInstalled, root } from './workspace.mjs';

ensureInstalled();
build({ types: false });
const demo = join(root, 'examples', 'demo', 'src', 'main.ts');
const { status } = spawnSync(process.execPath, ['--import', 'tsx', demo, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
