/** Long enough for the first screen to be drawn and usable, short enough to be done before a password is typed, in ms. */
const SHELL_PREFETCH_MS = 400;

/** When the shell has been fetched, most likely, in ms after the first screen. */
export const SHELL_FETCHED_MS = 2 * SHELL_PREFETCH_MS;

const RELOADED = 'shell.reloaded';

type ShellPart = typeof import('./Shell.tsx');

/**
 * Everything behind the sign-in, as one part that is loaded once. A page that could not fetch it is opened anew, once, because it would never ask for the
 * same file again: nobody has typed anything behind the sign-in yet, and who has signed in stays so.
 * @throws what the second try failed with
 */
export async function loadShell(): Promise<ShellPart> {
  try {
    const part = await import('./Shell.tsx');
    sessionStorage.removeItem(RELOADED);
    return part;
  } catch (error) {
    if (sessionStorage.getItem(RELOADED) !== null) throw error;
    sessionStorage.setItem(RELOADED, 'once');
    window.location.reload();
    return new Promise(() => {});
  }
}

/** Fetches the shell while the agent reads the sign-in screen. What fails now is tried again when it is needed. */
export function prefetchShell(): void {
  const fetchIt = () => void import('./Shell.tsx').catch(() => undefined);
  setTimeout(() => requestIdleCallback(fetchIt), SHELL_PREFETCH_MS);
}
