import { readFileSync, rmSync } from 'node:fs';

/** How a part of the test run ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Vitest's JSON report, as far as it is read. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name?: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName?: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly ok: boolean;
    readonly tests: readonly {
      readonly results: readonly { readonly errors?: readonly { readonly message?: string }[] }[];
    }[];
  }[];
}

/** Playwright's JSON report, as far as it is read. */
export interface PlaywrightReport {
  readonly suites?: readonly PlaywrightSuite[];
  readonly stats: {
    readonly expected: number;
    readonly skipped: number;
    readonly unexpected: number;
    readonly flaky: number;
  };
  readonly errors: readonly { readonly message?: string }[];
}

/** Counts from Vitest's JSON report; a file that failed outside its tests counts as one failure. */
export function countVitest(report: VitestReport): TestCounts {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Counts from Playwright's JSON report; an error outside the tests counts as one failure. A test that passed at its second attempt
 * has passed, and is named at the end of the run with what went wrong first.
 */
export function countPlaywright(report: PlaywrightReport): TestCounts {
  const { expected, skipped, unexpected, flaky } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped };
}

/**
 * Reads a report that a test runner just wrote. A run without a report, without tests or with a bad exit code in spite of
 * its report never counts as passed.
 */
export function readCounts<T>(file: string, exitCode: number, count: (report: T) => TestCounts): TestCounts {
  let counts: TestCounts;
  try {
    counts = count(JSON.parse(readFileSync(file, 'utf8')) as T);
  } catch {
    console.log(`No test report in ${file}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const isEmpty = counts.passed + counts.failed + counts.skipped === 0;
  const hidesFailure = counts.failed === 0 && exitCode !== 0;
  return isEmpty || hidesFailure ? { ...counts, failed: counts.failed + 1 } : counts;
}

/** Removes the report of an earlier run, which must not be taken for this one's. */
export function forgetReport(file: string): void {
  rmSync(file, { force: true });
}

/** Sum of parts. */
export function addCounts(parts: readonly TestCounts[]): TestCounts {
  return {
    passed: parts.reduce((sum, part) => sum + part.passed, 0),
    failed: parts.reduce((sum, part) => sum + part.failed, 0),
    skipped: parts.reduce((sum, part) => sum + part.skipped, 0),
  };
}
