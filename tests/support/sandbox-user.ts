import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConsoleLaunch } from '../../scripts/driver/console-app.ts';
import { readRuntime, sandboxArguments } from '../../scripts/runtime.ts';
import { projectRoot } from './bootstrap.ts';

const USER = 'hotline-e2e';

/** A person of this machine who is not root, so that Chromium's real sandbox works. */
export interface SandboxUser {
  /** What to launch the console with. */
  readonly launch: Partial<ConsoleLaunch>;
  /** A new empty folder that belongs to the person. */
  makeFolder(name: string): string;
  close(): void;
}

/**
 * Finds or makes the person: the one who runs the tests, or for root a user of the operating system that exists for this.
 * @returns null with the reason on standard error when this machine has no sandbox for anybody (AppArmor forbids it)
 */
export function openSandboxUser(): SandboxUser | null {
  const home = mkdtempSync(path.join(tmpdir(), 'hotline-person-'));
  const close = () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  const base = { noSandbox: false, env: { HOME: home, TMPDIR: path.join(home, 'tmp') } };
  if (process.getuid?.() !== 0) {
    mkdirSync(path.join(home, 'tmp'));
    if (sandboxArguments().length > 0) {
      console.error('Skipped: this machine allows no user namespaces, so there is no sandbox to test.');
      close();
      return null;
    }
    return { launch: base, makeFolder: (name) => makeFolder(home, name), close };
  }

  const { uid, gid } = findOrMakeUser();
  chownSync(home, uid, gid);
  const own = (folder: string) => {
    chownSync(folder, uid, gid);
    return folder;
  };
  own(makeFolder(home, 'tmp'));
  const runtime = readRuntime();
  const program = canRead(uid, gid, [path.join(projectRoot, 'out/main/index.js'), runtime.electronPath])
    ? { appDir: projectRoot, electronPath: runtime.electronPath, nativeBinding: runtime.nativeBinding }
    : copyProgram(path.join(home, 'program'));
  const wrapper = path.join(home, 'electron.sh');
  writeFileSync(
    wrapper,
    `#!/bin/sh\nexec setpriv --reuid ${uid} --regid ${gid} --clear-groups "${program.electronPath}" "$@"\n`,
  );
  chmodSync(wrapper, 0o755);
  return {
    launch: { ...base, ...program, electronPath: wrapper },
    makeFolder: (name) => own(makeFolder(home, name)),
    close,
  };
}

function makeFolder(home: string, name: string): string {
  const folder = path.join(home, name);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

function findOrMakeUser(): { uid: number; gid: number } {
  const find = () => spawnSync('id', ['-u', USER], { encoding: 'utf8' });
  if (find().status !== 0)
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', USER]);
  const uid = Number(find().stdout);
  const gid = Number(execFileSync('id', ['-g', USER], { encoding: 'utf8' }));
  return { uid, gid };
}

function canRead(uid: number, gid: number, files: readonly string[]): boolean {
  const asUser = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups', 'test', '-r'];
  return files.every((file) => spawnSync('setpriv', [...asUser, file]).status === 0);
}

/** A clone below /root cannot be entered by anybody else: the built application is copied to where it can. */
function copyProgram(target: string): Pick<ConsoleLaunch, 'appDir' | 'electronPath' | 'nativeBinding'> {
  const runtime = readRuntime();
  for (const part of ['package.json', 'out', 'node_modules/better-sqlite3', 'node_modules/@node-rs']) {
    cpSync(path.join(projectRoot, part), path.join(target, part), { recursive: true, dereference: true });
  }
  const electronDir = path.join(target, 'electron');
  cpSync(path.dirname(runtime.electronPath), electronDir, { recursive: true });
  const binding = runtime.nativeBinding;
  const copiedBinding = binding === null ? null : path.join(target, path.basename(binding));
  if (binding !== null && copiedBinding !== null && existsSync(binding)) cpSync(binding, copiedBinding);
  execFileSync('chmod', ['-R', 'a+rX', target]);
  return {
    appDir: target,
    electronPath: path.join(electronDir, path.basename(runtime.electronPath)),
    nativeBinding: copiedBinding,
  };
}
