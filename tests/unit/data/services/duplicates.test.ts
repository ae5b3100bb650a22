import { expect, test } from 'vitest';
import { createDuplicateFinder, type DuplicateFinder } from '#main/data/duplicates/duplicate-finder.ts';
import { getIdentity } from '#main/data/repositories/identity.repository.ts';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { findTicket, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { discardDraft, getDraft, listDrafts, openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { findDuplicates } from '#main/data/services/duplicate.service.ts';
import { joinDraft, planLink, separateDraft } from '#main/data/services/join-draft.service.ts';
import { getRelations, queueLink, resolveParent, unlinkTicket } from '#main/data/services/link.service.ts';
import { needTicket } from '#main/data/services/queue-ticket-op.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { addNote, getTicket } from '#main/data/services/ticket.service.ts';
import { withdrawNote } from '#main/data/services/withdraw.service.ts';
import type { WorkContext } from '#main/data/services/work-context.ts';
import type { LikenessReason } from '#shared/domain/duplicate.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { LIMITS, type Ticket } from '#shared/domain/ticket.ts';
import { type DraftId, type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { START, sampleFields, sampleIntake, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();
const WITHDRAWN = '撤回上一条补充。';

interface Desk extends TestWork {
  readonly ticket: Ticket;
  readonly draftId: DraftId;
}

/** A console with one ticket of the server and one draft. */
function openDesk(content: Partial<IntakeContent> = {}, ticket = sampleTicket(1)): Desk {
  const work = openTestWork(tempFolder());
  saveTicket(work.db, ticket);
  const { id } = openDraft(work.ctx, null);
  saveDraft(work.ctx, id, 0, sampleIntake({ content: '又有一位邻居来电，路灯还是不亮。', ...content }));
  return { ...work, ticket, draftId: id };
}

const notesOf = ({ ctx }: TestWork, uid: string) => getTicket(ctx, uid).events.filter(({ kind }) => kind !== 'created');
const waiting = ({ db }: TestWork) => listOutbox(db).map(({ op }) => [op.s, op.kind]);
const code = (act: () => unknown) => {
  try {
    act();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test('joining a draft adds its words to the ticket, closes it and queues one note', () => {
  const desk = openDesk();
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note');
  expect(listDrafts(desk.ctx)).toEqual([]);
  const [note] = notesOf(desk, desk.ticket.uid);
  expect(note).toMatchObject({ kind: 'note', actorName: desk.ctx.user.name });
  expect(note?.text).toContain('又有一位邻居来电');
  expect(waiting(desk)).toEqual([[1, 'ticket.note']]);
  expect(desk.queued.map(({ kind }) => kind)).toEqual(['ticket.note']);
  // A lost answer is asked for again.
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note');
  expect(waiting(desk)).toHaveLength(1);
});

test('notes and draft commit together or not at all', () => {
  const desk = openDesk();
  desk.db.exec(`CREATE TEMP TRIGGER fail BEFORE UPDATE ON main.drafts BEGIN SELECT raise(ABORT, 'power cut'); END`);
  expect(() => joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note')).toThrow();
  desk.db.exec('DROP TRIGGER fail');
  expect(waiting(desk)).toEqual([]);
  expect(notesOf(desk, desk.ticket.uid)).toEqual([]);
  expect(listDrafts(desk.ctx)).toHaveLength(1);
});

test('a draft longer than a note becomes several notes, and all of them are taken back', () => {
  const desk = openDesk({ content: '长'.repeat(LIMITS.longText) });
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'remind');
  expect(notesOf(desk, desk.ticket.uid).map(({ kind }) => kind)).toEqual(['remind', 'remind']);
  expect(separateDraft(desk.ctx, desk.draftId, WITHDRAWN).how).toBe('removed');
  expect(notesOf(desk, desk.ticket.uid)).toEqual([]);
  expect(waiting(desk)).toEqual([]);
});

test('what cannot be joined is refused and the draft stays', () => {
  const desk = openDesk();
  const join = (id: DraftId, revision: number, uid: TicketId) =>
    code(() => joinDraft(desk.ctx, id, revision, uid, 'note'));
  expect(join(desk.draftId, 0, desk.ticket.uid)).toBe('DRAFT_STALE');
  expect(join(desk.draftId, 1, newId<TicketId>(START))).toBe('NOT_FOUND');
  expect(join(newId<DraftId>(START), 1, desk.ticket.uid)).toBe('NOT_FOUND');
  const blank = openDraft(desk.ctx, null);
  expect(join(blank.id, 0, desk.ticket.uid)).toBe('INTAKE_INCOMPLETE');
  discardDraft(desk.ctx, blank.id);
  expect(join(blank.id, 0, desk.ticket.uid)).toBe('NOT_FOUND');
  expect(waiting(desk)).toEqual([]);
  expect(listDrafts(desk.ctx).map(({ id }) => id)).toEqual([desk.draftId]);
});

test('undone before it was sent, nothing of it stays and the draft is as it was', () => {
  const desk = openDesk();
  const before = getDraft(desk.ctx, desk.draftId);
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note');
  const { draft, how } = separateDraft(desk.ctx, desk.draftId, WITHDRAWN);
  expect(how).toBe('removed');
  expect(draft).toEqual(before);
  expect(getDraft(desk.ctx, desk.draftId)).toEqual(before);
  expect(notesOf(desk, desk.ticket.uid)).toEqual([]);
  expect(waiting(desk)).toEqual([]);
  expect(desk.dropped).toEqual(desk.queued.map(({ opId }) => opId));
  // The number is given again: the server sees no gap.
  expect(getIdentity(desk.db)).toMatchObject({ incarnation: 1, nextOp: 1 });
  addNote(desk.ctx, desk.ticket.uid, { kind: 'note', text: '另一条' });
  expect(waiting(desk)).toEqual([[1, 'ticket.note']]);
  expect(code(() => separateDraft(desk.ctx, desk.draftId, WITHDRAWN))).toBe('NOT_FOUND');
});

test('an operation taken out before others begins a new numbering for them', () => {
  const desk = openDesk();
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note');
  addNote(desk.ctx, desk.ticket.uid, { kind: 'remind', text: '请尽快' });
  separateDraft(desk.ctx, desk.draftId, WITHDRAWN);
  expect(waiting(desk)).toEqual([[1, 'ticket.note']]);
  expect(desk.renumbered).toEqual([2]);
  expect(notesOf(desk, desk.ticket.uid).map(({ text }) => text)).toEqual(['请尽快']);
});

test.each([
  ['was sent', ({ queued, sent }: Desk) => sent.add(queued[0]?.opId ?? '')],
  ['was confirmed', (desk: Desk) => desk.db.run('DELETE FROM outbox')],
])('undone when it %s, a visible note takes it back and the draft is open again', (_, happen) => {
  const desk = openDesk();
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note');
  happen(desk);
  const { draft, how } = separateDraft(desk.ctx, desk.draftId, WITHDRAWN);
  expect(how).toBe('noted');
  expect(draft.content.content).toBe('又有一位邻居来电，路灯还是不亮。');
  expect(listDrafts(desk.ctx)).toHaveLength(1);
  const [note, withdrawal] = notesOf(desk, desk.ticket.uid);
  expect(withdrawal).toMatchObject({ kind: 'note', text: WITHDRAWN, ref: note?.id });
  expect(desk.queued.at(-1)).toMatchObject({ kind: 'ticket.note', args: { ref: note?.id } });
  // Joined again, it is a new note.
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note');
  expect(notesOf(desk, desk.ticket.uid)).toHaveLength(3);
});

test('a note the server refused leaves the list of what needs attention', () => {
  const desk = openDesk();
  const eventId = addNote(desk.ctx, desk.ticket.uid, { kind: 'note', text: '多余的话' });
  const [entry] = listOutbox(desk.db);
  setOutboxRefused(desk.db, entry?.op.opId ?? '', 'rejected', 'FORBIDDEN', START);
  expect(withdrawNote(desk.ctx, desk.ticket.uid, eventId, WITHDRAWN)).toBe('removed');
  expect(listOutbox(desk.db)).toEqual([]);
  expect(notesOf(desk, desk.ticket.uid)).toEqual([]);
});

test('only own notes are taken back, each once', () => {
  const desk = openDesk();
  const theirs = newId<EventId>(START);
  const event = {
    id: theirs,
    at: START,
    kind: 'note',
    actorId: newId(START),
    actorName: '周启明',
    text: '他人',
    from: null,
    to: null,
    ref: '',
  };
  saveTicket(desk.db, { ...desk.ticket, events: [...desk.ticket.events, event] } as Ticket);
  const mine = addNote(desk.ctx, desk.ticket.uid, { kind: 'note', text: '我的' });
  desk.db.run('DELETE FROM outbox');
  expect(getRelations(desk.ctx, desk.ticket.uid).withdrawable).toEqual([{ eventId: mine, draftId: null }]);
  expect(code(() => withdrawNote(desk.ctx, desk.ticket.uid, theirs, WITHDRAWN))).toBe('NOT_FOUND');
  expect(withdrawNote(desk.ctx, desk.ticket.uid, mine, WITHDRAWN)).toBe('noted');
  expect(code(() => withdrawNote(desk.ctx, desk.ticket.uid, mine, WITHDRAWN))).toBe('NOT_FOUND');
  // A withdrawal is not withdrawn.
  expect(getRelations(desk.ctx, desk.ticket.uid).withdrawable).toEqual([]);
});

test('a joined draft is found again from the ticket after a restart', () => {
  const desk = openDesk();
  joinDraft(desk.ctx, desk.draftId, 1, desk.ticket.uid, 'note');
  const [note] = notesOf(desk, desk.ticket.uid);
  expect(getRelations(desk.ctx, desk.ticket.uid).withdrawable).toEqual([{ eventId: note?.id, draftId: desk.draftId }]);
});

/** Proposes 并单 as a submission does; answers with the 母单. */
const propose = (ctx: WorkContext, uid: TicketId, parentUid: TicketId) =>
  ctx.db.transaction(() => {
    const ticket = needTicket(ctx, uid);
    const parent = resolveParent(ctx, ticket, parentUid);
    queueLink(ctx, ticket, parent);
    return parent;
  });

test('提议并单: a proposal is shown at both tickets and can be taken back', () => {
  const desk = openDesk();
  const child = sampleTicket(2);
  saveTicket(desk.db, child);
  expect(propose(desk.ctx, child.uid, desk.ticket.uid)).toBe(desk.ticket.uid);
  expect(getRelations(desk.ctx, child.uid)).toMatchObject({
    link: { parentUid: desk.ticket.uid, state: 'proposed' },
    parent: { uid: desk.ticket.uid },
  });
  expect(getRelations(desk.ctx, desk.ticket.uid).children.map(({ uid }) => uid)).toEqual([child.uid]);
  unlinkTicket(desk.ctx, child.uid, '不是同一盏');
  expect(getRelations(desk.ctx, child.uid)).toMatchObject({ link: null, parent: null });
  expect(getRelations(desk.ctx, desk.ticket.uid).children).toEqual([]);
  expect(waiting(desk).map(([, kind]) => kind)).toEqual(['ticket.link', 'ticket.unlink']);
  expect(code(() => unlinkTicket(desk.ctx, child.uid, ''))).toBe('CANNOT_LINK');
});

test('links are one step long', () => {
  const desk = openDesk();
  const [second, third] = [sampleTicket(2), sampleTicket(3)];
  for (const ticket of [second, third]) saveTicket(desk.db, ticket);
  propose(desk.ctx, second.uid, desk.ticket.uid);
  // Under a child means under its parent.
  expect(propose(desk.ctx, third.uid, second.uid)).toBe(desk.ticket.uid);
  expect(code(() => propose(desk.ctx, desk.ticket.uid, third.uid))).toBe('CANNOT_LINK');
  const fourth = sampleTicket(4);
  saveTicket(desk.db, fourth);
  expect(code(() => propose(desk.ctx, desk.ticket.uid, fourth.uid))).toBe('CANNOT_LINK');
  expect(code(() => propose(desk.ctx, fourth.uid, fourth.uid))).toBe('CANNOT_LINK');
  expect(code(() => propose(desk.ctx, fourth.uid, newId(START)))).toBe('NOT_FOUND');
});

test('what the centre has merged is the centre’s', () => {
  const desk = openDesk();
  const merged = sampleTicket(2, {
    link: { parentUid: desk.ticket.uid, state: 'merged', at: START, byName: '周启明' },
  });
  saveTicket(desk.db, merged);
  expect(code(() => unlinkTicket(desk.ctx, merged.uid, ''))).toBe('CANNOT_LINK');
  expect(code(() => propose(desk.ctx, merged.uid, desk.ticket.uid))).toBe('CANNOT_LINK');
});

test('a planned 母单 is proposed with the submission, in one transaction', () => {
  const desk = openDesk();
  expect(planLink(desk.ctx, desk.draftId, desk.ticket.uid).parentUid).toBe(desk.ticket.uid);
  expect(listDrafts(desk.ctx)[0]?.parentUid).toBe(desk.ticket.uid);
  const { uid } = submitDraft(desk.ctx, desk.draftId, 1, 'submit');
  const kinds = waiting(desk).map(([, kind]) => kind);
  expect(kinds.slice(-2)).toEqual(['ticket.create', 'ticket.link']);
  const [creation, link] = listOutbox(desk.db).slice(-2);
  expect(link?.op.dependsOn).toBe(creation?.op.opId);
  expect(getRelations(desk.ctx, uid).parent?.uid).toBe(desk.ticket.uid);
});

test('a plan is dropped by itself, by a direct answer, and when the 母单 is gone', () => {
  const dropped = openDesk();
  planLink(dropped.ctx, dropped.draftId, dropped.ticket.uid);
  expect(planLink(dropped.ctx, dropped.draftId, null).parentUid).toBeNull();
  const answered = openDesk({ answer: '已告知' });
  planLink(answered.ctx, answered.draftId, answered.ticket.uid);
  submitDraft(answered.ctx, answered.draftId, 1, 'direct_answer');
  const gone = openDesk();
  planLink(gone.ctx, gone.draftId, gone.ticket.uid);
  gone.db.run('DELETE FROM tickets');
  submitDraft(gone.ctx, gone.draftId, 1, 'submit');
  for (const desk of [answered, gone]) expect(waiting(desk).map(([, kind]) => kind)).not.toContain('ticket.link');
  expect(code(() => planLink(gone.ctx, gone.draftId, null))).toBe('DRAFT_SUBMITTED');
});

test('candidates are masked as in every list, and no reason confirms what is hidden', async () => {
  const folder = tempFolder();
  const search = openSearch(folder);
  const fields = sampleFields();
  const secret = sampleTicket(1, {
    fields: {
      ...fields,
      content: '中央路260号门口的路灯坏了两年，晚上看不见路。',
      caller: { ...fields.caller, name: '王小芳', phone: '13800001234', confidential: true },
      place: { ...fields.place, divisionCode: '320106001', address: '中央路260号' },
    },
  });
  const open = sampleTicket(2, { fields: { ...secret.fields, caller: { ...fields.caller, phone: '13800001234' } } });
  for (const ticket of [secret, open]) saveTicket(search.db, ticket);
  await search.indexAll();
  const { ctx } = openTestWork(folder);
  const finder = createDuplicateFinder(search.db, search.index.tokens, '320100');
  const typed = findDuplicates(ctx, finder, { ...open.fields, caller: { phone: '13800001234', anonymous: false } }, 8);
  const kinds = (uid: string, list: typeof typed) =>
    list.find(({ ticket }) => ticket.uid === uid)?.reasons.map(({ kind }) => kind);
  // Who calls sees at the ring what the same number told before; where it was is not confirmed.
  expect(kinds(secret.uid, typed)).toEqual(['phone', 'words', 'category']);
  expect(kinds(open.uid, typed)).toEqual(['phone', 'place', 'words', 'category']);
  const said = JSON.stringify(typed.filter(({ ticket }) => ticket.uid === secret.uid));
  for (const hidden of ['王小芳', '13800001234', '260号']) expect(said).not.toContain(hidden);
  // 母单 and children are masked too.
  propose(ctx, open.uid, secret.uid);
  const again = findDuplicates(ctx, finder, { ...open.fields, caller: { phone: '', anonymous: true } }, 8);
  const candidate = again.find(({ ticket }) => ticket.uid === open.uid);
  expect(candidate?.parent?.uid).toBe(secret.uid);
  const related = JSON.stringify([getRelations(ctx, open.uid).parent, candidate?.parent]);
  for (const hidden of ['王小芳', '13800001234', '260号']) expect(related).not.toContain(hidden);
  expect(findTicket(ctx.db, open.uid)?.ticket.link?.parentUid).toBe(secret.uid);
});

test('a ticket for which nothing can be said is no candidate', () => {
  const desk = openDesk();
  const [alike, elsewhere, nothing] = [sampleTicket(2), sampleTicket(3), sampleTicket(4)];
  for (const ticket of [alike, elsewhere, nothing]) saveTicket(desk.db, ticket);
  const found = (ticket: Ticket, reasons: readonly LikenessReason[]) => {
    const stored = findTicket(desk.db, ticket.uid);
    if (!stored) throw new Error('not stored');
    return { stored, likeness: { probability: 0.05, reasons } };
  };
  const finder: DuplicateFinder = {
    find: () => [found(alike, [{ kind: 'category' }]), found(elsewhere, [{ kind: 'other-area' }]), found(nothing, [])],
  };
  const candidates = findDuplicates(desk.ctx, finder, sampleFields(), 8);
  expect(candidates.map(({ ticket }) => ticket.uid)).toEqual([alike.uid]);
});
