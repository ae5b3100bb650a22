import os from 'node:os';
import path from 'node:path';
import { app, BrowserWindow, ipcMain, nativeTheme, powerMonitor, safeStorage, utilityProcess } from 'electron';
import type { DataState, Preferences, ShellEvent } from '#shared/contract/shell.contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DataProcessHost } from '../host/data-process-host.ts';
import { PortBroker } from '../host/port-broker.ts';
import { readDeviceSecret } from './device-secret.ts';
import { type IdleWatch, watchIdle } from './idle-watch.ts';
import { registerShellIpc, ShellError, type ShellHandlers } from './ipc-registry.ts';
import type { LaunchConfig } from './launch-config.ts';
import { lockDownContents } from './lockdown.ts';
import type { Log } from './log.ts';
import { installMenu } from './menu.ts';
import { openPhoneWindow, type PhoneWindow } from './phone-window.ts';
import { openPreferences } from './preferences.ts';
import { printPage } from './print-page.ts';
import { readAhead } from './read-ahead.ts';
import { redact } from './redact.ts';
import { createPieceSaver, saveFile } from './save-file.ts';
import { createSessionLock, type SessionLock } from './session-lock.ts';
import { askBeforeClosing, type WindowClosing } from './window-closing.ts';
import { createWindowFactory, type WindowFactory, type WindowSources } from './windows.ts';

export interface ConsoleOptions {
  readonly config: LaunchConfig;
  /** Where an administrator sets this console up; named on the screen when something is missing there. */
  readonly configFile: string;
  /** Why the data process cannot be started, null when it can. Asked again when the person tries again. */
  readonly findProblem: () => { readonly code: string; readonly detail: string } | null;
  /** File of the data process. */
  readonly dataEntry: string;
  readonly sources: WindowSources;
  readonly runtime: 'product' | 'fallback';
  readonly log: Log;
  readonly clock: Clock;
}

/** What of the environment the data process needs: locale, proxies, certificates. Nothing else is handed on. */
const PASSED_ENVIRONMENT =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|APPDATA|LOCALAPPDATA|(HTTPS?|NO|ALL)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;

const BACKGROUND = { light: '#ffffff', dark: '#141517' };

/** Puts the console together once Electron is ready: rules for pages, channels, window, data process, phone, in this order. */
export function startConsole(options: ConsoleOptions): void {
  const { config, log, clock } = options;
  lockDownContents(log);
  installMenu(process.platform);
  const windows = createWindowFactory(options.sources, log, () => clock.now());
  const preferences = openPreferences(path.join(config.profileDir, 'preferences.json'), log);
  nativeTheme.themeSource = preferences.get().theme;

  const host = createHost(options, (state) => send(windows, 'shell:data-state-changed', state));
  const phone = Promise.withResolvers<PhoneWindow>();
  const broker = new PortBroker(host, async () => (await phone.promise).ready());
  const sessionLock = createSessionLock(
    () => send(windows, 'shell:lock-requested', null),
    () => host.lock(),
  );
  // The page answers only after its window is there.
  const closing = Promise.withResolvers<WindowClosing>();
  registerShellIpc(ipcMain, {
    origin: windows.origin,
    kindOf: windows.kindOf,
    handlers: createHandlers(options, { host, broker, preferences, windows, sessionLock, closing: closing.promise }),
    clock,
    log,
  });
  watchWorkstation(sessionLock, log);
  const idle = watchIdle({
    limitMs: config.idleLockMs,
    systemIdleMs: () => powerMonitor.getSystemIdleTime() * 1_000,
    elapsed: () => performance.now(),
    onIdle: () => send(windows, 'shell:idle', { limitMs: config.idleLockMs }),
  });

  const mainWindow = openMainWindow(windows, idle);
  closing.resolve(guardClosing(mainWindow, windows));
  const problem = options.findProblem();
  if (problem === null) host.start();
  else host.refuse(problem.code, problem.detail);
  // The phone is needed after the sign-in only; until the first page is there it would compete with it for the processor.
  mainWindow.webContents.once('dom-ready', () => {
    phone.resolve(openPhoneWindow(windows, config, clock.now() % 2 ** 31));
    readDatabasesAhead(config.profileDir, log);
  });

  app.on('second-instance', () => focusMainWindow(windows));
  app.on('activate', () => focusMainWindow(windows));
  endInOrder(host, log);
}

function createHost(options: ConsoleOptions, announce: (state: DataState) => void): DataProcessHost {
  const { config, log, clock } = options;
  const host = new DataProcessHost({
    clock,
    fork: () =>
      utilityProcess.fork(options.dataEntry, [], {
        serviceName: 'hotline-data',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ENVIRONMENT.test(name))),
      }),
    init: () => {
      const device = readDeviceSecret(path.join(config.profileDir, 'device-secret.bin'), safeStorage, process.platform);
      log({ event: 'keyring', state: device.state, backend: device.backend });
      return {
        kind: 'init',
        profileDir: config.profileDir,
        mode: config.mode,
        serverUrl: config.serverUrl,
        deviceSecret: device.state === 'used' ? device.secret : null,
        keyringUnreadable: device.state === 'unreadable',
        nativeBinding: config.nativeBinding,
        appVersion: app.getVersion(),
      };
    },
    observer: {
      onState: (state) => {
        log({
          event: 'data-state',
          state: state.kind,
          ...(state.kind === 'failed' ? { code: state.code } : {}),
          ...(state.kind === 'restarting' ? { attempt: state.attempt } : {}),
        });
        announce(state);
      },
      onEnd: (end) => log({ event: 'data-ended', ...end }),
      onOutput: (stream, line) => log({ event: 'data-output', stream, text: redact(line) }),
    },
  });
  app.on('child-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') log({ event: 'child-gone', type: details.type, reason: details.reason });
  });
  return host;
}

function createHandlers(
  options: ConsoleOptions,
  parts: {
    host: DataProcessHost;
    broker: PortBroker;
    preferences: ReturnType<typeof openPreferences>;
    windows: WindowFactory;
    sessionLock: SessionLock;
    closing: Promise<WindowClosing>;
  },
): ShellHandlers {
  const { host, broker, preferences, windows, sessionLock, closing } = parts;
  const pieces = createPieceSaver();
  return {
    'shell:info': () => ({
      appVersion: app.getVersion(),
      electron: process.versions.electron,
      chrome: process.versions.chrome,
      node: process.versions.node,
      runtime: options.runtime,
      mode: options.config.mode,
      packaged: app.isPackaged,
      configFile: options.configFile,
    }),
    'shell:preferences:get': () => preferences.get(),
    'shell:preferences:set': (wanted: Preferences) => {
      const saved = storePreferences(preferences, wanted);
      nativeTheme.themeSource = saved.theme;
      send(windows, 'shell:preferences-changed', saved);
      return saved;
    },
    'shell:data-state': () => host.state,
    'shell:data-restart': async () => {
      const problem = options.findProblem();
      if (problem === null) await host.restart();
      return undefined;
    },
    'shell:save-file': (file, sender) => {
      const window = BrowserWindow.fromWebContents(sender);
      if (!window) throw new ShellError('FORBIDDEN');
      return saveFile(window, file);
    },
    'shell:save-begin': async ({ fileName }, sender) => {
      const window = BrowserWindow.fromWebContents(sender);
      if (!window) throw new ShellError('FORBIDDEN');
      return { id: await pieces.begin(window, fileName) };
    },
    'shell:save-append': ({ id, base64 }) => pieces.append(id, base64) as undefined,
    'shell:save-end': ({ id, keep }) => pieces.end(id, keep) as undefined,
    'shell:print': (request, sender) => {
      const window = BrowserWindow.fromWebContents(sender);
      if (!window) throw new ShellError('FORBIDDEN');
      return printPage(window, request);
    },
    'shell:lock-now': () => {
      sessionLock.confirm();
      return undefined;
    },
    'shell:close': async (answer) => {
      (await closing).answer(answer);
      return undefined;
    },
    'shell:connect': async (request, sender) => {
      try {
        await broker.connect(sender, request);
        return undefined;
      } catch (error) {
        throw ShellError.from(error);
      }
    },
  };
}

function storePreferences(store: ReturnType<typeof openPreferences>, wanted: Preferences): Preferences {
  try {
    return store.set(wanted);
  } catch (error) {
    throw new ShellError((error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'DISK_FULL' : 'READ_ONLY');
  }
}

function send(windows: WindowFactory, event: ShellEvent, payload: unknown): void {
  for (const window of windows.all('ui')) window.webContents.send(event, payload);
}

/** Locks when the person's own workstation is locked or put to sleep. */
function watchWorkstation(sessionLock: SessionLock, log: Log): void {
  const lock = (by: string) => () => {
    log({ event: 'lock-requested', by });
    sessionLock.request();
  };
  powerMonitor.on('lock-screen', lock('lock-screen'));
  powerMonitor.on('suspend', lock('suspend'));
}

function openMainWindow(windows: WindowFactory, idle: IdleWatch): BrowserWindow {
  const window = windows.create('ui', {
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
  });
  window.webContents.on('input-event', () => idle.touch());
  // The phone window is still there, so "all windows closed" would never come.
  window.on('closed', () => app.quit());
  return window;
}

/** Closing the window asks its page first; the end of the application as a whole only lets it save. */
function guardClosing(window: BrowserWindow, windows: WindowFactory): WindowClosing {
  let isQuitting = false;
  app.on('before-quit', () => {
    isQuitting = true;
  });
  return askBeforeClosing(
    window,
    () => isQuitting,
    (payload) => send(windows, 'shell:close-requested', payload),
  );
}

function focusMainWindow(windows: WindowFactory): void {
  const window = windows.all('ui')[0];
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function readDatabasesAhead(profileDir: string, log: Log): void {
  const ending = new AbortController();
  app.once('before-quit', () => ending.abort());
  const start = performance.now();
  void readAhead(profileDir, os.freemem(), ending.signal).then((bytes) =>
    log({ event: 'read-ahead', bytes, ms: Math.round(performance.now() - start) }),
  );
}

/** The process that owns the files ends before the application does, however quitting began. */
function endInOrder(host: DataProcessHost, log: Log): void {
  let isEnding = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    log({ event: 'quit' });
    void host.shutdown().finally(() => app.exit(0));
  });
}
