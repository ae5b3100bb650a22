import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type JournalEntry, openJournal } from '#main/data/db/op-journal.ts';
import { hasCode } from '#main/data/errors.ts';
import { type EventId, newId, type OpId, type TicketId } from '#shared/kernel/ids.ts';
import { START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const KEY = Buffer.alloc(32, 5);

function entry(s: number, text = '请尽快处理'): JournalEntry {
  return {
    incarnation: 1,
    schema: 1,
    label: '路灯不亮',
    op: {
      kind: 'ticket.note',
      s,
      opId: newId<OpId>(START + s),
      at: START,
      baseVersion: 1,
      hash: 'a'.repeat(64),
      uid: newId<TicketId>(START),
      args: { eventId: newId<EventId>(START), kind: 'note', text },
    },
  };
}

const ids = (entries: readonly JournalEntry[]) => entries.map((each) => each.op.opId);

test('BK-3: what was appended is there after reopening, in order, without what was acknowledged', () => {
  const path = `${tempFolder()}/journal.bin`;
  const entries = [1, 2, 3, 4].map((s) => entry(s));
  const journal = openJournal(path, KEY);
  journal.append(entries.slice(0, 2));
  journal.append(entries.slice(2));
  journal.acknowledge([entries[1]?.op.opId ?? '']);
  expect(journal.pending()).toHaveLength(3);
  journal.close();
  const again = openJournal(path, KEY);
  expect(again.pending()).toEqual([entries[0], entries[2], entries[3]]);
  again.append([entry(5)]);
  expect(again.pending()).toHaveLength(4);
  again.close();
});

test('a damaged length in the middle costs its own record only, and the file is kept before anything is repaired', () => {
  const path = `${tempFolder()}/journal.bin`;
  const entries = [1, 2, 3, 4].map((s) => entry(s));
  const journal = openJournal(path, KEY);
  const starts = entries.map((each) => {
    const { size } = statSync(path);
    journal.append([each]);
    return size;
  });
  journal.close();
  for (const [length, what] of [
    [0xffff_ffff, 'leads out of the file'],
    [7, 'leads into the middle of a record'],
  ] as const) {
    const bytes = readFileSync(path);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt32BE(length, starts[1] ?? 0);
    writeFileSync(path, damaged);
    const copies: Uint8Array[] = [];
    const opened = openJournal(path, KEY, (copy) => copies.push(copy));
    expect(ids(opened.pending()), what).toEqual(ids([entries[0], entries[2], entries[3]] as JournalEntry[]));
    expect(opened.damagedRecords).toBe(1);
    expect(copies.map((copy) => Buffer.from(copy).equals(damaged))).toEqual([true]);
    opened.append([entry(9)]);
    opened.close();
    const again = openJournal(path, KEY);
    expect(again.pending()).toHaveLength(4);
    expect(again.damagedRecords).toBe(0);
    again.close();
    writeFileSync(path, bytes);
  }
});

test('the file shows no word of the operations and is the owner’s alone', () => {
  const path = `${tempFolder()}/journal.bin`;
  const journal = openJournal(path, KEY);
  journal.append([entry(1)]);
  journal.close();
  const bytes = readFileSync(path);
  for (const word of ['请尽快处理', '路灯不亮', 'ticket.note'])
    expect(bytes.includes(Buffer.from(word, 'utf8'))).toBe(false);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('killed in the middle of a record, everything before it is kept and appending goes on', () => {
  const path = `${tempFolder()}/journal.bin`;
  const journal = openJournal(path, KEY);
  const whole = [entry(1), entry(2)];
  for (const each of whole) journal.append([each]);
  const length = statSync(path).size;
  journal.append([entry(3)]);
  journal.close();
  const full = readFileSync(path);
  for (let cut = length + 1; cut < full.length; cut += 7) {
    writeFileSync(path, full);
    truncateSync(path, cut);
    const opened = openJournal(path, KEY);
    expect(ids(opened.pending())).toEqual(ids(whole));
    opened.append([entry(9)]);
    opened.close();
    const again = openJournal(path, KEY);
    expect(again.pending()).toHaveLength(3);
    again.close();
  }
});

test('a damaged record loses itself alone', () => {
  const path = `${tempFolder()}/journal.bin`;
  const journal = openJournal(path, KEY);
  const entries = [entry(1), entry(2), entry(3)];
  const ends = entries.map((each) => {
    journal.append([each]);
    return statSync(path).size;
  });
  journal.close();
  const bytes = readFileSync(path);
  const at = (ends[0] ?? 0) + 40;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const opened = openJournal(path, KEY);
  expect(ids(opened.pending())).toEqual([entries[0]?.op.opId, entries[2]?.op.opId]);
  expect(opened.damagedRecords).toBe(1);
  opened.close();
});

test('records cannot be moved to another place or file', () => {
  const folder = tempFolder();
  const journal = openJournal(`${folder}/a.bin`, KEY);
  journal.append([entry(1)]);
  const first = readFileSync(`${folder}/a.bin`);
  journal.append([entry(2)]);
  journal.close();
  appendFileSync(`${folder}/a.bin`, first.subarray(20));
  const replayed = openJournal(`${folder}/a.bin`, KEY);
  expect(replayed.pending()).toHaveLength(2);
  expect(replayed.damagedRecords).toBe(1);
  replayed.close();
  const other = openJournal(`${folder}/b.bin`, KEY);
  other.close();
  appendFileSync(`${folder}/b.bin`, first.subarray(20));
  const foreign = openJournal(`${folder}/b.bin`, KEY);
  expect(foreign.pending()).toEqual([]);
  foreign.close();
});

test('another key reads nothing; another file is refused as damaged', () => {
  const path = `${tempFolder()}/journal.bin`;
  const journal = openJournal(path, KEY);
  journal.append([entry(1)]);
  journal.close();
  const wrong = openJournal(path, Buffer.alloc(32, 6));
  expect(wrong.pending()).toEqual([]);
  wrong.close();
  writeFileSync(path, 'this is not a journal at all');
  try {
    openJournal(path, KEY);
    expect.unreachable();
  } catch (error) {
    expect(hasCode(error, 'DATABASE_DAMAGED')).toBe(true);
  }
});

test('a long journal of confirmed operations is written anew and keeps the open ones', () => {
  const path = `${tempFolder()}/journal.bin`;
  const journal = openJournal(path, KEY);
  const open = entry(1, '还没有确认');
  journal.append([open]);
  for (let i = 0; i < 40; i++) {
    const each = entry(i + 2, '长'.repeat(12_000));
    journal.append([each]);
    journal.acknowledge([each.op.opId]);
  }
  expect(statSync(path).size).toBeLessThan(1024 * 1024 + 100_000);
  journal.append([entry(99)]);
  journal.close();
  const again = openJournal(path, KEY);
  expect(again.pending().map((each) => each.op.s)).toEqual([1, 99]);
  again.close();
});
