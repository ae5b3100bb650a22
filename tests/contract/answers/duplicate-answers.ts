import { expect } from 'vitest';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { sampleIntake } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { atServer, confirmed, type Desk, given, type Scenarios, signIn, write } from './desk.ts';

const WORDS = '又有一位邻居来电，路灯还是不亮。';

/** A ticket of the server, and the words of one more caller about the same lamp. */
async function secondCaller(desk: Desk) {
  const { uid } = given(desk);
  await signIn(desk);
  return { uid, draft: await write(desk, { content: WORDS }) };
}

/** A second ticket that is proposed under the first one. */
async function proposed(desk: Desk) {
  const { uid: parentUid, draft } = await secondCaller(desk);
  await desk.client.duplicates.planLink({ id: draft.id, parentUid });
  const { uid } = await desk.client.drafts.submit({ ...draft, outcome: 'submit' });
  return { uid, parentUid };
}

const lastWords = async ({ client }: Desk, uid: TicketId) => (await client.tickets.get({ uid })).events.at(-1)?.text;

export const duplicateAnswers: Scenarios<'duplicates'> = {
  find: async (desk) => {
    const place = { divisionCode: '320106', address: '中央路260号', landmark: '', coordinates: null };
    const { uid, fields } = given(desk);
    desk.server.putTicket({ ...atServer(desk, uid), fields: { ...fields, place } });
    await signIn(desk);
    const { title, originalWords, subject, categoryCode } = sampleIntake();
    const probe = { phone: '', title, content: WORDS, originalWords, subject, place, categoryCode };
    await until('found', async () => (await desk.client.duplicates.find({ probe })).length > 0);
    const [candidate, ...others] = await desk.client.duplicates.find({ probe });
    expect([candidate?.ticket.uid, others]).toEqual([uid, []]);
    expect(candidate?.reasons).toContainEqual({ kind: 'place', level: 'number', name: '中央路260号' });
  },
  joinDraft: async (desk) => {
    const { uid, draft } = await secondCaller(desk);
    const join = { ...draft, ticketUid: uid, kind: 'note' } as const;
    expect(await desk.client.duplicates.joinDraft(join)).toEqual({ filesLeftOut: 0 });
    expect(await lastWords(desk, uid)).toContain(WORDS);
    expect(await desk.client.drafts.list()).toEqual([]);
    await confirmed(desk);
    expect(atServer(desk, uid).events.at(-1)?.text).toContain(WORDS);
  },
  separateDraft: async (desk) => {
    const { uid, draft } = await secondCaller(desk);
    await desk.client.duplicates.joinDraft({ ...draft, ticketUid: uid, kind: 'note' });
    await confirmed(desk);
    const back = await desk.client.duplicates.separateDraft({ id: draft.id, text: '撤回上一条补充' });
    // The server knew of it: a further note takes it back.
    expect(back).toMatchObject({ draft: { id: draft.id, ticketUid: null }, how: 'noted' });
    expect(await lastWords(desk, uid)).toBe('撤回上一条补充');
    expect((await desk.client.drafts.list()).map(({ id }) => id)).toEqual([draft.id]);
  },
  planLink: async (desk) => {
    const { uid, draft } = await secondCaller(desk);
    const planned = await desk.client.duplicates.planLink({ id: draft.id, parentUid: uid });
    expect(planned).toMatchObject({ id: draft.id, parentUid: uid });
    expect(await desk.client.drafts.get({ id: draft.id })).toEqual(planned);
    const none = await desk.client.duplicates.planLink({ id: draft.id, parentUid: null });
    expect(none.parentUid).toBeNull();
  },
  unlink: async (desk) => {
    const { uid, parentUid } = await proposed(desk);
    await confirmed(desk);
    expect(atServer(desk, uid).link).toMatchObject({ parentUid, state: 'proposed' });
    expect(await desk.client.duplicates.unlink({ uid, reason: '不是同一盏灯' })).toEqual({ ok: true });
    expect((await desk.client.duplicates.relations({ uid })).link).toBeNull();
    await confirmed(desk);
    expect(atServer(desk, uid).link).toBeNull();
    expect(await codeOf(desk.client.duplicates.unlink({ uid, reason: '' }))).toBe('CANNOT_LINK');
  },
  withdrawNote: async (desk) => {
    const { uid } = given(desk);
    await signIn(desk);
    const { eventId } = await desk.client.tickets.addNote({ uid, kind: 'note', text: '记错了' });
    await confirmed(desk);
    const withdrawal = { uid, eventId, text: '撤回上一条补充' };
    expect(await desk.client.duplicates.withdrawNote(withdrawal)).toEqual({ how: 'noted' });
    await confirmed(desk);
    expect(atServer(desk, uid).events.at(-1)).toMatchObject({ kind: 'note', text: withdrawal.text, ref: eventId });
    expect(await codeOf(desk.client.duplicates.withdrawNote(withdrawal))).toBe('NOT_FOUND');
  },
  relations: async (desk) => {
    const { uid, parentUid } = await proposed(desk);
    const { eventId } = await desk.client.tickets.addNote({ uid: parentUid, kind: 'note', text: '又来电' });
    expect(await desk.client.duplicates.relations({ uid })).toMatchObject({
      self: { uid, proposedUnder: parentUid },
      parent: { uid: parentUid },
      link: { state: 'proposed' },
    });
    const above = await desk.client.duplicates.relations({ uid: parentUid });
    expect(above.withdrawable).toEqual([{ eventId, draftId: null }]);
    expect(forceUnwrap('child', above.children[0]).uid).toBe(uid);
  },
};
