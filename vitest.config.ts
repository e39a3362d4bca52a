import { defineConfig } from 'vitest/config';

// A machine that trusts more authorities has each Node read them all before anything else: three times its whole start.
delete process.env.NODE_EXTRA_CA_CERTS;

export default defineConfig({
  define: { LAUNCHBOOK_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/whole-run.ts',
    testTimeout: 90_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
