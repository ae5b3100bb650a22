import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { systemClock } from '#shared/kernel/clock.ts';
import { devDependencies } from '../../package.json' with { type: 'json' };
import { registerAppScheme } from './shell/app-scheme.ts';
import { type ConsoleOptions, startConsole } from './shell/console-app.ts';
import { configFilePaths, readLaunchConfig } from './shell/launch-config.ts';
import { openLog } from './shell/log.ts';
import { makeSpareFolder, prepareProfileFolder } from './shell/profile-folder.ts';
import { EXIT_FORBIDDEN_START, findDebuggingSwitch } from './shell/startup-guard.ts';

const here = import.meta.dirname;

if (app.isPackaged && findDebuggingSwitch(process.argv.slice(1)) !== null) app.exit(EXIT_FORBIDDEN_START);
else start();

/** Start-up in the one order that works: sandbox and scheme before Electron is ready, the folder before the lock in it. */
function start(): void {
  // As root there is no sandbox to enable, and asking for it makes Chromium's network service crash in a loop.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerAppScheme();

  const userData = app.getPath('userData');
  const configFiles = configFilePaths(process.platform, process.env, userData);
  const { config, problem: configProblem } = readLaunchConfig({
    isPackaged: app.isPackaged,
    env: process.env,
    userData,
    configFiles: [configFiles.own, configFiles.shared],
  });
  const folderProblem = prepareProfileFolder(config.profileDir);
  if (folderProblem === null) {
    // Chromium's own files live in the profile too; its lock there makes one console per profile.
    app.setPath('userData', path.join(config.profileDir, 'chromium'));
    if (!app.requestSingleInstanceLock()) {
      app.exit(0);
      return;
    }
  } else takeSpareFolder();
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
    configFile: configFiles.shared,
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

/**
 * Lets Chromium start although the profile folder cannot be used: there is nothing to lock then, only a sentence to show.
 * Memory is the last place that a full disk leaves; without any, Chromium's own default has to do.
 */
function takeSpareFolder(): void {
  const folder = makeSpareFolder([tmpdir(), '/dev/shm']);
  if (folder === null) return;
  app.setPath('userData', folder);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
