import { deleteRefused, type OutboxEntry } from '../../repositories/outbox.repository.ts';
import { type Decision, saveSettled } from '../../repositories/settled-op.repository.ts';
import type { WorkContext } from '../work-context.ts';

/** Takes a refused operation out of the outbox and keeps it among the decided ones. Runs inside the caller's transaction. */
export function settleOp(
  { db, clock }: Pick<WorkContext, 'db' | 'clock'>,
  entry: OutboxEntry,
  decision: Decision,
): void {
  saveSettled(db, entry, decision, clock.now());
  deleteRefused(db, entry.op.opId);
}
