#!/usr/bin/env node
// Committed on purpose: a bin that points into dist/ is not linked while dist/ does not exist yet.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('Causeway is not built yet. Run `npm run build` in the repository first.\n');
  process.exitCode = 1;
}
