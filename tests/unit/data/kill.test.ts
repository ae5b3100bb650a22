import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { listScopes } from '#main/data/repositories/scope.repository.ts';
import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import { openTestCache } from '#tests/support/data/open-work.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const RECEIVER = new URL('../../support/data/apply-until-killed.ts', import.meta.url).pathname;
const TYPIST = new URL('../../support/data/draft-typist.ts', import.meta.url).pathname;

/** Lets a process type until it has acknowledged `lines` saves, kills it with SIGKILL and gives what it had acknowledged. */
function typeUntilKilled(folder: string, lines: number, script = TYPIST): Promise<readonly string[]> {
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  return new Promise((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.once('close', () => resolve(output.split('\n').slice(0, -1)));
  });
}

test('F1: killed again and again while typing, every acknowledged save and ticket is there and nothing is half done', async () => {
  const folder = tempFolder();
  const revisions = new Map<string, number>();
  const tickets = new Set<string>();
  for (let round = 0; round < 6; round++) {
    for (const line of await typeUntilKilled(folder, 30 + round * 23)) {
      const [kind, id = '', revision] = line.split(' ');
      if (kind === 'saved') revisions.set(id, Number(revision));
      if (kind === 'submitted') tickets.add(id);
    }
    const db = openTestCache(folder);
    expect(db.pragma('integrity_check')).toBe('ok');
    for (const [id, revision] of revisions) {
      const stored = db.get<{ revision: number; content: string }>(
        'SELECT revision, content FROM drafts WHERE id = ?',
        id,
      );
      expect(stored?.revision).toBeGreaterThanOrEqual(revision);
      expect(stored?.content).toContain(`第${stored?.revision}次保存`);
    }
    for (const uid of tickets) expect(db.value('SELECT count(*) FROM tickets WHERE uid = ?', uid)).toBe(1);
    // A ticket, its operation and its draft are one: none exists without the others.
    const halves = db.values(`SELECT uid FROM tickets WHERE uid NOT IN (SELECT uid FROM outbox)
      UNION SELECT uid FROM outbox WHERE kind = 'ticket.create' AND uid NOT IN (SELECT ticket_uid FROM drafts WHERE state = 'submitted')
      UNION SELECT ticket_uid FROM drafts WHERE state = 'submitted' AND ticket_uid NOT IN (SELECT uid FROM tickets)`);
    expect(halves).toEqual([]);
    db.close();
  }
  expect(revisions.size).toBeGreaterThan(5);
  expect(tickets.size).toBeGreaterThan(3);
});

test('killed again and again while a thread of its own applies rows: cursor, count and digest are those of the rows, and every save is there', async () => {
  const folder = tempFolder();
  let seq = 0;
  for (let round = 0; round < 5; round++) {
    const revisions = new Map<string, number>();
    for (const line of await typeUntilKilled(folder, 20 + round * 37, RECEIVER)) {
      const [, id = '', revision] = line.split(' ');
      revisions.set(id, Number(revision));
    }
    const db = openTestCache(folder);
    expect(db.pragma('integrity_check')).toBe('ok');
    for (const [id, revision] of revisions) {
      expect(db.value('SELECT revision FROM drafts WHERE id = ?', id)).toBeGreaterThanOrEqual(revision);
    }
    const [scope] = listScopes(db);
    const rows = db.all<{ uid: string; base_version: number }>('SELECT uid, base_version FROM tickets');
    expect(scope?.count).toBe(rows.length);
    expect(scope?.digest).toEqual(rows.reduce((sum, row) => addToDigest(sum, row.uid, row.base_version), EMPTY_DIGEST));
    // The last change that is here is the one the cursor stands at.
    expect(Math.max(...rows.map((row) => row.base_version))).toBe(scope?.seq);
    expect(scope?.seq).toBeGreaterThan(seq);
    seq = scope?.seq ?? 0;
    db.close();
  }
}, 120_000);
