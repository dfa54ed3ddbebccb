import { defineConfig } from 'vitest/config';

/** Tests and type check read the sources of our packages: nothing has to be built first. */
const conditions = ['@causeway/source', 'module', 'node', 'import', 'default'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@causeway/source', 'node', 'import', 'default'] } },
};

/** Suites that start programs and keep time with them: alone on the machine, one file after another. */
const WITH_PROGRAMS = ['tests/{cli,conformance,e2e,game,lua,packed,soak}/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'examples/*/src/**/*.test.ts'],
          exclude: WITH_PROGRAMS,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...shared,
        test: {
          name: 'programs',
          include: WITH_PROGRAMS,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
