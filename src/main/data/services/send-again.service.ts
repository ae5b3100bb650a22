import type { MissingWork } from '#shared/contract/sync.contract.ts';
import { readAttachment } from '#shared/domain/form/attachment-ref.ts';
import { maskText } from '#shared/domain/mask-text.ts';
import { isConfidential, secretsOf } from '#shared/domain/masking.ts';
import { isMaskedFor } from '#shared/domain/roles.ts';
import { LOST_NOTE_KINDS, type Ticket, type TicketEvent } from '#shared/domain/ticket.ts';
import type { CitizenId, EventId, OpId, TicketId } from '#shared/kernel/ids.ts';
import { applyOpToTicket } from '#shared/sync/apply-op.ts';
import type { Op, OpOf } from '#shared/sync/wire.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findCitizen, findCitizenState } from '../repositories/citizen.repository.ts';
import {
  forgetLostNote,
  isHeld,
  listLostNotes,
  listOwnMissing,
  releaseDelete,
} from '../repositories/held-delete.repository.ts';
import { findScope, saveScope } from '../repositories/scope.repository.ts';
import { findTicket, findTicketState, saveTicket } from '../repositories/ticket.repository.ts';
import { listSummaries } from '../repositories/ticket-summary.ts';
import { unreceive } from './leave-scope.ts';
import { queueOp } from './queue-op.ts';
import { REMOVABLE } from './synced-table.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/** As much as the screen shows and one call sends. */
const MOST = 200;

/** What this person did, the server had confirmed, and a restored server does not have any more. */
export function listMissingWork(ctx: WorkContext): MissingWork {
  const { db } = ctx;
  const ids = listOwnMissing(db, MOST).flatMap((uid) => findTicketState(db, uid)?.id ?? []);
  const notes = listLostNotes(db, MOST).map(({ eventId, ticketUid, kind, text: written, at }) => {
    const ticket = findTicket(db, ticketUid)?.ticket;
    const text = kind === 'attached' ? (readAttachment(written)?.name ?? '') : written;
    return {
      eventId,
      ticketUid: ticketUid as TicketId,
      number: ticket?.number ?? null,
      provisionalNo: ticket?.provisionalNo ?? '',
      acceptedAt: ticket?.acceptedAt ?? null,
      kind,
      text: ticket ? maskFor(ctx, ticket.fields, text) : text,
      at,
    };
  });
  return { tickets: listSummaries(db, ids, ctx.user.role), notes };
}

/**
 * Queues that work again as new operations, at most {@link MOST} tickets and notes a call. A ticket is made anew under its own id and
 * 暂编号 with the notes its author wrote; what the centre and the units had added since is not here to be sent.
 */
export function sendAgain(ctx: WorkContext): { readonly tickets: number; readonly notes: number } {
  const { db } = ctx;
  const queued: Op[] = [];
  const counts = ctx.write(() =>
    db.transaction(() => {
      queued.length = 0;
      let [tickets, notes] = [0, 0];
      for (const uid of listOwnMissing(db, MOST)) {
        const ticket = findTicket(db, uid)?.ticket;
        const ops = ticket ? createAgain(ctx, ticket) : [];
        if (ops.length > 0) tickets++;
        queued.push(...ops);
      }
      for (const { eventId, ticketUid, kind, text, at, ref, dueAt } of listLostNotes(db, MOST)) {
        forgetLostNote(db, eventId);
        const ticket = findTicket(db, ticketUid)?.ticket;
        if (!ticket || ticket.events.some(({ id }) => id === eventId)) continue;
        const args = toArgs({ id: eventId as EventId, text, ref, dueAt }, kind);
        const meta = { at, baseVersion: ticket.version, label: labelOf(ticket) };
        const op = queueOp(db, { kind: 'ticket.note', uid: ticket.uid, args }, meta);
        const shown = applyOpToTicket(ticket, op, actorOf(ctx));
        if (shown) saveTicket(db, shown);
        queued.push(op);
        notes++;
      }
      return { tickets, notes };
    }),
  );
  ctx.queued(queued);
  ctx.announce(['tickets', 'citizens', 'outbox', 'sync']);
  return counts;
}

function maskFor({ user }: WorkContext, fields: Ticket['fields'], text: string): string {
  return isMaskedFor(user.role, isConfidential(fields)) ? maskText(text, secretsOf(fields)) : text;
}

function labelOf(ticket: Ticket): string {
  return ticket.fields.title || ticket.provisionalNo;
}

/** The operations that make a ticket again; its row shows them from now on. */
function createAgain(ctx: WorkContext, ticket: Ticket): readonly Op[] {
  const { db } = ctx;
  const { uid, provisionalNo, centre, fields, createdAt, madeOffline, events } = ticket;
  const created = events.find(({ kind }) => kind === 'created');
  if (!created) return [];
  const citizen = fields.citizenUid === null ? [] : upsertAgain(ctx, fields.citizenUid);
  forgetReceived(ctx, uid);
  const outcome = fields.handOff !== null ? 'hand_off' : fields.answer !== null ? 'direct_answer' : 'submit';
  const args = { provisionalNo, centre, fields, outcome, createdAt, madeOffline, eventId: created.id } as const;
  const meta = { at: createdAt, baseVersion: 0, label: labelOf(ticket) };
  const creation = queueOp(db, { kind: 'ticket.create', uid, args }, meta);
  const notes = events.flatMap(({ id, kind, actorId, text, at, dueAt, ref }) => {
    const sent = LOST_NOTE_KINDS.find((each) => each === kind);
    if (!sent || actorId !== ctx.user.id) return [];
    const args = toArgs({ id, text, ref, dueAt: dueAt ?? null }, sent);
    return [noteAgain(ctx, ticket, creation.opId, args, at)];
  });
  const shown = [creation, ...notes].reduce<Ticket | null>((made, op) => applyOpToTicket(made, op, actorOf(ctx)), null);
  if (shown) saveTicket(db, shown);
  return [...citizen, creation, ...notes];
}

function toArgs(
  { id, text, ref, dueAt }: Pick<TicketEvent, 'id' | 'text' | 'ref'> & { readonly dueAt: number | null },
  kind: (typeof LOST_NOTE_KINDS)[number],
): OpOf<'ticket.note'>['args'] {
  const about = ref === '' ? {} : { ref: ref as EventId };
  return { eventId: id, kind, text, ...(dueAt === null ? {} : { dueAt }), ...about };
}

function noteAgain(
  { db }: WorkContext,
  ticket: Ticket,
  dependsOn: OpId,
  args: OpOf<'ticket.note'>['args'],
  at: number,
) {
  const meta = { at, baseVersion: 0, label: labelOf(ticket), dependsOn };
  return queueOp(db, { kind: 'ticket.note', uid: ticket.uid, args }, meta);
}

/** The person a missing ticket is about may be missing too. */
function upsertAgain(ctx: WorkContext, uid: CitizenId): readonly Op[] {
  const { db } = ctx;
  const citizen = isMissing(db, uid) ? findCitizen(db, uid) : null;
  if (!citizen) return [];
  forgetReceived(ctx, uid);
  const { centre, fields } = citizen;
  const meta = { at: citizen.updatedAt, baseVersion: 0, label: fields.name };
  return [queueOp(db, { kind: 'citizen.upsert', uid, args: { centre, fields } }, meta)];
}

/** True for a person the restored server does not have, or has not been asked about yet since it came back. */
function isMissing(db: ReadableDb, uid: CitizenId): boolean {
  if (isHeld(db, uid)) return true;
  const state = findCitizenState(db, uid);
  const scope = state?.scope_id ? findScope(db, state.scope_id) : null;
  return state !== undefined && scope?.held === 'server-restored' && state.pull_round < scope.round;
}

/** The row is this console's alone again, as before the server had confirmed it. */
function forgetReceived({ db }: WorkContext, uid: string): void {
  releaseDelete(db, uid);
  const state = REMOVABLE.tickets.findState(db, uid) ?? REMOVABLE.citizens.findState(db, uid);
  const scope = state?.scope_id ? findScope(db, state.scope_id) : null;
  if (scope) saveScope(db, unreceive(db, scope, uid));
}
