// Cost of the connector scripts inside the emulator, beside another connector when one is given:
//
//   node bench/connector-lua.mjs [--seconds S] [--json] [REFERENCE_FOLDER]
//
// REFERENCE_FOLDER is the `data/lua` folder of an Archipelago checkout. Both scripts run under every Lua found, each
// with an emulator that hands over memory as tables (BizHawk 2.9) and with one that hands it over as strings too.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '0.5' }, json: { type: 'boolean', default: false } },
});

const measure = (lua, script, folder, binary) => {
  const args = [join(here, 'connector-lua.lua'), script, folder, binary ? '1' : '0', values.seconds];
  const run = spawnSync(lua, args, { cwd: folder || root, encoding: 'utf8' });
  if (run.error?.code === 'ENOENT') return undefined;
  if (run.status !== 0) throw new Error(`${lua} ${script}: ${run.stderr}`);
  return JSON.parse(run.stdout);
};

const [reference] = positionals;
const results = [];
for (const lua of ['lua5.4', 'lua5.1']) {
  for (const binary of [false, true]) {
    const ours = measure(lua, join(root, 'lua/causeway-bizhawk.lua'), '', binary);
    if (!ours) continue;
    const folder = reference && resolve(reference);
    const theirs = folder && measure(lua, join(folder, 'connector_bizhawk_generic.lua'), folder, binary);
    for (const [i, { name, us, instructions }] of ours.entries()) {
      const other = theirs?.[i];
      results.push({
        lua,
        memory: binary ? 'strings' : 'tables',
        request: name,
        us,
        instructions,
        ...(other && {
          referenceUs: other.us,
          referenceInstructions: other.instructions,
          share: Number((us / other.us).toFixed(3)),
        }),
      });
    }
  }
}

if (values.json) console.log(JSON.stringify(results, null, 2));
else if (results.length === 0) console.log('neither lua5.4 nor lua5.1 is installed');
else console.table(results);
