import { cpSync, rmSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

const common = { target: 'node20', platform: 'node', sourcemap: true } as const;
const library = {
  index: 'src/index.ts',
  'emulator/index': 'src/emulator/index.ts',
  'server/index': 'src/server/index.ts',
  'game/index': 'src/game/index.ts',
  'console/index': 'src/console/index.ts',
  'snes-game/index': 'src/snes-game/index.ts',
  'dolphin-game/index': 'src/dolphin-game/index.ts',
};

/** `npm run demo` runs what it builds and publishes nothing: declarations, most of the work, can wait. */
const types = process.env['CAUSEWAY_BUILD'] !== 'without-types';

// The builds write into one folder at the same time: none of them may clean it.
rmSync('dist', { recursive: true, force: true });

const declarations: Options = {
  ...common,
  entry: library,
  format: ['esm', 'cjs'],
  // What only this package calls is `@internal`: in the types it would drag in the package's inside, and types of `ws`.
  dts: { only: true, compilerOptions: { stripInternal: true } },
};

export default defineConfig([
  {
    ...common,
    // What is imported and the command share their chunks.
    entry: { ...library, main: 'src/main.ts' },
    format: ['esm'],
    onSuccess: async () => cpSync('../../lua/causeway-bizhawk.lua', 'lua/causeway-bizhawk.lua'),
  },
  // `shims` puts `import.meta.url` in CommonJS words.
  { ...common, entry: library, format: ['cjs'], shims: true },
  ...(types ? [declarations] : []),
]);
