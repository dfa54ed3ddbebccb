import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LUA_VERSIONS } from './support/lua-versions.js';
import { ROOT } from './support/paths.js';

const FOLDER = join(ROOT, 'tests/lua/units');
/** Needs LuaSocket besides. */
const ON_SOCKETS = 'idle-on-sockets.lua';
/** Used by the others, not tests themselves. */
const SUPPORT = new Set(['check.lua', 'fakes.lua']);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.lua') && !SUPPORT.has(name));

for (const { command, available, sockets } of LUA_VERSIONS) {
  describe.skipIf(!available)(`parts of the connector in ${command}`, () => {
    for (const file of files) {
      it.skipIf(file === ON_SOCKETS && !sockets)(file, () => {
        const run = spawnSync(command, [join(FOLDER, file)], { encoding: 'utf8' });
        expect(run.stderr).toBe('');
        expect(run.status).toBe(0);
      });
    }
  });
}
