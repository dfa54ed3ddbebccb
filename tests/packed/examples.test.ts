import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './published-packages.js';

const PATIENCE_MS = 120_000;

/** The demo has suites of its own; an example without `main.ts` is a test itself. */
const stories = readdirSync(join(root, 'examples')).filter(
  (name) => name !== 'demo' && existsSync(join(root, 'examples', name, 'src', 'main.ts')),
);

describe('examples', () => {
  it('are there', () => {
    expect(stories).toEqual(['connector-lines', 'launcher', 'memory']);
  });

  it.each(stories)(
    '%s finds everything as it says',
    (name) => {
      const main = join(root, 'examples', name, 'src', 'main.ts');
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', 'tsx', '--conditions=@causeway/source', main],
        { cwd: root, encoding: 'utf8', timeout: PATIENCE_MS },
      );
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout).not.toBe('');
    },
    PATIENCE_MS,
  );
});
