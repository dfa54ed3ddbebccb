import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referencePage } from '@causeway/bridge/cli';
import { expect, test } from 'vitest';
import { bizhawkCommand } from './bizhawk-command.js';

const PAGE = fileURLToPath(new URL('../../../docs/causeway-bizhawk.md', import.meta.url));

test('docs/causeway-bizhawk.md says what the command does', async () => {
  expect(existsSync(PAGE)).toBe(true);
  // Renew the page with `npx vitest run -u` on this file.
  await expect(referencePage(bizhawkCommand)).toMatchFileSnapshot(PAGE);
});
