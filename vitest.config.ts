import { configDefaults, defineConfig } from 'vitest/config';

const LONG = ['test/e2e/**/*.spec.ts', 'test/fault/**/*.spec.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Machines are shared: a limit is there for what hangs, and not for what is slow.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    projects: [
      // First by its name, so that the short files are what fills the end.
      { extends: true, test: { name: 'long', include: LONG } },
      // The modules are loaded once, and not for every file: what these tests open is each test's own.
      {
        extends: true,
        test: {
          name: 'short',
          include: ['test/**/*.spec.ts'],
          exclude: [...configDefaults.exclude, ...LONG],
          isolate: false,
        },
      },
    ],
  },
});
