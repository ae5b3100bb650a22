import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openJournal } from '#main/data/db/op-journal.ts';
import { createRandom } from '#tests/bench/support/bench-tickets.ts';
import { canWatchDisk, type DiskEvent, PoweredDisk, watchDisk } from '#tests/support/data/disk-log.ts';
import { openTestCache, TEST_KEY } from '#tests/support/data/open-work.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const SCRIPT = new URL('../../support/data/work-until-power-cut.ts', import.meta.url).pathname;
/** Enough that the write-ahead log is copied back into the cache a few times. */
const TICKETS = 120;
const POINTS = 300;
const SEED = 20261127;
const POLICIES = ['what was synced alone', 'of everything else any half'] as const;

const tempFolder = prepareTempFolders();
const IS_POSSIBLE = canWatchDisk();

/** What an agent did, as the disk saw it. */
interface Shift {
  readonly before: string;
  readonly events: readonly DiskEvent[];
}

async function work(root: string, synchronous: 'full' | 'off'): Promise<Shift> {
  const [before, folder] = [join(root, 'before'), join(root, 'console')];
  openTestCache(before).close();
  openJournal(join(before, 'journal.bin'), Buffer.from(TEST_KEY, 'hex')).close();
  cpSync(before, folder, { recursive: true });
  return {
    before,
    events: await watchDisk(folder, join(root, 'calls'), SCRIPT, [folder, String(TICKETS), synchronous]),
  };
}

/** What is wrong with a profile after the power came back: empty for nothing. */
function complaints(folder: string, answers: readonly string[]): readonly string[] {
  const found: string[] = [];
  try {
    const db = openTestCache(folder);
    try {
      if (db.pragma('integrity_check') !== 'ok') found.push('damaged');
      for (const [kind, id = '', revision] of answers.map((line) => line.split(' '))) {
        if (
          kind === 'saved' &&
          (db.value<number>('SELECT revision FROM drafts WHERE id = ?', id) ?? 0) < Number(revision)
        ) {
          found.push(`lost: revision ${revision} of a draft`);
        }
        if (kind !== 'submitted') continue;
        for (const table of ['tickets', 'outbox']) {
          if (db.value(`SELECT count(*) FROM ${table} WHERE uid = ?`, id) !== 1) found.push(`lost: a row of ${table}`);
        }
      }
    } finally {
      db.close();
    }
  } catch (error) {
    found.push(`not to be opened: ${String(error)}`);
  }
  const journal = openJournal(join(folder, 'journal.bin'), Buffer.from(TEST_KEY, 'hex'));
  const kept = new Set(journal.pending().map(({ op }) => op.opId as string));
  journal.close();
  const promised = answers.filter((line) => line.startsWith('kept ')).flatMap((line) => line.split(' ').slice(1));
  if (promised.some((opId) => !kept.has(opId))) found.push('lost: an operation of the journal');
  return found;
}

/** Cuts the power at many moments. @returns every complaint with its moment */
function cutEverywhere({ before, events }: Shift, root: string, isHalf: boolean): readonly string[] {
  const random = createRandom(SEED);
  const moments = new Set(Array.from({ length: POINTS }, () => Math.floor(random() * events.length)));
  const disk = new PoweredDisk(before);
  const found: string[] = [];
  for (const [moment, event] of events.entries()) {
    if (moments.has(moment)) {
      const folder = join(root, 'after');
      disk.cutPower(folder, () => isHalf && random() < 0.5);
      found.push(...complaints(folder, disk.answers).map((complaint) => `at ${moment}: ${complaint}`));
      rmSync(folder, { recursive: true });
    }
    disk.apply(event);
  }
  return found;
}

describe.skipIf(!IS_POSSIBLE)(`F2: the power goes at ${POINTS} moments, and the disk keeps`, () => {
  let root: string;
  let shift: Shift;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'hotline-power-'));
    shift = await work(root, 'full');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test.each(POLICIES)(
    '%s: nothing that was answered is lost, nothing is damaged',
    (policy) => {
      // The log was copied back at least twice, else the test would say little.
      const cacheSyncs = shift.events.filter((event) => event.kind === 'sync' && event.file === 'cache.db');
      expect(cacheSyncs.length).toBeGreaterThan(1);
      expect(cutEverywhere(shift, tempFolder(), policy === POLICIES[1])).toEqual([]);
    },
    300_000,
  );

  test('a cache that does not wait for the disk loses what it answered', async () => {
    const careless = await work(tempFolder(), 'off');
    expect(
      cutEverywhere(careless, tempFolder(), false).filter((each) => /lost|damaged|not to be opened/.test(each)),
    ).not.toEqual([]);
  }, 300_000);
});
