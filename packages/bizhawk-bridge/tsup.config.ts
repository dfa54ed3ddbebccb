import { cpSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** Players get the connector scripts with the package; they exist once, in the repository's `lua/`. */
const copyConnectorScripts = () => {
  for (const name of ['causeway-bizhawk.lua', 'causeway-fceux.lua']) {
    cpSync(`../../lua/${name}`, `lua/${name}`);
  }
};

export default defineConfig([
  {
    entry: { index: 'src/index.ts' },
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'node',
    dts: true,
    sourcemap: true,
    clean: true,
    shims: true,
    onSuccess: async () => copyConnectorScripts(),
  },
  { entry: { main: 'src/main.ts' }, format: ['esm'], target: 'node20', platform: 'node', sourcemap: true },
]);
