// npm run check:pack: what a user would install is complete and has correct types, for ESM and for CommonJS.
//
// Judged are the tarballs, packed by pnpm: only it puts `publishConfig` and the versions of `workspace:` in their place.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, ensureInstalled, pnpm, tool } from './workspace.mjs';

ensureInstalled();
build();

const folder = mkdtempSync(join(tmpdir(), 'causeway-pack-'));
// Whatever the tools find ends this process at once.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

pnpm(['-r', '--filter', './packages/*', 'pack', '--pack-destination', folder], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
if (tarballs.length === 0) throw new Error('Nothing was packed.');
for (const name of tarballs) {
  tool('publint', ['run', '--strict', join(folder, name)]);
  // The resolution of Node 10 cannot see subpaths, and no Node we support uses it.
  tool('attw', [join(folder, name), '--profile', 'node16', '--format', 'ascii']);
}
