import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '#main/data/db/op-journal.ts';
import { findIdentity, saveIdentity } from '#main/data/repositories/identity.repository.ts';
import { deleteUnsent, listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { decideTickets } from '#main/data/services/act.service.ts';
import { showRow } from '#main/data/services/show-row.ts';
import { actorOf, type WorkContext } from '#main/data/services/work-context.ts';
import { keepInJournal } from '#main/data/session/profile.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { sampleWork } from './report.ts';

const DISPATCH: TicketAct = {
  action: 'dispatch',
  unit: '鼓楼区城管局',
  coUnits: [],
  basis: 'manual',
  despiteReturn: false,
};

/**
 * Sends so many tickets to a unit at once, as a 派单员 does without a network: decided, shown and queued in one transaction on disk, then
 * written into the journal of operations as in the product, on disk too before anybody hears of it. Taken back afterwards, because other
 * benchmarks use the cache.
 * @param folder of the cache, where the journal lies beside it
 * @returns how long it took, how much processor time, and how much of it went into the journal, ms
 */
export function measureBulkDecision(
  context: WorkContext,
  count: number,
  folder: string,
): { readonly waited: number; readonly worked: number; readonly journalled: number } {
  const path = join(folder, 'bulk-journal.bin');
  rmSync(path, { force: true });
  const journal = openJournal(path, randomBytes(32));
  let journalled = 0;
  const ctx: WorkContext = {
    ...context,
    user: { ...context.user, role: 'dispatcher' },
    queued: (ops) => {
      const began = performance.now();
      keepInJournal(context.db, journal, ops);
      journalled = performance.now() - began;
    },
  };
  const { db, consoleId } = ctx;
  if (!findIdentity(db)) saveIdentity(db, { consoleId, incarnation: 1, nextOp: 1, lastAck: 0 });
  const uids = db.values<TicketId>(`SELECT uid FROM tickets WHERE status = 'to_dispatch' ORDER BY id LIMIT ?`, count);
  if (uids.length < count) throw new Error(`only ${uids.length} tickets wait for a dispatch`);
  const before = new Set(listOutbox(db).map(({ op }) => op.opId));
  const decisions = uids.map((uid) => ({ uid, from: 'to_dispatch', act: DISPATCH, words: '请当日到场' }) as const);
  const { waited, worked } = sampleWork(1, () => {
    const refused = decideTickets(ctx, decisions).filter((one) => one.refused !== null);
    if (refused.length > 0) throw new Error(`${refused.length} were not decided: ${refused[0]?.refused}`);
  });
  if (journal.pending().length !== count) throw new Error(`${journal.pending().length} are in the journal`);
  journal.close();
  rmSync(path);
  db.transaction(() => {
    for (const { op } of listOutbox(db)) {
      if (before.has(op.opId)) continue;
      deleteUnsent(db, op.opId);
      showRow(db, op.kind, op.uid, actorOf(ctx));
    }
  });
  return { waited: waited[0] ?? Number.NaN, worked: worked[0] ?? Number.NaN, journalled };
}
