import { openEncrypted } from '#main/data/db/open.ts';
import { createWriteTurns } from '#main/data/db/write-turns.ts';
import { insertScope, listScopes } from '#main/data/repositories/scope.repository.ts';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { actorOf } from '#main/data/services/work-context.ts';
import { createApplyThread } from '#main/data/sync/intake/apply-thread.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { openTestWork, TEST_KEY } from './open-work.ts';
import { sampleCall, sampleIntake, sampleTicket, TICKETS_NOW } from './samples.ts';

/** Rows of one answer. */
const PAGE = 400;
const ENTRY = new URL('../../../src/main/data/sync/intake/apply-worker.ts', import.meta.url).pathname;

/**
 * Receives answer after answer in the thread that applies rows, types into a draft meanwhile, and says on standard output which revisions are on
 * disk, until it is killed.
 */
const folder = process.argv[2] ?? '';
const { ctx: alone } = openTestWork(folder);
const path = `${folder}/cache.db`;
const turns = createWriteTurns();
const db = openEncrypted(path, TEST_KEY, { turns });
const ctx = { ...alone, db };
const thread = createApplyThread({
  entry: ENTRY,
  path,
  key: () => TEST_KEY,
  nativeBinding: null,
  turns,
  connections: [db],
  onError: (error) => {
    throw error;
  },
});
if (listScopes(db).length === 0) insertScope(db, TICKETS_NOW, 1);
const findScope = () => forceUnwrap('the scope', listScopes(db)[0]);

const type = () => {
  const draft = openDraft(ctx, sampleCall('13800001234'));
  let revision = 0;
  const save = () => {
    saveDraft(ctx, draft.id, revision, sampleIntake({ content: `第${++revision}次保存` }));
    process.stdout.write(`saved ${draft.id} ${revision}\n`);
    setImmediate(save);
  };
  save();
};

for (let content = 1; ; content++) {
  const start = findScope();
  const rows = Array.from({ length: PAGE }, (_, n) => {
    const seq = start.seq + n + 1;
    // Every third time one that is here is written anew.
    const number = seq % 3 === 0 ? Math.ceil(seq / 2) : seq;
    const uid = `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}` as TicketId;
    return { table: 'tickets', scope: start.scope, seq, row: sampleTicket(number, { uid, version: seq }) };
  });
  const cursors = [{ scope: start.scope, epoch: start.epoch, seq: start.seq + PAGE }];
  const body = new TextEncoder().encode(JSON.stringify({ rows, gone: [], cursors, more: true, parity: [] }));
  await thread.ask({ kind: 'page', content, body });
  const failure = await thread.ask({ kind: 'apply', content, start, actor: { ...actorOf(ctx) }, now: ctx.clock.now() });
  if (failure !== null) throw new Error(JSON.stringify(failure));
  if (content === 1) type();
}
