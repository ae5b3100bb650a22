import { app, BrowserWindow, session, type WebContents, type WebPreferences } from 'electron';
import { APP_ORIGIN, serveAppScheme } from './app-scheme.ts';
import { lockDownSession, type SessionRules } from './lockdown.ts';
import type { Log } from './log.ts';

export type WindowKind = 'ui' | 'phone';

/** In memory: nothing a page stores or the network stack caches reaches the disk. */
const PARTITION = 'hotline';

const UI_SIZE = { width: 1366, height: 768, minWidth: 1024, minHeight: 640 };
/** A window that does not answer for so long is loaded again; its draft is in the cache. */
const HANG_MS = 15_000;
/** Loading a dead page again stops after so many deaths in a minute. */
const MAX_RELOADS = 5;

export interface WindowSources {
  /** Folder of the built pages. */
  readonly rendererDir: string;
  readonly preloadDir: string;
  /** Address of the development server, null for the built pages. */
  readonly devServerUrl: string | null;
}

export interface WindowFactory {
  /** Origin all pages have. */
  readonly origin: string;
  create(kind: WindowKind, options?: { query?: Record<string, string>; backgroundColor?: string }): BrowserWindow;
  /** Kind of the window a page belongs to, null for a page this factory did not make. */
  kindOf(contents: WebContents): WindowKind | null;
  all(kind: WindowKind): readonly BrowserWindow[];
}

/** The only place where windows are made. */
export function createWindowFactory(sources: WindowSources, log: Log, now: () => number): WindowFactory {
  const kinds = new Map<number, WindowKind>();
  const origin = sources.devServerUrl === null ? APP_ORIGIN : new URL(sources.devServerUrl).origin;
  const pages = session.fromPartition(PARTITION);
  serveAppScheme(pages, sources.rendererDir);
  const isVisible = (contents: WebContents | null) => contents !== null && kinds.get(contents.id) === 'ui';
  const rules: SessionRules = {
    isAllowedUrl: (url) => isAllowedUrl(url, origin, sources.devServerUrl !== null),
    mayCopy: (contents, requester) => isVisible(contents) && requester === origin,
  };
  lockDownSession(pages, rules, log);
  lockDownSession(session.defaultSession, { isAllowedUrl: () => false, mayCopy: () => false }, log);

  return {
    origin,
    create(kind, options = {}) {
      const window = new BrowserWindow({
        ...(kind === 'ui' ? { ...UI_SIZE, useContentSize: true } : { width: 200, height: 200, focusable: false }),
        show: false,
        autoHideMenuBar: true,
        ...(options.backgroundColor === undefined ? {} : { backgroundColor: options.backgroundColor }),
        webPreferences: webPreferences(kind, sources.preloadDir),
      });
      const id = window.webContents.id;
      kinds.set(id, kind);
      window.on('closed', () => kinds.delete(id));
      if (kind === 'ui') window.once('ready-to-show', () => window.show());
      keepAlive(window, kind, log, now);
      void window.loadURL(pageUrl(sources.devServerUrl, kind, options.query ?? {}));
      return window;
    },
    kindOf: (contents) => kinds.get(contents.id) ?? null,
    all: (kind) => BrowserWindow.getAllWindows().filter((window) => kinds.get(window.webContents.id) === kind),
  };
}

function webPreferences(kind: WindowKind, preloadDir: string): WebPreferences {
  return {
    partition: PARTITION,
    preload: `${preloadDir}/${kind === 'ui' ? 'window' : 'phone'}.cjs`,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
    devTools: !app.isPackaged,
    // The phone works unseen: its timers must not be slowed down and its sound starts without a click.
    ...(kind === 'phone' ? { backgroundThrottling: false, autoplayPolicy: 'no-user-gesture-required' as const } : {}),
  };
}

function pageUrl(devServerUrl: string | null, kind: WindowKind, query: Record<string, string>): string {
  const url = new URL(kind === 'ui' ? 'index.html' : 'phone.html', devServerUrl ?? `${APP_ORIGIN}/`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function isAllowedUrl(requested: string, origin: string, isDevelopment: boolean): boolean {
  if (requested.startsWith(`${origin}/`)) return true;
  const { protocol, host } = new URL(requested);
  if (protocol === 'data:' || protocol === 'devtools:') return true;
  return isDevelopment && protocol === 'ws:' && host === new URL(origin).host;
}

/** Loads a page again after its process died or hung; what was typed is in the cache, a call is in the other window. */
function keepAlive(window: BrowserWindow, kind: WindowKind, log: Log, now: () => number): void {
  const { webContents } = window;
  let deaths: number[] = [];
  let hang: NodeJS.Timeout | undefined;
  webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    log({ event: 'window-gone', window: kind, reason: details.reason, exitCode: details.exitCode });
    const at = now();
    deaths = [...deaths.filter((death) => at - death < 60_000), at];
    if (deaths.length <= MAX_RELOADS && !window.isDestroyed()) webContents.reload();
  });
  window.on('unresponsive', () => {
    log({ event: 'window-unresponsive', window: kind });
    clearTimeout(hang);
    if (!webContents.isDevToolsOpened()) hang = setTimeout(() => webContents.forcefullyCrashRenderer(), HANG_MS);
  });
  window.on('responsive', () => clearTimeout(hang));
  window.on('closed', () => clearTimeout(hang));
}
