import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests and type check read the sources of our packages: nothing has to be built first. */
const conditions = ['@causeway/source', 'module', 'node', 'import', 'default'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@causeway/source', 'node', 'import', 'default'] } },
};

/** What bridges keep between runs: not in the cache of whoever runs the tests. */
const env = { CAUSEWAY_CACHE_DIR: fileURLToPath(new URL('./node_modules/.cache/causeway', import.meta.url)) };

/** Suites that start programs and keep time with them: alone on the machine, one file after another. */
const WITH_PROGRAMS = ['tests/{cli,conformance,e2e,game,lua,packed,soak}/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          env,
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'examples/*/src/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...WITH_PROGRAMS],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...shared,
        test: {
          name: 'programs',
          env,
          include: WITH_PROGRAMS,
          exclude: ['**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
