import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../scripts/bootstrap/report.mjs';
import { chooseByRelease } from '../../../scripts/bootstrap/system-packages.mjs';

describe('the sentence for a step that failed', () => {
  it.each([
    ['npm ERR! code ENOSPC', /disk is full/],
    ['npm ERR! code ENOTFOUND', /network cannot be reached/],
    ['E: Failed to fetch http://packages.example/…  Temporary failure resolving', /network cannot be reached/],
    ['E: Unable to locate package xvfb', /apt-get update/],
    ["E: Package 'libasound2' has no installation candidate", /apt-get update/],
    ['npm ERR! code EACCES', /may not be written/],
    ['something new', /read .*bootstrap\.log/],
  ])('after %j says what to do', (output, said) => {
    const { message } = explainFailure('apt-get install', output);
    expect(message).toMatch(said);
    expect(message).toMatch(/run (the command|it) again\.$/);
  });
});

describe('the name of a library package', () => {
  const names = ['libasound2', 'libasound2t64'];

  it.each([
    ['PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\nID=debian\n', 'libasound2'],
    ['VERSION_ID="13"\nID=debian\n', 'libasound2t64'],
    ['ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n', 'libasound2'],
    ['ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', 'libasound2t64'],
    ['ID=uos\n', 'libasound2'],
    ['', 'libasound2'],
  ])('follows the release %j where no package list says', (release, expected) => {
    expect(chooseByRelease(names, release)).toBe(expected);
    expect(chooseByRelease(['libdrm2'], release)).toBe('libdrm2');
  });
});
