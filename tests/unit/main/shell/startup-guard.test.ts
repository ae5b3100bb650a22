import { expect, it } from 'vitest';
import { findDebuggingSwitch } from '#main/shell/startup-guard.ts';

it.each([
  ['--remote-debugging-port=9222', 'remote-debugging-port'],
  ['-remote-debugging-port=0', 'remote-debugging-port'],
  ['--remote-debugging-pipe', 'remote-debugging-pipe'],
  ['--inspect', 'inspect'],
  ['--inspect=0.0.0.0:9229', 'inspect'],
  ['--inspect-brk', 'inspect-brk'],
  ['--INSPECT_BRK=1', 'inspect-brk'],
  ['--js-flags=--expose-gc', 'js-flags'],
  ['--load-extension=/tmp/x', 'load-extension'],
])('finds %s', (argument, name) => {
  expect(findDebuggingSwitch(['--no-sandbox', argument])).toBe(name);
});

it.each([
  ['--no-sandbox'],
  ['--lang=zh-CN'],
  ['inspect'],
  ['/srv/inspect'],
  ['--inspection'],
  ['--ozone-platform=x11'],
])('lets %s through', (argument) => {
  expect(findDebuggingSwitch([argument])).toBeNull();
});
