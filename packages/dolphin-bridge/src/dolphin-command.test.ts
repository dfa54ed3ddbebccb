import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referencePage } from '@causeway/bridge/cli';
import { expect, test } from 'vitest';
import { dolphinCommand } from './dolphin-command.js';

const PAGE = fileURLToPath(new URL('../../../docs/causeway-dolphin.md', import.meta.url));

test('docs/causeway-dolphin.md says what the command does', async () => {
  expect(existsSync(PAGE)).toBe(true);
  // Renew the page with `npx vitest run dolphin-command -u`.
  await expect(referencePage(dolphinCommand)).toMatchFileSnapshot(PAGE);
});
