/** Everything behind the sign-in, as one part that is loaded once. */
export function loadShell(): Promise<typeof import('./Shell.tsx')> {
  return import('./Shell.tsx');
}
