import type { OutboxItem } from '#shared/contract/outbox.contract.ts';
import { maskName, maskText } from '#shared/domain/mask-text.ts';
import { isConfidential, secretsOf, showCitizen } from '#shared/domain/masking.ts';
import { maskPhone, normalizePhone } from '#shared/domain/phone.ts';
import { isMaskedFor } from '#shared/domain/roles.ts';
import type { DraftId } from '#shared/kernel/ids.ts';
import { applyOpToCitizen, type CitizenOp, isCitizenOp } from '#shared/sync/apply-op.ts';
import type { Op } from '#shared/sync/wire.ts';
import { findCitizen } from '../repositories/citizen.repository.ts';
import { findDraftByTicket } from '../repositories/draft.repository.ts';
import { listOutbox, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { personOf, showPerson } from './person.service.ts';
import type { WorkContext } from './work-context.ts';

/** Everything not yet confirmed. `isSending` tells which operation numbers are on their way right now. */
export function listOutboxItems(ctx: WorkContext, isSending: (s: number) => boolean): readonly OutboxItem[] {
  return listOutbox(ctx.db).map((entry) => ({
    s: entry.op.s,
    opId: entry.op.opId,
    kind: entry.op.kind,
    label: showLabel(ctx, entry),
    uid: entry.op.uid,
    at: entry.op.at,
    state: entry.state === 'waiting' && isSending(entry.op.s) ? 'sending' : entry.state,
    attempts: entry.attempts,
    lastTryAt: entry.lastTryAt,
    lastError: entry.lastError,
    correctedIn: findCorrection(ctx, entry),
  }));
}

function findCorrection({ db }: WorkContext, { op, state }: OutboxEntry): DraftId | null {
  if (op.kind !== 'ticket.create' || state === 'waiting') return null;
  const stored = findDraftByTicket(db, op.uid);
  return stored?.state === 'open' ? stored.draft.id : null;
}

/**
 * Every unconfirmed operation as a JSON text, complete enough to be entered again elsewhere: what this user wrote is there in full,
 * what they only saw masked is masked here too.
 */
export function exportOutbox(ctx: WorkContext): { readonly fileName: string; readonly text: string } {
  const now = ctx.clock.now();
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const content = {
    format: 'hotline-outbox',
    version: 1,
    exportedAt: now,
    console: ctx.consoleId,
    user: { id: ctx.user.id, account: ctx.user.account, name: ctx.user.name, seat: ctx.user.seat },
    operations: listOutbox(ctx.db).map((entry) => ({
      ...entry.op,
      args: showArgs(ctx, entry.op),
      incarnation: entry.incarnation,
      schema: entry.schema,
      state: entry.state,
      lastError: entry.lastError,
    })),
  };
  return { fileName: `outbox-${ctx.user.seat}-${stamp}.json`, text: `${JSON.stringify(content, null, 2)}\n` };
}

/** What an operation is about, without what this user may not see of its ticket or person. */
function showLabel(ctx: WorkContext, { op, label }: OutboxEntry): string {
  const { role } = ctx.user;
  if (isCitizenOp(op)) {
    if (!isMaskedPerson(ctx, op)) return label;
    // A person without a name stands there by their number.
    return normalizePhone(label).length === label.length ? maskPhone(label) : maskName(label);
  }
  const fields = op.kind === 'ticket.create' ? op.args.fields : findTicket(ctx.db, op.uid)?.ticket.fields;
  if (!fields || !isMaskedFor(role, isConfidential(fields))) return label;
  return maskText(label, secretsOf(fields));
}

/** Whether this user sees the person of an operation masked: secret under one of their records, or made so by the operation. */
function isMaskedPerson({ db, user }: WorkContext, op: CitizenOp): boolean {
  const known = findCitizen(db, op.uid);
  if (known && showPerson(personOf(db, known), user.role).masked) return true;
  return isMaskedFor(user.role, op.kind === 'citizen.upsert' && op.args.fields.confidential);
}

/** The arguments of an operation without values of a masked person that its author did not write. */
function showArgs(ctx: WorkContext, op: Op): Op['args'] {
  if (!isCitizenOp(op) || !isMaskedPerson(ctx, op)) return op.args;
  if (op.kind === 'citizen.change' && op.args.changes.phones) {
    const { removed, added, order } = op.args.changes.phones;
    const show = (phone: string) => (added.includes(phone) ? phone : maskPhone(normalizePhone(phone)));
    const phones = { removed: removed.map(show), added, ...(order ? { order: order.map(show) } : {}) };
    return { ...op.args, changes: { ...op.args.changes, phones } };
  }
  if (op.kind === 'citizen.upsert' && op.baseVersion > 0) {
    // A whole record, queued by an older build.
    const sent = applyOpToCitizen(null, {
      ...op,
      args: { ...op.args, fields: { ...op.args.fields, confidential: true } },
    });
    return sent ? { ...op.args, fields: showCitizen(sent, ctx.user.role).row.fields } : op.args;
  }
  return op.args;
}
