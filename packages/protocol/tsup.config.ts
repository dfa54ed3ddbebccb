import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    'connector/index': 'src/connector/index.ts',
    'archipelago/index': 'src/archipelago/index.ts',
    'errors/index': 'src/errors/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  clean: true,
});
