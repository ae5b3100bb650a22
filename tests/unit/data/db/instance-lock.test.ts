import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lockFolder } from '#main/data/db/instance-lock.ts';
import { prepareConsoles } from '#tests/support/data/console.ts';
import { mountSmallDisk } from '#tests/support/data/small-disk.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();

/** Another process that takes the lock and keeps it until it is killed. */
function startHolder(folder: string): Promise<{ kill(): Promise<void> }> {
  const script = new URL('../../../support/data/hold-lock.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`holder ended with ${code}`)));
    child.stdout.once('data', () =>
      resolve({
        kill: () =>
          new Promise((done) => {
            child.removeAllListeners('exit');
            child.once('exit', () => done());
            child.kill('SIGKILL');
          }),
      }),
    );
  });
}

test('F9: a second process is told that the folder is in use, and gets it once the first was killed', async () => {
  const folder = tempFolder();
  const holder = await startHolder(folder);
  expect(() => lockFolder(folder, null)).toThrow(expect.objectContaining({ code: 'DATABASE_BUSY' }) as Error);
  await holder.kill();
  const lock = lockFolder(folder, null);
  lock.release();
  lockFolder(folder, null).release();
});

test('F6: a folder that cannot be written is READ_ONLY at start', ({ skip }) => {
  const refusal = expect.objectContaining({ code: 'READ_ONLY' }) as Error;
  const disk = mountSmallDisk(1_000);
  if (disk) {
    try {
      disk.makeReadOnly();
      expect(() => lockFolder(disk.folder, null)).toThrow(refusal);
      expect(() => startConsole({ folder: disk.folder })).toThrow(refusal);
      expect(() => startConsole({ folder: `${disk.folder}/new` })).toThrow(refusal);
    } finally {
      disk.remove();
    }
    return;
  }
  if (process.getuid?.() === 0) skip('rights do not bind root, and mounting is not allowed here');
  const folder = tempFolder();
  chmodSync(folder, 0o500);
  expect(() => lockFolder(folder, null)).toThrow(refusal);
  expect(() => startConsole({ folder })).toThrow(refusal);
  chmodSync(folder, 0o700);
});
