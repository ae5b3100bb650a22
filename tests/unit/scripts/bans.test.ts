import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { BANS, findBroken, isNamed } from '../../../scripts/bans.ts';

const ids = (file: string, text: string) => findBroken(file, text).map(({ id }) => id);

/** What somebody might write, and the file it would be wrong in. */
const CAUGHT: readonly (readonly [id: string, file: string, text: string])[] = [
  ['plain-text-encryption', 'src/main/shell/device-secret.ts', 'safeStorage.setUsePlainTextEncryption(true);'],
  ['serialize', 'src/main/data/db/backup.ts', 'writeFileSync(file, db.serialize());'],
  ['load-extension', 'src/main/data/db/sqlite.ts', "db.loadExtension('./icu');"],
  ['load-extension', 'src/main/data/db/sqlite.ts', "db.exec(`SELECT load_extension('icu')`);"],
  ['plain-attach', 'src/main/data/db/export.ts', "db.exec(`ATTACH DATABASE 'out.db' AS plain KEY ''`);"],
  ['plain-attach', 'src/main/data/db/export.ts', "db.exec(\"attach 'out.db' as plain key ''\");"],
  ['raw-ipc-main', 'src/main/shell/console-app.ts', "ipcMain.handle('shell:quit', () => app.quit());"],
  ['raw-ipc-main', 'src/main/shell/windows.ts', "window.webContents.ipc.handle('x', run);"],
  ['ipc-main-import', 'src/main/shell/preferences.ts', "import { app, ipcMain } from 'electron';"],
  ['ipc-renderer', 'src/renderer/platform/bridge.ts', "import { ipcRenderer } from 'electron';"],
  ['window-outside-factory', 'src/main/shell/console-app.ts', 'const window = new BrowserWindow({ show: true });'],
  ['window-outside-factory', 'src/main/shell/help.ts', 'window.contentView.addChildView(new WebContentsView());'],
  ['open-external', 'src/main/shell/help.ts', 'void shell.openExternal(url);'],
  ['certificate-override', 'src/main/shell/net.ts', "app.on('certificate-error', (event) => event.preventDefault());"],
  ['certificate-override', 'src/main/data/sync/http.ts', 'new Agent({ connect: { rejectUnauthorized: false } });'],
  ['child-process', 'src/main/data/index.ts', "import { spawn } from 'node:child_process';"],
  ['child-process-fork', 'src/server/demo/seed-demo.ts', "import { fork } from 'node:child_process';"],
  [
    'child-process-fork',
    'src/server/main.ts',
    "import * as child_process from 'node:child_process';\nchild_process.fork('x');",
  ],
];

describe('what must not stand in the sources', () => {
  it.each(CAUGHT)('%s is found in %s', (id, file, text) => {
    expect(ids(file, text)).toContain(id);
  });

  it('has an example of every ban here', () => {
    expect(new Set(CAUGHT.map(([id]) => id))).toEqual(new Set(BANS.map(({ id }) => id)));
  });

  it('is allowed in the one place where it belongs', () => {
    for (const file of ['src/main/shell/console-app.ts', 'src/main/shell/windows.ts', 'src/main/preload/window.ts']) {
      expect(ids(file, readFileSync(file, 'utf8'))).toEqual([]);
    }
    expect(ids('src/main/shell/windows.ts', 'new BrowserWindow({})')).toEqual([]);
    expect(ids('src/server/postgres/cluster.ts', "import { spawn } from 'node:child_process';")).toEqual([]);
  });

  it('may be spoken of in a comment', () => {
    expect(ids('src/main/data/db/sqlite.ts', '/* never db.serialize() */\n  // nor loadExtension\n')).toEqual([]);
  });
});

test('names that tell nothing of what is in a file are refused', () => {
  expect(['src/shared/utils.ts', 'src/main/data/helper.ts', 'src/renderer/common.tsx'].filter(isNamed)).toEqual([]);
  expect(['src/main/index.ts', 'src/shared/common-words.ts'].filter(isNamed)).toHaveLength(2);
});
