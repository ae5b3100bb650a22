import { attachmentsOfForm } from '#shared/domain/attachment/ticket-attachments.ts';
import { writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import { contextOf } from '#shared/domain/form/form-context.ts';
import { finishTicketForm, protectCaller } from '#shared/domain/form/ticket-form.ts';
import type { Draft } from '#shared/domain/intake.ts';
import { joinedNotes } from '#shared/domain/joined-note.ts';
import { isConfidential } from '#shared/domain/masking.ts';
import { type EventId, newId, type OpId, type TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { DataError } from '../errors.ts';
import { categoryNames } from '../repositories/category-names.ts';
import { divisionPath } from '../repositories/division-names.ts';
import { findDraft, setDraftJoined, setDraftParent, setDraftState } from '../repositories/draft.repository.ts';
import { attachFiles } from './attach-files.ts';
import { isSecretNumber, peopleOf } from './caller.service.ts';
import { dropRefusedTicket, findCorrected } from './correct-ticket.service.ts';
import { getOpenDraft } from './draft.service.ts';
import { reopenJoined } from './given-up-notes.ts';
import { resolveParent } from './link.service.ts';
import { listWritten, moveNotes } from './move-notes.ts';
import { promiseArgs } from './promise.service.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import { showRow } from './show-row.ts';
import { isWithdrawable, noEffects, tellEffects, type Withdrawal, withdrawInside } from './withdraw.service.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/**
 * Adds the words of a draft to a ticket as 补充 (or 催办), its promise as 承诺, and closes the draft as 已并入. Notes written on the refused
 * ticket that it corrects go there, too. Notes and draft commit together; repeating it
 * after a lost answer changes nothing.
 * @throws DataError NOT_FOUND, DRAFT_STALE, DRAFT_SUBMITTED, INTAKE_INCOMPLETE when the draft has no words, BAD_INPUT when its call was
 * handed over to an emergency service: that is a ticket of its own
 */
export function joinDraft(
  ctx: WorkContext,
  id: string,
  revision: number,
  ticketUid: TicketId,
  kind: 'note' | 'remind',
): void {
  const ops: TicketOp[] = [];
  const dropped: OpId[] = [];
  ctx.write(() => {
    ops.length = 0;
    dropped.length = 0;
    ctx.db.transaction(() => {
      const known = findDraft(ctx.db, id);
      if (known?.joinedEvents && known.draft.ticketUid === ticketUid) return;
      const { draft } = getOpenDraft(ctx, id);
      if (draft.revision !== revision) {
        throw new DataError('DRAFT_STALE', 'draft was changed elsewhere', { revision: draft.revision });
      }
      if (draft.handOffs.length > 0) throw new DataError('BAD_INPUT', 'its call was handed over');
      // What was refused becomes part of the other ticket and is not made any more.
      const corrected = findCorrected(ctx, draft.correctsUid);
      const written = corrected ? listWritten(ctx, corrected) : [];
      if (corrected) {
        dropped.push(...dropRefusedTicket(ctx, corrected));
        // Other forms that were added to it lead nowhere any more.
        reopenJoined(ctx, corrected.blocked);
        showRow(ctx.db, 'ticket.create', corrected.creation.uid, actorOf(ctx));
      }
      const now = ctx.clock.now();
      const events = textsOf(ctx, withAskedForm(ctx, draft, now)).map((text): EventId => {
        const eventId = newId<EventId>(now);
        const args = { eventId, kind, text };
        ops.push(queueTicketOp(ctx, needTicket(ctx, ticketUid), { kind: 'ticket.note', args }));
        return eventId;
      });
      const promised = promiseArgs(draft.content, newId<EventId>(now), ctx.user.name);
      if (promised) {
        ops.push(queueTicketOp(ctx, needTicket(ctx, ticketUid), { kind: 'ticket.note', args: promised }));
        events.push(promised.eventId);
      }
      // Not part of the form: they stay when the joining is taken back.
      if (corrected) ops.push(...moveNotes(ctx, written, corrected, ticketUid, promised?.eventId));
      const files = attachFiles(ctx, ticketUid, filesOf(ctx, draft));
      ops.push(...files);
      setDraftJoined(ctx.db, id, ticketUid, [...events, ...files.map(({ args }) => args.eventId)], now);
    });
  });
  if (ops.length > 0) ctx.queued(ops);
  if (dropped.length > 0) ctx.dropped(dropped);
  ctx.announce(['drafts', 'tickets', 'outbox', 'sync']);
}

/** The files that go to the other ticket: none of a caller who is to be kept secret, because that ticket may be read by everybody. */
function filesOf(ctx: WorkContext, draft: Draft): readonly string[] {
  return keepsFiles(ctx, draft) ? [] : allFilesOf(draft);
}

/** Everything that was attached, the answers of its form included: the form itself does not go to the other ticket. */
function allFilesOf({ content }: Draft): readonly string[] {
  const ofForm = attachmentsOfForm(content.form?.data ?? {}).map(writeAttachment);
  return [...new Set([...content.attachments, ...ofForm])];
}

function keepsFiles({ db }: WorkContext, { content, call }: Draft): boolean {
  return isSecretNumber(db, content.caller.phone) || isConfidential({ ...content, line: call?.line ?? '12345' });
}

/** How many files of a joined draft stayed with it, because its caller is to be kept secret. */
export function countFilesLeftOut(ctx: WorkContext, id: string): number {
  const draft = findDraft(ctx.db, id)?.draft;
  return draft && keepsFiles(ctx, draft) ? allFilesOf(draft).length : 0;
}

/** Names of the codes in answers. */
const NAMES = { division: divisionPath, category: (code: string) => categoryNames.get(code) ?? code };

/** The draft with the answers that its form asks for, whatever else was typed into it before, and with its caller protected. */
function withAskedForm(ctx: WorkContext, draft: Draft, now: number): Draft {
  const line = draft.call?.line ?? '12345';
  const content = protectCaller(draft.content, draft.content.form, line);
  const asked = finishTicketForm(content.form, contextOf(content, line, ctx.user.role, now), 'hand_off');
  return { ...draft, content: { ...content, form: asked.ok ? asked.value : content.form } };
}

function textsOf({ db }: WorkContext, draft: Draft): readonly string[] {
  const people = peopleOf(db, draft.content.caller.phone);
  const texts = joinedNotes(draft, NAMES, {
    confidential: people.some(({ fields }) => fields.confidential),
    names: people.map(({ fields }) => fields.name),
    phones: people.flatMap(({ fields }) => fields.phones),
  });
  if (texts.length === 0) {
    const problems = [{ field: 'content', code: 'REQUIRED' }];
    throw new DataError('INTAKE_INCOMPLETE', 'nothing to add', { problems });
  }
  return texts;
}

/**
 * Takes the joining of a draft back: its notes are withdrawn, but for those that were taken back or settled alone, and the draft is open
 * again, as it was.
 * @param text words of the note that takes back what was already sent
 * @throws DataError NOT_FOUND when the draft was not joined
 */
export function separateDraft(
  ctx: WorkContext,
  id: string,
  text: string,
): { readonly draft: Draft; readonly how: Withdrawal } {
  const effects = noEffects();
  const result = ctx.write(() =>
    ctx.db.transaction(() => {
      const stored = findDraft(ctx.db, id);
      const { joinedEvents } = stored ?? {};
      const ticketUid = stored?.draft.ticketUid;
      if (!stored || !joinedEvents || !ticketUid) throw new DataError('NOT_FOUND', 'no joined draft');
      let how: Withdrawal = 'removed';
      for (const eventId of joinedEvents) {
        if (!isWithdrawable(ctx, needTicket(ctx, ticketUid), eventId)) continue;
        if (withdrawInside(ctx, needTicket(ctx, ticketUid), eventId, text, effects) === 'noted') how = 'noted';
      }
      const now = ctx.clock.now();
      setDraftState(ctx.db, id, 'open', now, null);
      return { draft: { ...stored.draft, ticketUid: null, correctsUid: null, updatedAt: now }, how };
    }),
  );
  tellEffects(ctx, effects);
  return result;
}

/**
 * Notes under which 母单 the ticket of a draft is to be proposed; null takes it back.
 * @throws DataError NOT_FOUND, DRAFT_SUBMITTED
 */
export function planLink(ctx: WorkContext, id: string, parentUid: TicketId | null): Draft {
  const draft = ctx.write(() =>
    ctx.db.transaction((): Draft => {
      const open = getOpenDraft(ctx, id);
      const parent = parentUid && resolveParent(ctx, { uid: id as unknown as TicketId, link: null }, parentUid);
      setDraftParent(ctx.db, id, parent, ctx.clock.now());
      return { ...open.draft, parentUid: parent };
    }),
  );
  ctx.announce(['drafts']);
  return draft;
}
