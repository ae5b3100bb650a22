/**
 * `npm test`: static checks, Vitest, Playwright on the real application. Runs everything and fails at the end; its last
 * line is "N passed, N failed, N skipped". `npm test -- --only vitest,knip` runs parts, what follows a second `--` goes
 * to the test runners: `npm test -- --only vitest -- tests/unit/shared`.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { CACHE_DIR } from './runtime.ts';
import { STATIC_CHECKS } from './static-checks.ts';
import { addCounts, countPlaywright, countVitest, forgetReport, readCounts, type TestCounts } from './test-counts.ts';
import { formatFailure, playwrightFailures, readFailures, vitestFailures } from './test-failures.ts';
import { testEnvironment } from './test-temp.ts';
import { runTool } from './tool.ts';

interface Part {
  readonly name: string;
  run(runnerArgs: readonly string[]): Promise<TestCounts>;
}

const REPORT_DIR = path.join(CACHE_DIR, 'test-reports');
const VITEST_REPORT = path.join(REPORT_DIR, 'vitest.json');
const PLAYWRIGHT_REPORT = path.join(REPORT_DIR, 'playwright.json');

const PARTS: readonly Part[] = [
  ...STATIC_CHECKS.map((check) => ({ name: check.name, run: async () => countCheck(await check.run()) })),
  { name: 'vitest', run: runVitest },
  { name: 'e2e', run: runPlaywright },
];

const { only, runnerArgs } = readArguments(process.argv.slice(2));
mkdirSync(REPORT_DIR, { recursive: true });
const environment = testEnvironment();
const results: { readonly name: string; readonly counts: TestCounts; readonly seconds: number }[] = [];
for (const part of PARTS) {
  if (only.length > 0 && !only.includes(part.name)) continue;
  console.log(`\n━━ ${part.name} ${'━'.repeat(Math.max(0, 76 - part.name.length))}`);
  const startedAt = performance.now();
  const counts = await part.run(runnerArgs).catch((error: unknown): TestCounts => {
    console.error(error);
    return countCheck(false);
  });
  results.push({ name: part.name, counts, seconds: (performance.now() - startedAt) / 1_000 });
}

// Again at the end: whoever sees only the end of a long log must see which tests failed, if only at first, and why.
const failures = [
  ...(ran('vitest') ? readFailures(VITEST_REPORT, vitestFailures) : []),
  ...(ran('e2e') ? readFailures(PLAYWRIGHT_REPORT, playwrightFailures) : []),
];
if (failures.length > 0) console.log(`\n━━ failed or flaky ${'━'.repeat(61)}`);
for (const failure of failures) console.log(formatFailure(failure));

console.log(`\n━━ summary ${'━'.repeat(69)}`);
for (const { name, counts, seconds } of results) {
  const verdict = counts.failed > 0 ? 'FAILED' : 'ok';
  console.log(`${verdict.padEnd(7)} ${name.padEnd(14)} ${formatCounts(counts).padEnd(40)} ${seconds.toFixed(1)} s`);
}
const total = addCounts(results.map(({ counts }) => counts));
process.exitCode = total.failed === 0 && results.length > 0 ? 0 : 1;
console.log(formatCounts(total));

function ran(part: string): boolean {
  return results.some(({ name }) => name === part);
}

function countCheck(hasPassed: boolean): TestCounts {
  return { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, skipped: 0 };
}

function formatCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

async function runVitest(args: readonly string[]): Promise<TestCounts> {
  forgetReport(VITEST_REPORT);
  const code = await runTool(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`, ...args],
    environment,
  );
  return readCounts(VITEST_REPORT, code, countVitest);
}

async function runPlaywright(args: readonly string[]): Promise<TestCounts> {
  forgetReport(PLAYWRIGHT_REPORT);
  const { WAYLAND_DISPLAY: _, ...inherited } = environment;
  const code = await runTool(
    '@playwright/test:playwright',
    ['test', '--config', 'tests/e2e/playwright.config.ts', '--reporter', 'list,json', ...args],
    { ...inherited, PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT },
  );
  return readCounts(PLAYWRIGHT_REPORT, code, countPlaywright);
}

function readArguments(args: readonly string[]): { only: readonly string[]; runnerArgs: readonly string[] } {
  const split = args.indexOf('--');
  const own = split === -1 ? args : args.slice(0, split);
  const at = own.indexOf('--only');
  const only = at === -1 ? [] : (own[at + 1] ?? '').split(',');
  const unknown = only.filter((name) => PARTS.every((part) => part.name !== name));
  if (unknown.length > 0 || (at === -1 && own.length > 0)) {
    console.error(
      `Usage: npm test -- [--only ${PARTS.map(({ name }) => name).join(',')}] [-- arguments for the test runners]`,
    );
    process.exit(2);
  }
  return { only, runnerArgs: split === -1 ? [] : args.slice(split + 1) };
}
