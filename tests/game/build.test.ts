import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gameRomPath } from '@causeway/testbed/game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../support/require-tool.js';

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
});
