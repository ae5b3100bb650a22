import type { SyncedRecord } from '#shared/domain/record.ts';
import { isCheckOp } from '#shared/sync/check-ops.ts';
import { decideRecordOp, type RecordOp } from '#shared/sync/record-ops.ts';
import type { RefusalReason } from '#shared/sync/refusals.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { mayTakeIn, readsKnowledge } from '../auth/actor.ts';
import type { BatchState, RecordWrite } from './batch.ts';
import { findMisfit, mirrorOf } from './decide-check.ts';
import type { Deciding, Verdict } from './deciding.ts';
import { scopeOfRecord } from './scope-of-record.ts';

/** Decides an operation on a document with the rules the consoles use too; rights and scope are checked here. */
export function decideRecord(op: RecordOp, deciding: Deciding): Verdict {
  const { actor, now, state } = deciding;
  const { centre } = op.args;
  const isAllowed =
    op.kind === 'draft.hand_over'
      ? actor.lines.some((line) => mayTakeIn(actor, centre, line))
      : readsKnowledge(actor) && actor.centre === centre;
  if (!isAllowed) return { code: 'rejected', reason: 'FORBIDDEN' };
  if (op.kind === 'draft.hand_over' && !holdsLine(state.seats, op)) {
    return { code: 'rejected', reason: 'SEAT_NOT_ON_LINE' };
  }
  const misfit = isCheckOp(op) ? findMisfit(op, deciding) : null;
  if (misfit !== null) return { code: 'rejected', reason: misfit };
  const stored = state.records.get(op.uid);
  const current = currentOf(op.uid, deciding);
  if (current && current.record.centre !== centre) return { code: 'rejected', reason: 'NOT_FOUND' };
  const verdict = decideRecordOp(current?.record ?? null, op, actor, now);
  const row = { table: 'records', uid: op.uid } as const;
  switch (verdict.kind) {
    case 'refused':
      // Which of the reasons come with a detail is the decision's to say.
      return {
        code: 'rejected',
        reason: (verdict.detail ? `${verdict.reason}:${verdict.detail}` : verdict.reason) as RefusalReason,
      };
    case 'unchanged':
      return { code: 'duplicate', version: current?.record.version ?? 0, seq: stored?.seq ?? null, row };
    case 'changed': {
      const mirror = mirrorOf(verdict.record);
      // Consoles choose uids: one of the two may be somebody's form or article already. Neither is written then.
      if (isTaken(verdict.record, deciding) || (mirror && isTaken(mirror, deciding))) {
        return { code: 'rejected', reason: 'UID_TAKEN' };
      }
      const version = write(verdict.record, deciding);
      if (mirror) write(mirror, deciding);
      return { code: 'applied', version, row };
    }
  }
}

function currentOf(uid: string, { records, state }: Deciding): RecordWrite | null {
  return records.get(uid) ?? state.records.get(uid) ?? null;
}

/** True when there is a document of another kind, or of another centre, under the uid of this one. */
function isTaken({ uid, kind, centre }: SyncedRecord, deciding: Deciding): boolean {
  const current = currentOf(uid, deciding)?.record;
  return current !== undefined && (current.kind !== kind || current.centre !== centre);
}

/** Makes a document the next version of its uid. @returns that version */
function write(record: SyncedRecord, deciding: Deciding): number {
  const current = currentOf(record.uid, deciding);
  const version = (current?.record.version ?? 0) + 1;
  deciding.records.set(record.uid, {
    scope: current?.scope ?? scopeOfRecord(record),
    fromVersion: current?.fromVersion ?? 0,
    record: { ...record, version },
  });
  return version;
}

/** A form shows what was told on its line, so it goes to those only who hold it (12350). */
function holdsLine(seats: BatchState['seats'], { args }: OpOf<'draft.hand_over'>): boolean {
  return seats.get(args.toSeat)?.includes(args.call?.line ?? '12345') ?? false;
}

/** Notes that somebody looked at a masked value. Never refused: a look that happened is written down. */
export function decideReveal(op: OpOf<'audit.reveal'>, deciding: Deciding): Verdict {
  const { eventId, subject, field, reason } = op.args;
  deciding.reveals.push({ id: eventId, subject, subjectUid: op.uid, field, reason, at: op.at });
  return { code: 'applied', version: 0, row: null };
}
