// npm run lint: TypeScript and JavaScript by Biome, Lua by StyLua and (where installed) luacheck.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, run, tool } from './workspace.mjs';

ensureInstalled();
tool('biome', ['check', '--error-on-warnings', '.']);
const LUA = ['lua', 'tests/lua', 'tests/e2e', 'bench'];
tool('stylua', ['--check', ...LUA]);

const required = (process.env.CAUSEWAY_REQUIRE ?? '').split(',').includes('luacheck');
if (required || spawnSync('luacheck', ['--version']).status === 0) run('luacheck', ['--quiet', ...LUA]);
else process.stderr.write('luacheck is not installed; skipped. `npm run setup:emulators` installs it.\n');
