import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAtomicFile, writeFileAtomic } from '#main/shell/atomic-file.ts';
import { type LogEvent, openLog } from '#main/shell/log.ts';
import { openPreferences } from '#main/shell/preferences.ts';
import { makeSpareFolder, prepareProfileFolder } from '#main/shell/profile-folder.ts';
import { redact } from '#main/shell/redact.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hotline-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file replaced as a whole', () => {
  it('is readable by its owner only and leaves nothing beside it', () => {
    const file = path.join(folder, 'x.json');
    writeFileAtomic(file, 'one');
    writeFileAtomic(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['x.json']);
  });

  it('is left alone when the new content cannot take its place', () => {
    const file = path.join(folder, 'taken');
    mkdirSync(path.join(file, 'full'), { recursive: true });
    expect(() => writeFileAtomic(file, 'new')).toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});

describe('a file that comes in pieces', () => {
  it('takes the place of the old one when it is whole, and not before', () => {
    const file = path.join(folder, 'x.hotline');
    writeFileAtomic(file, 'old');
    const fresh = openAtomicFile(file);
    fresh.write(Buffer.from('one '));
    fresh.write(Buffer.from('two'));
    expect(readFileSync(file, 'utf8')).toBe('old');
    fresh.commit();
    expect(readFileSync(file, 'utf8')).toBe('one two');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['x.hotline']);
  });

  it('leaves the old one and nothing of itself when it is given up', () => {
    const file = path.join(folder, 'x.hotline');
    writeFileAtomic(file, 'old');
    const fresh = openAtomicFile(file);
    fresh.write(Buffer.from('half'));
    fresh.abandon();
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['x.hotline']);
    expect(() => fresh.write(Buffer.from('more'))).toThrow();
    expect(readdirSync(folder)).toEqual(['x.hotline']);
  });
});

describe('the profile folder', () => {
  it('is made for its owner alone and left without a trace of the trial', () => {
    const profile = path.join(folder, 'a', 'demo');
    expect(prepareProfileFolder(profile)).toBeNull();
    expect(statSync(profile).mode & 0o777).toBe(0o700);
    expect(readdirSync(profile)).toEqual([]);
  });

  it('is refused where no folder can be made', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(prepareProfileFolder(path.join(folder, 'file', 'demo'))).toBe('READ_ONLY');
  });
});

describe("the spare folder for Chromium's files", () => {
  it('is the first that can be made, and none when every place is full or forbidden', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const nowhere = path.join(folder, 'file', 'tmp');
    const found = makeSpareFolder([nowhere, folder]);
    expect(path.dirname(found ?? '')).toBe(folder);
    expect(makeSpareFolder([nowhere, nowhere])).toBeNull();
  });
});

describe('preferences', () => {
  const silent = () => {};

  it('are the defaults at first, and what was set after a restart', () => {
    const file = path.join(folder, 'preferences.json');
    const store = openPreferences(file, silent);
    expect(store.get()).toEqual({ language: 'zh-CN', theme: 'system' });
    store.set({ language: 'en', theme: 'dark' });
    expect(openPreferences(file, silent).get()).toEqual({ language: 'en', theme: 'dark' });
  });

  it.each(['', '{', '[]', '{"language":"fr","theme":"dark"}', '{"language":"en"}', '\u0000\u0000'])(
    'are the defaults when the file holds %j, and that is logged',
    (text) => {
      const file = path.join(folder, 'preferences.json');
      writeFileSync(file, text);
      const events: LogEvent[] = [];
      expect(openPreferences(file, (event) => events.push(event)).get().language).toBe('zh-CN');
      expect(events).toEqual([{ event: 'preferences-unreadable' }]);
    },
  );
});

describe('the log', () => {
  const clock = { now: () => Date.UTC(2026, 10, 22) };
  const event: LogEvent = { event: 'window-unresponsive', window: 'ui' };

  it('writes one line per event, control characters escaped, for its owner only', () => {
    const log = openLog(path.join(folder, 'logs'), clock);
    log(event);
    log({ event: 'ipc-failed', channel: 'shell:info', error: 'first\nsecond\u001b[31m\u0000' });
    const file = path.join(folder, 'logs', 'console.log');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: '2026-11-22T00:00:00.000Z', ...event },
      {
        at: '2026-11-22T00:00:00.000Z',
        event: 'ipc-failed',
        channel: 'shell:info',
        error: 'first\nsecond\u001b[31m\u0000',
      },
    ]);
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('goes on in a new file when one is full and keeps five old ones', () => {
    const log = openLog(folder, clock, 200);
    for (let i = 0; i < 40; i++) log(event);
    const files = readdirSync(folder).sort();
    expect(files).toEqual(['console.log', ...[1, 2, 3, 4, 5].map((n) => `console.log.${n}`)]);
    for (const file of files) expect(statSync(path.join(folder, file)).size).toBeLessThanOrEqual(200);
  });

  it('does not stop the console when its folder cannot be written', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const log = openLog(path.join(folder, 'file', 'logs'), clock);
    expect(() => log(event)).not.toThrow();
  });
});

describe('the redactor', () => {
  it.each([
    ['call from 13812345678 failed', '13812345678'],
    ['138 1234 5678', '1234 5678'],
    ['tel +86 25-8000 0000', '8000 0000'],
    ['id 32010119900101123X.', '32010119900101123'],
    ['card 6222 0202 0000 1234 567', '6222 0202'],
    ['name=张三丰, 男', '张三丰'],
    ['Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0x.c2lnbmF0dXJlLXg', 'eyJhbGciOiJFZERTQSJ9'],
    [`key ${'ab12'.repeat(16)}`, 'ab12ab12'],
  ])('takes the personal part out of %s', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it('leaves what a developer needs and changes nothing the second time', () => {
    const text = 'SqliteError: SQLITE_FULL at saveDraft (data.js:120:33) after 45 ms';
    expect(redact(text)).toBe(text);
    const once = redact('错误 13812345678 x');
    expect(redact(once)).toBe(once);
  });
});
