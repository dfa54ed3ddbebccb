import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LUA_VERSIONS } from './support/lua-versions.js';
import { ROOT } from './support/paths.js';

interface Figure {
  readonly lua: string;
  readonly memory: string;
  readonly request: string;
  readonly us: number;
  readonly instructions: number;
}

describe.skipIf(!LUA_VERSIONS.every(({ available }) => available))('the bench of the connector', () => {
  const run = spawnSync('node', [join(ROOT, 'bench/connector-lua.mjs'), '--json', '--seconds', '0.01'], {
    encoding: 'utf8',
  });
  const figures = JSON.parse(run.stdout) as Figure[];

  it('measures every request in every Lua', () => {
    expect(run.stderr).toBe('');
    expect(new Set(figures.map(({ lua }) => lua))).toEqual(new Set(['lua5.4', 'lua5.1']));
    for (const { us } of figures) expect(us).toBeGreaterThan(0);
  });

  // Instructions, unlike time, are the same on every machine. The reference takes 1,025,000 for the first on Lua 5.4 and
  // 149,000 for the others.
  it.each([
    ['read 49,122 bytes', 230_000],
    ['100 reads, same line every time', 22_000],
    ['100 reads, every line different', 30_000],
  ])('%s takes no more than %d instructions on Lua 5.4', (request, most) => {
    for (const { lua, instructions } of figures.filter((figure) => figure.request === request)) {
      if (lua === 'lua5.4') expect(instructions).toBeLessThan(most);
    }
  });
});
