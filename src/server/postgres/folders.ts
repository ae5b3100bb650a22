import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { StartupError } from '../startup-error.ts';
import type { OsUser } from './os-user.ts';

/**
 * Folder outside any checkout for what PostgreSQL's own OS user has to reach. Root owns it, so no other account can plant
 * programs in it; for an ordinary user it is in their home.
 * @throws StartupError FOLDER_UNUSABLE
 */
export function makeSharedFolder(user: OsUser | null): string {
  const candidates = user
    ? ['/var/lib/hotline-12345', '/var/tmp/hotline-12345']
    : [join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'hotline-12345')];
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const stat = statSync(folder);
      if (process.getuid && stat.uid !== process.getuid()) continue;
      if ((stat.mode & 0o022) !== 0) continue;
      if (user) {
        chmodSync(folder, 0o755);
        if (!canEnter(folder, user)) continue;
      }
      return folder;
    } catch {
      // The next candidate may be on a writable file system.
    }
  }
  throw new StartupError('FOLDER_UNUSABLE', `No usable folder for PostgreSQL: tried ${candidates.join(' and ')}.`);
}

/** True when that OS user can reach files below the folder (every parent included). */
export function canEnter(folder: string, user: OsUser): boolean {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const run = spawnSync('/bin/sh', ['-c', 'cd -- "$1" 2>/dev/null', 'sh', existing], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
    stdio: 'ignore',
    timeout: 5_000,
  });
  return run.status === 0;
}
