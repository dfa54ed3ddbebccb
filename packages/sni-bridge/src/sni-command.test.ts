import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referencePage } from '@causeway/bridge/cli';
import { expect, test } from 'vitest';
import { sniCommand } from './sni-command.js';

const PAGE = fileURLToPath(new URL('../../../docs/causeway-sni.md', import.meta.url));

test('docs/causeway-sni.md says what the command does', async () => {
  expect(existsSync(PAGE)).toBe(true);
  // Renew the page with `npx vitest run sni-command -u`.
  await expect(referencePage(sniCommand)).toMatchFileSnapshot(PAGE);
});
