import { expect } from 'vitest';
import { newId, type TicketId } from '#shared/kernel/ids.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { START, sampleCall, sampleIntake } from '#tests/support/data/samples.ts';
import { atServer, confirmed, given, type Scenarios, signIn, write } from './desk.ts';

export const draftAnswers: Scenarios<'drafts'> = {
  open: async (desk) => {
    await signIn(desk);
    const call = sampleCall('+86 138 0000 1234');
    const draft = await desk.client.drafts.open({ call });
    expect(draft).toMatchObject({ callId: call.callId, revision: 0, content: { caller: { phone: '13800001234' } } });
    expect((await desk.client.drafts.open({ call })).id).toBe(draft.id);
    expect((await desk.client.drafts.open({ call, further: true })).id).not.toBe(draft.id);
  },
  save: async (desk) => {
    await signIn(desk);
    const { id } = await desk.client.drafts.open({ call: null });
    const content = sampleIntake();
    expect(await desk.client.drafts.save({ id, revision: 0, content })).toEqual({ revision: 1, savedAt: START });
    expect(await codeOf(desk.client.drafts.save({ id, revision: 0, content }))).toBe('DRAFT_STALE');
  },
  get: async (desk) => {
    await signIn(desk);
    const { id } = await write(desk, { title: '灯不亮' });
    expect(await desk.client.drafts.get({ id })).toMatchObject({
      id,
      revision: 1,
      content: sampleIntake({ title: '灯不亮' }),
    });
  },
  list: async (desk) => {
    await signIn(desk);
    const first = await write(desk);
    desk.seat.clock.advance(1_000);
    const second = await write(desk);
    expect((await desk.client.drafts.list()).map(({ id }) => id)).toEqual([second.id, first.id]);
  },
  discard: async (desk) => {
    await signIn(desk);
    const { id } = await write(desk);
    expect(await desk.client.drafts.discard({ id })).toEqual({ ok: true });
    expect(await desk.client.drafts.list()).toEqual([]);
  },
  discarded: async (desk) => {
    await signIn(desk);
    const lamp = await write(desk, { content: '中央路的路灯不亮' });
    const drain = await write(desk, { title: '下水道堵了', content: '下水道堵了' });
    for (const { id } of [lamp, drain]) await desk.client.drafts.discard({ id });
    const ids = async (query: string) => {
      const { drafts, more } = await desk.client.drafts.discarded({ query });
      expect(more).toBe(false);
      return drafts.map(({ id }) => id).toSorted();
    };
    expect(await ids('')).toEqual([lamp.id, drain.id].toSorted());
    expect(await ids('下水道')).toEqual([drain.id]);
  },
  restore: async (desk) => {
    await signIn(desk);
    const { id } = await write(desk, { title: '灯不亮' });
    await desk.client.drafts.discard({ id });
    expect(await desk.client.drafts.restore({ id })).toMatchObject({ id, content: { title: '灯不亮' } });
    expect((await desk.client.drafts.list()).map((draft) => draft.id)).toEqual([id]);
  },
  submit: async (desk) => {
    await signIn(desk);
    const draft = await write(desk);
    const made = await desk.client.drafts.submit({ ...draft, outcome: 'submit' });
    expect(made.provisionalNo).toMatch(/^暂1001-1122-\d{3}$/);
    // A lost answer is asked for again.
    expect(await desk.client.drafts.submit({ ...draft, outcome: 'submit' })).toEqual(made);
    await confirmed(desk);
    expect(atServer(desk, made.uid)).toMatchObject({ number: 1, fields: { content: sampleIntake().content } });
    expect(desk.server.tickets.size).toBe(1);
  },
};

export const noteAnswers: Scenarios<'notes'> = {
  list: async (desk) => {
    const [first, second] = [given(desk), given(desk, {}, 13)];
    await signIn(desk);
    await desk.client.notes.keep({ uid: first.uid, text: '又来电' });
    await desk.client.notes.keep({ uid: second.uid, text: '问进度' });
    const kept = await desk.client.notes.list();
    expect(new Map(kept.map(({ uid, text }) => [uid, text]))).toEqual(
      new Map<TicketId, string>([
        [first.uid, '又来电'],
        [second.uid, '问进度'],
      ]),
    );
  },
  keep: async (desk) => {
    const { uid } = given(desk);
    await signIn(desk);
    expect(await desk.client.notes.keep({ uid, text: '又来电' })).toEqual({ ok: true });
    await desk.client.session.lock();
    await signIn(desk);
    expect(await desk.client.notes.list()).toEqual([{ uid, text: '又来电' }]);
    expect(await desk.client.notes.keep({ uid, text: '' })).toEqual({ ok: true });
    expect(await desk.client.notes.list()).toEqual([]);
    // One that is begun on a ticket this computer does not hold is kept all the same.
    expect(await desk.client.notes.keep({ uid: newId<TicketId>(START), text: '等工单到' })).toEqual({ ok: true });
  },
};
