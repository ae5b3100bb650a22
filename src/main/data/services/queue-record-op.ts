import { decideRecordOp, type RecordOp } from '#shared/sync/record-ops.ts';
import type { Op } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { findRecord, findRecordState, saveRecord } from '../repositories/record.repository.ts';
import { queueOp } from './queue-op.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/** What is done to a document, before it is an operation. */
type RecordOpBody = {
  [K in RecordOp['kind']]: Pick<Extract<RecordOp, { kind: K }>, 'kind' | 'uid' | 'args'>;
}[RecordOp['kind']];

/**
 * Does something to a document here at once and queues it, or says why it may not happen.
 * @param also runs in the same transaction
 * @throws DataError with the rule's own code; nothing was queued then
 */
export function performRecordOp(
  ctx: WorkContext,
  body: RecordOpBody,
  label: string,
  also: () => void = () => {},
): void {
  const { db } = ctx;
  const op = ctx.write(() =>
    db.transaction((): Op => {
      const now = ctx.clock.now();
      const { uid } = body;
      const record = findRecord(db, uid);
      const state = findRecordState(db, uid);
      const pending = listOutboxOf(db, uid);
      const creation = record?.version === 0 ? pending[0] : undefined;
      const op = queueOp(db, body, {
        at: now,
        baseVersion: record?.version ?? 0,
        label,
        ...(creation ? { dependsOn: creation.op.opId } : {}),
      }) as RecordOp;
      const verdict = decideRecordOp(record, op, actorOf(ctx), now);
      // Thrown inside the transaction: nothing was queued.
      if (verdict.kind === 'refused') {
        throw verdict.reason === 'UID_TAKEN' ? new Error('uid of another kind') : new DataError(verdict.reason);
      }
      if (verdict.kind === 'changed') saveRecord(db, verdict.record, state ?? null);
      also();
      return op;
    }),
  );
  ctx.queued([op]);
  ctx.announce(['records', 'drafts', 'outbox', 'sync']);
}
