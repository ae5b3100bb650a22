import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { PlaywrightReport, VitestReport } from './test-counts.ts';

/** A failed test and what it said. */
export interface TestFailure {
  readonly test: string;
  readonly message: string;
}

/** A log is often kept by its end alone: this much of a message names the cause without pushing the others out. */
const LINES_OF_A_MESSAGE = 12;
const WIDEST_LINE = 300;

/** Failed and flaky tests of Vitest's report, and files that broke before their first test. */
export function vitestFailures(report: VitestReport): readonly TestFailure[] {
  return report.testResults.flatMap((file) => {
    const name = path.relative(process.cwd(), file.name ?? '');
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    // What failed around the tests: the file itself, or what it does before and after them.
    const around = file.status === 'failed' && (failed.length === 0 || file.message);
    const flaky = file.assertionResults.filter(
      ({ status, failureMessages }) => status === 'passed' && (failureMessages ?? []).length > 0,
    );
    return [
      ...[...failed, ...flaky].map((test) => ({
        test: `${name} › ${test.fullName ?? ''}${test.status === 'passed' ? ' (flaky)' : ''}`,
        message: (test.failureMessages ?? []).join('\n'),
      })),
      ...(around ? [{ test: name, message: file.message ?? '' }] : []),
    ];
  });
}

/** Failed and flaky tests of Playwright's report, and errors outside of tests. */
export function playwrightFailures(report: PlaywrightReport): readonly TestFailure[] {
  const outside = report.errors.map(({ message }) => ({ test: 'outside of tests', message: message ?? '' }));
  return [...(report.suites ?? []).flatMap(ofSuite), ...outside];
}

function ofSuite(suite: NonNullable<PlaywrightReport['suites']>[number]): readonly TestFailure[] {
  const own = (suite.specs ?? []).map((spec) => ({
    test: `${spec.file} › ${spec.title}`,
    ok: spec.ok,
    errors: spec.tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors ?? [])),
  }));
  return [
    ...own
      .filter(({ ok, errors }) => !ok || errors.length > 0)
      .map(({ test, ok, errors }) => ({
        test: ok ? `${test} (flaky)` : test,
        message: errors.map(({ message }) => message ?? '').join('\n'),
      })),
    ...(suite.suites ?? []).flatMap(ofSuite),
  ];
}

/** Failures of a report that a runner wrote; none when there is no such report: its part has failed already. */
export function readFailures<T>(
  file: string,
  failuresOf: (report: T) => readonly TestFailure[],
): readonly TestFailure[] {
  try {
    return failuresOf(JSON.parse(readFileSync(file, 'utf8')) as T);
  } catch {
    return [];
  }
}

/** The failure in a few lines without colours. */
export function formatFailure({ test, message }: TestFailure): string {
  const lines = stripVTControlCharacters(message).trim().split('\n').slice(0, LINES_OF_A_MESSAGE);
  return [`✘ ${test}`, ...lines.map((line) => `    ${line.slice(0, WIDEST_LINE)}`)].join('\n');
}
