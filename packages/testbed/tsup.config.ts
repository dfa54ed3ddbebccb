import { cpSync } from 'node:fs';
import { defineConfig } from 'tsup';

export default defineConfig([
  {
    entry: {
      index: 'src/index.ts',
      'emulator/index': 'src/emulator/index.ts',
      'server/index': 'src/server/index.ts',
      'game/index': 'src/game/index.ts',
    },
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'node',
    dts: true,
    sourcemap: true,
    clean: true,
    shims: true,
    onSuccess: async () => cpSync('../../lua/causeway-bizhawk.lua', 'lua/causeway-bizhawk.lua'),
  },
  { entry: { main: 'src/main.ts' }, format: ['esm'], target: 'node20', platform: 'node', sourcemap: true },
]);
