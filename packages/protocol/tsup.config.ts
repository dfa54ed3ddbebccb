import { defineConfig } from 'tsup';

/** `npm run demo` runs what it builds and publishes nothing: declarations, most of the work, can wait. */
const types = process.env['CAUSEWAY_BUILD'] !== 'without-types';

export default defineConfig({
  entry: {
    'connector/index': 'src/connector/index.ts',
    'archipelago/index': 'src/archipelago/index.ts',
    'archipelago-text/index': 'src/archipelago-text/index.ts',
    'errors/index': 'src/errors/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'neutral',
  dts: types,
  sourcemap: true,
  clean: true,
});
