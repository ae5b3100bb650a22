import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { StartupError } from '../startup-error.ts';

/** Account PostgreSQL runs as. PostgreSQL refuses to run as root. */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const OWN_USER = 'hotline12345';

/**
 * Null when this process is not root: PostgreSQL then runs as the same user. As root, the product's own system user,
 * made on first use; an existing `postgres` user serves where users cannot be added.
 * @throws StartupError OS_USER_MISSING
 */
export function resolveOsUser(): OsUser | null {
  if (process.getuid?.() !== 0) return null;
  const known = findUser(OWN_USER);
  if (known) return known;
  const attempts: readonly (readonly [string, readonly string[]])[] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_USER]],
    ['adduser', ['-S', '-D', '-H', OWN_USER]],
  ];
  for (const [program, args] of attempts) {
    spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 });
    const made = findUser(OWN_USER);
    if (made) return made;
  }
  const existing = findUser('postgres');
  if (existing) return existing;
  throw new StartupError(
    'OS_USER_MISSING',
    'PostgreSQL does not run as root and no system user could be made; start as an ordinary user or set DATABASE_URL.',
  );
}

function findUser(name: string): OsUser | null {
  const id = (flag: string) => {
    const run = spawnSync('id', [flag, name], { encoding: 'utf8', timeout: 5_000 });
    return run.status === 0 ? Number.parseInt(run.stdout, 10) : null;
  };
  const uid = id('-u') ?? readPasswd(name)?.uid ?? null;
  const gid = id('-g') ?? readPasswd(name)?.gid ?? null;
  return uid === null || gid === null || uid === 0 ? null : { name, uid, gid };
}

function readPasswd(name: string): { readonly uid: number; readonly gid: number } | null {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
  } catch {
    return null;
  }
}
