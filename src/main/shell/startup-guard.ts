/** Exit code for a start that the configuration forbids (EX_CONFIG of sysexits.h). */
export const EXIT_FORBIDDEN_START = 78;

/** Switches that let another process read or steer the console; harmless while developing, a hole in the product. */
const DEBUGGING_SWITCHES = [
  'inspect',
  'inspect-brk',
  'inspect-wait',
  'inspect-port',
  'inspect-publish-uid',
  'debug-port',
  'js-flags',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'load-extension',
];

/**
 * The first debugging switch among the arguments of a process, or null.
 * Chromium takes one or two dashes, and `_` is read as `-` by Node.
 */
export function findDebuggingSwitch(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const name = /^-{1,2}([a-z_-]+)/i.exec(argument)?.[1]?.toLowerCase().replaceAll('_', '-');
    if (name !== undefined && DEBUGGING_SWITCHES.includes(name)) return name;
  }
  return null;
}
