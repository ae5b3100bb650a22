import path from 'node:path';
import { defineConfig } from '@playwright/test';

const projectRoot = path.resolve(import.meta.dirname, '../..');

/** End-to-end tests on the real application: each has its own server, database, profile and window, each worker its own screen. */
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(projectRoot, 'test-results', 'e2e'),
  globalSetup: path.join(import.meta.dirname, 'global-setup.ts'),
  // A test waits half of its time for windows, disks and passwords: two at once keep two cores busy.
  workers: 2,
  fullyParallel: false,
  // Real windows on a machine that may be busy: one more attempt, and the end of the run names what needed it.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  preserveOutput: 'failures-only',
  reporter: [['list']],
  forbidOnly: true,
});
