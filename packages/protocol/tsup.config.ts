import { defineConfig } from 'tsup';

/** `npm run demo` runs what it builds and publishes nothing: declarations, most of the work, can wait. */
const types = process.env['CAUSEWAY_BUILD'] !== 'without-types';

export default defineConfig({
  entry: {
    'connector/index': 'src/connector/index.ts',
    'archipelago/index': 'src/archipelago/index.ts',
    'archipelago-text/index': 'src/archipelago-text/index.ts',
    'usb2snes/index': 'src/usb2snes/index.ts',
    'sni/index': 'src/sni/index.ts',
    'retroarch/index': 'src/retroarch/index.ts',
    'nwa/index': 'src/nwa/index.ts',
    'snes/index': 'src/snes/index.ts',
    'errors/index': 'src/errors/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'neutral',
  dts: types,
  sourcemap: true,
  clean: true,
});
