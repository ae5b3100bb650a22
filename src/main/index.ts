import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { systemClock } from '#shared/kernel/clock.ts';
import { devDependencies } from '../../package.json' with { type: 'json' };
import { registerAppScheme } from './shell/app-scheme.ts';
import { type ConsoleOptions, startConsole } from './shell/console-app.ts';
import { readLaunchConfig } from './shell/launch-config.ts';
import { openLog } from './shell/log.ts';
import { prepareProfileFolder } from './shell/profile-folder.ts';
import { EXIT_FORBIDDEN_START, findDebuggingSwitch } from './shell/startup-guard.ts';

const here = import.meta.dirname;

if (app.isPackaged && findDebuggingSwitch(process.argv.slice(1)) !== null) app.exit(EXIT_FORBIDDEN_START);
else start();

/** Start-up in the one order that works: sandbox and scheme before Electron is ready, the folder before the lock in it. */
function start(): void {
  // As root there is no sandbox to enable, and asking for it makes Chromium's network service crash in a loop.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerAppScheme();

  const { config, problem: configProblem } = readLaunchConfig({
    isPackaged: app.isPackaged,
    env: process.env,
    userData: app.getPath('userData'),
    configFiles: [path.join(app.getPath('userData'), 'console.json'), '/etc/hotline-12345/console.json'],
  });
  const folderProblem = prepareProfileFolder(config.profileDir);
  // Chromium's own files live in the profile too; its lock there makes one console per profile.
  app.setPath(
    'userData',
    folderProblem === null ? path.join(config.profileDir, 'chromium') : mkdtempSync(path.join(tmpdir(), 'hotline-')),
  );
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const log = openLog(path.join(config.profileDir, 'logs'), systemClock);
  const runtime = process.versions.electron === devDependencies.electron ? 'product' : 'fallback';
  log({
    event: 'started',
    appVersion: app.getVersion(),
    electron: process.versions.electron,
    runtime,
    mode: config.mode,
  });
  const options: ConsoleOptions = {
    config,
    findProblem: () => {
      if (configProblem) return { code: 'BAD_CONFIG', detail: configProblem.detail };
      const code = prepareProfileFolder(config.profileDir);
      return code && { code, detail: config.profileDir };
    },
    dataEntry: path.join(here, 'data.js'),
    sources: {
      rendererDir: path.join(here, '../renderer'),
      preloadDir: path.join(here, '../preload'),
      devServerUrl: app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null),
    },
    runtime,
    log,
    clock: systemClock,
  };
  // Not awaited here: Electron gets ready only after this file has been evaluated.
  void app.whenReady().then(() => startConsole(options));
}
