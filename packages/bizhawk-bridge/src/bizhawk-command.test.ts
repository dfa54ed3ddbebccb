import { readFileSync } from 'node:fs';
import { referencePage } from '@causeway/bridge/cli';
import { expect, test } from 'vitest';
import { bizhawkCommand } from './bizhawk-command.js';

const PAGE = new URL('../../../docs/causeway-bizhawk.md', import.meta.url);

test('docs/causeway-bizhawk.md says what the command does', async () => {
  // Renew the page with `npx vitest run -u` here.
  await expect(referencePage(bizhawkCommand)).toMatchFileSnapshot(PAGE.pathname);
  expect(readFileSync(PAGE, 'utf8')).toContain('--guard DOMAIN:ADDRESS:HEX');
});
