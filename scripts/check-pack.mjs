// npm run check:pack: what would be published has correct types for ESM and CommonJS, and nothing missing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, ensureInstalled, root, tool } from './workspace.mjs';

ensureInstalled();
build();
for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  if (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private) continue;
  process.stderr.write(`${name}\n`);
  // pnpm packs, so that publishConfig and workspace versions are what users get.
  const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` };
  tool('publint', ['--strict', '--pack', 'pnpm', folder], { env });
  tool('attw', ['--pack', folder, '--profile', 'node16'], { env });
}
