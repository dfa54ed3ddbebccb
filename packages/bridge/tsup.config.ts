import { defineConfig } from 'tsup';

/** `npm run demo` runs what it builds and publishes nothing: declarations, most of the work, can wait. */
const types = process.env['CAUSEWAY_BUILD'] !== 'without-types';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'device/index': 'src/device/index.ts',
    'game/index': 'src/game/index.ts',
    'multiworld/index': 'src/multiworld/index.ts',
    'session/index': 'src/session/index.ts',
    'cli/index': 'src/cli/index.ts',
    'archipelago-js/index': 'src/archipelago-js/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  dts: types,
  sourcemap: true,
  clean: true,
});
