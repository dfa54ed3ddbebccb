import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gameRomPath } from '@causeway/testbed/game';
import { CARTRIDGE_MAPPINGS, readBlock } from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../support/require-tool.js';

const snesScript = fileURLToPath(new URL('../../packages/testbed/snes/build.sh', import.meta.url));
const script = fileURLToPath(new URL('../../packages/testbed/game/build.sh', import.meta.url));

describe.skipIf(!toolAvailable('cc65', ['ca65', '--version']))('the committed game', () => {
  it('is what its source assembles to, byte for byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-game-'));
    try {
      const built = join(folder, 'emberwalk.nes');
      execFileSync('bash', [script, built], { timeout: 60_000 });
      expect(Buffer.compare(readFileSync(built), readFileSync(gameRomPath()))).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(CARTRIDGE_MAPPINGS)('is what its source assembles to, byte for byte: Marshlight, %s', (mapping) => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-game-'));
    try {
      execFileSync('bash', [snesScript, folder], { timeout: 60_000 });
      const built = readFileSync(join(folder, `marshlight-${mapping}.bin`));
      expect(Buffer.compare(built, readBlock(mapping))).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
