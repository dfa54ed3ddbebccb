import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildScript, SCRIPTS } from '../../scripts/build-lua.mjs';
import { LUA_VERSIONS } from './support/lua-versions.js';
import { ROOT } from './support/paths.js';

const GLOBALS = `
  local names = {}
  setmetatable(_G, { __newindex = function(_, name) names[#names + 1] = name end })
  local chunk = assert(loadfile(arg[1]))
  local running = coroutine.create(chunk)
  coroutine.resume(running)
  io.write(table.concat(names, ' '))
`;

describe('the committed scripts', () => {
  it('are the ones in lua/', () => {
    const committed = readdirSync(join(ROOT, 'lua')).filter((name) => name.endsWith('.lua'));
    expect(committed.sort()).toEqual(Object.keys(SCRIPTS).sort());
  });

  for (const [file, entry] of Object.entries(SCRIPTS)) {
    const text = readFileSync(join(ROOT, 'lua', file), 'utf8');

    it(`${file} is what scripts/build-lua.mjs makes of lua/src`, () => {
      expect(text).toBe(buildScript(entry));
    });

    it(`${file} needs no file beside it`, () => {
      expect(text).not.toMatch(/(?<!p)\b(require|dofile|loadfile)\s*\(/);
    });

    for (const { command, available } of LUA_VERSIONS) {
      it.skipIf(!available)(`${file} sets no global in ${command}`, () => {
        const run = spawnSync(command, ['-', join(ROOT, 'lua', file)], { input: GLOBALS, encoding: 'utf8' });
        expect(run.stderr).toBe('');
        expect(run.stdout).toBe('');
      });
    }
  }
});

describe('joining', () => {
  const read = (parts: Record<string, string>) => (name: string) => parts[name] ?? '';

  it('puts parts before those that need them, once each', () => {
    const parts = {
      header: '-- head\n',
      main: "local a, b = require('a'), require('b')\n",
      a: "local b = require('b')\nreturn b\n",
      b: 'return 1\n',
    };
    const text = buildScript('main', read(parts));
    expect(text.indexOf("parts['b'] = ")).toBeLessThan(text.indexOf("parts['a'] = "));
    expect(text.match(/return 1/g)).toHaveLength(1);
    expect(text).toMatch(/^-- head\n/);
    expect(text).toContain("local a, b = parts['a'], parts['b']");
  });

  it('refuses a circle', () => {
    const parts = { header: '', main: "require('a')", a: "require('b')", b: "require('a')" };
    expect(() => buildScript('main', read(parts))).toThrow('main > a > b > a');
  });
});
