import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../support/require-tool.js';
import { ROOT } from './support/paths.js';

const FOLDERS = ['lua', 'tests/lua', 'bench'];

const report = (command: string, args: readonly string[]): string => {
  const run = spawnSync(command, [...args, ...FOLDERS], { cwd: ROOT, encoding: 'utf8' });
  return run.status === 0 ? '' : `${run.stdout}${run.stderr}`;
};

describe('style of the Lua sources', () => {
  const stylua = 'node_modules/.bin/stylua';
  it.skipIf(!toolAvailable('stylua', [stylua, '--version']))('StyLua agrees', () => {
    expect(report(stylua, ['--check'])).toBe('');
  });

  it.skipIf(!toolAvailable('luacheck', ['luacheck', '--version']))('luacheck agrees', () => {
    expect(report('luacheck', ['--no-color', '-q'])).toBe('');
  });
});
