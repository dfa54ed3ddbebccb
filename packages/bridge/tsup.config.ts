import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'device/index': 'src/device/index.ts',
    'game/index': 'src/game/index.ts',
    'multiworld/index': 'src/multiworld/index.ts',
    'session/index': 'src/session/index.ts',
    'cli/index': 'src/cli/index.ts',
    'archipelago-js/index': 'src/archipelago-js/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  dts: true,
  sourcemap: true,
  clean: true,
});
