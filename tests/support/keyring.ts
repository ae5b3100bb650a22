import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConsoleLaunch } from '../../scripts/driver/console-app.ts';
import { readRuntime } from '../../scripts/runtime.ts';

const PROGRAMS = ['dbus-run-session', 'gnome-keyring-daemon'];

/** False with a notice where the programs of a desktop's keyring are not installed. */
export function hasKeyring(): boolean {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const missing = PROGRAMS.filter((program) => !folders.some((folder) => existsSync(path.join(folder, program))));
  if (missing.length > 0) console.error(`Skipped: no ${missing.join(', ')} (Debian: gnome-keyring, dbus-daemon).`);
  return missing.length === 0;
}

/** A desktop session around one console, as its window system would have made it. */
export interface DesktopSession {
  /** Its keyring is opened with the person's password, or there is no such service. */
  readonly hasKeyring: boolean;
  /** The person: each has a keyring of their own. */
  readonly person: string;
}

/** A bus that starts nothing by itself: a service that is not there must not come back with a question to the person. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/**
 * What to launch a console with inside a desktop session of its own. The process that is started is the session, so such a
 * console can be closed but not killed by its id.
 * @param folder where the desktop's files are made; its path must be short, sockets lie in it
 */
export function insideDesktop(folder: string, session: DesktopSession): Partial<ConsoleLaunch> {
  const runtimeDir = mkdtempSync(path.join(folder, 'run-'));
  const home = path.join(folder, session.person);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const bus = path.join(runtimeDir, 'bus.conf');
  writeFileSync(bus, BUS);
  const daemon = session.hasKeyring
    ? 'printf Desktop-1 | gnome-keyring-daemon --unlock --components=secrets > /dev/null; '
    : '';
  const wrapper = path.join(runtimeDir, 'electron.sh');
  writeFileSync(
    wrapper,
    `#!/bin/sh\nexec dbus-run-session --config-file="${bus}" -- sh -c '${daemon}exec "$0" "$@"' "${readRuntime().electronPath}" "$@"\n`,
  );
  chmodSync(wrapper, 0o755);
  return {
    electronPath: wrapper,
    env: { HOME: home, XDG_RUNTIME_DIR: runtimeDir, XDG_CURRENT_DESKTOP: 'GNOME' },
  };
}
