import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** One project per folder of tests/; those with a server share one embedded PostgreSQL for the whole run. */
const projects = [
  { name: 'unit', needsPostgres: false },
  { name: 'migrations', needsPostgres: false },
  { name: 'contract', needsPostgres: false },
  { name: 'server', needsPostgres: true },
  { name: 'sync', needsPostgres: true },
];

export default defineConfig({
  test: {
    // One less than there are cores is the default: on two, one test file at a time, and those with a server mostly wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: projects.map(({ name, needsPostgres }) => ({
      test: {
        name,
        environment: 'node',
        include: [`tests/${name}/**/*.test.{ts,tsx}`],
        // Native modules and process-wide state: a process per file, not a thread.
        pool: 'forks',
        setupFiles: ['tests/support/cheap-passwords.ts', 'tests/support/property-seed.ts'],
        // Tests wait for conditions, not for time: this only ends those that hang, also on a busy machine.
        testTimeout: 60_000,
        hookTimeout: 60_000,
        // Real servers, files and threads on a machine that may be busy: one more attempt, and the end of the run names what needed it.
        retry: 1,
        ...(needsPostgres ? { globalSetup: ['tests/support/postgres-global.ts'] } : {}),
      },
    })),
  },
});
