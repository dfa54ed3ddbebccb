import { rmSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

/** An optional dependency: what it brings for the machine it runs on must be found beside it, or not at all. */
const common: Options = { target: 'node20', platform: 'node', sourcemap: true, external: ['koffi'] };
const library = { index: 'src/index.ts' };

/** `npm run demo` runs what it builds and publishes nothing: declarations, most of the work, can wait. */
const types = process.env['CAUSEWAY_BUILD'] !== 'without-types';

// The builds write into one folder at the same time: none of them may clean it.
rmSync('dist', { recursive: true, force: true });

const declarations: Options = { ...common, entry: library, format: ['esm', 'cjs'], dts: { only: true } };

export default defineConfig([
  // What is imported and the command share their chunks.
  { ...common, entry: { ...library, main: 'src/main.ts' }, format: ['esm'] },
  // `shims` puts `import.meta.url` in CommonJS words.
  { ...common, entry: library, format: ['cjs'], shims: true },
  ...(types ? [declarations] : []),
]);
