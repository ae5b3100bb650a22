import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { readKeyFile } from '#main/data/keys/key-file.ts';
import { rewrapProfileKeys, unlockProfileKeys } from '#main/data/keys/profile-keys.ts';

/** Wraps the key of a profile by a new password and kills itself before the given call that touches the disk. */
const [folder = '', oldPassword = '', newPassword = '', stopBefore = ''] = process.argv.slice(2);
const file = readKeyFile(folder);
const unlocked = file ? await unlockProfileKeys(file, oldPassword, null) : null;
if (unlocked?.kind !== 'unlocked') throw new Error('the old password must open the profile');

let calls = 0;
for (const name of ['openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync'] as const) {
  const original = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      if (calls === Number(stopBefore)) process.kill(process.pid, 'SIGKILL');
      calls += 1;
      return original(...args);
    },
  });
}
syncBuiltinESMExports();
await rewrapProfileKeys(folder, unlocked.keys, newPassword, null);
