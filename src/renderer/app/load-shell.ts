/** Long enough for the first screen to be drawn and usable, short enough to be done before a password is typed, in ms. */
export const SHELL_PREFETCH_MS = 400;

/** Everything behind the sign-in, as one part that is loaded once. */
export function loadShell(): Promise<typeof import('./Shell.tsx')> {
  return import('./Shell.tsx');
}
