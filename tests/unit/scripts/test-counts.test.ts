import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addCounts, countPlaywright, countVitest, readCounts } from '../../../scripts/test-counts.ts';
import { formatFailure, playwrightFailures, readFailures, vitestFailures } from '../../../scripts/test-failures.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hotline-counts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(value: unknown): string {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const vitest = (passed: number, failed: number, testResults: readonly unknown[] = []) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults,
});

describe('the last line of npm test', () => {
  it('counts tests, and a file that broke before its first test as a failure', () => {
    const broken = { status: 'failed', assertionResults: [] };
    const failing = { status: 'failed', assertionResults: [{ status: 'failed' }] };
    expect(readCounts(report(vitest(5, 1, [broken, failing])), 1, countVitest)).toEqual({
      passed: 5,
      failed: 2,
      skipped: 2,
    });
  });

  it('counts an end-to-end test that passed at its second attempt as passed, errors outside the tests as failures', () => {
    const stats = { expected: 7, skipped: 1, unexpected: 2, flaky: 1 };
    expect(readCounts(report({ stats, errors: [{}] }), 1, countPlaywright)).toEqual({
      passed: 8,
      failed: 3,
      skipped: 1,
    });
  });

  it('never passes a run that reports success and exits with an error', () => {
    expect(readCounts(report(vitest(5, 0)), 1, countVitest).failed).toBe(1);
  });

  it('never passes a run without tests or without a report', () => {
    const empty = { ...vitest(0, 0), numPendingTests: 0, numTodoTests: 0 };
    expect(readCounts(report(empty), 0, countVitest).failed).toBe(1);
    expect(readCounts(path.join(folder, 'missing.json'), 0, countVitest).failed).toBe(1);
  });

  it('adds the parts up', () => {
    expect(
      addCounts([
        { passed: 1, failed: 0, skipped: 2 },
        { passed: 3, failed: 1, skipped: 0 },
      ]),
    ).toEqual({ passed: 4, failed: 1, skipped: 2 });
  });
});

describe('the failures at the end of npm test', () => {
  it('names the failed tests with what they said, and files that broke before their first test', () => {
    const failed = {
      status: 'failed',
      fullName: 'a call › rings',
      failureMessages: ['\u001b[31mexpected 1\u001b[39m'],
    };
    const passed = { status: 'passed', fullName: 'a call › ends', failureMessages: [] };
    const flaky = { status: 'passed', fullName: 'a call › holds', failureMessages: ['expected 2'] };
    const files = [
      { name: path.resolve('tests/unit/call.test.ts'), status: 'failed', assertionResults: [passed, failed, flaky] },
      {
        name: path.resolve('tests/unit/broken.test.ts'),
        status: 'failed',
        message: 'no such module',
        assertionResults: [],
      },
    ];
    expect(readFailures(report(vitest(1, 1, files)), vitestFailures).map(formatFailure)).toEqual([
      '✘ tests/unit/call.test.ts › a call › rings\n    expected 1',
      '✘ tests/unit/call.test.ts › a call › holds (flaky)\n    expected 2',
      '✘ tests/unit/broken.test.ts\n    no such module',
    ]);
  });

  it('names failed and flaky end-to-end tests wherever they are nested', () => {
    const spec = (title: string, ok: boolean, message?: string) => ({
      title,
      file: 'call.spec.ts',
      ok,
      tests: [{ results: [{ errors: message ? [{ message }] : [] }, { errors: [] }] }],
    });
    const suites = [
      { specs: [spec('rings', true)], suites: [{ specs: [spec('ends', false, 'late'), spec('holds', true, 'once')] }] },
    ];
    const stats = { expected: 1, skipped: 0, unexpected: 1, flaky: 1 };
    expect(readFailures(report({ suites, stats, errors: [] }), playwrightFailures)).toEqual([
      { test: 'call.spec.ts › ends', message: 'late' },
      { test: 'call.spec.ts › holds (flaky)', message: 'once' },
    ]);
  });

  it('says nothing without a report', () => {
    expect(readFailures(path.join(folder, 'missing.json'), vitestFailures)).toEqual([]);
  });
});
