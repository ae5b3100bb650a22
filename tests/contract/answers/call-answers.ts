import { expect } from 'vitest';
import { START, sampleCall, sampleRecord } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { type Desk, type Scenarios, signIn } from './desk.ts';

/** A call that was taken, and a later one that rang in vain. */
async function twoCalls(desk: Desk) {
  await signIn(desk);
  const [taken, missed] = [sampleCall('13800001234'), sampleCall('13900005678', START + 100_000)];
  await desk.client.calls.record({ record: sampleRecord(taken, { name: '王芳' }) });
  await desk.client.calls.record({
    record: sampleRecord(missed, { answeredAt: null, outcome: 'missed', endedBy: 'citizen' }),
  });
  desk.seat.clock.advance(200_000);
  return { taken, missed };
}

export const callAnswers: Scenarios<'calls'> = {
  record: async (desk) => {
    await signIn(desk);
    const call = sampleCall('13800001234');
    const draft = await desk.client.drafts.open({ call });
    const record = sampleRecord(call, { heldMs: 4_000 });
    expect(await desk.client.calls.record({ record })).toEqual({ handedOver: null });
    expect(await desk.client.calls.get({ callId: call.callId })).toMatchObject({ outcome: 'answered', heldMs: 4_000 });
    // The facts are in the draft of the call as well.
    expect((await desk.client.drafts.get({ id: draft.id })).call).toMatchObject({ endedAt: record.endedAt });
  },
  ids: async (desk) => {
    await twoCalls(desk);
    const all = await desk.client.calls.ids({});
    expect([all.ids.length, all.next]).toEqual([2, null]);
    const missed = await desk.client.calls.ids({ filter: 'missed' });
    expect(missed.ids).toEqual(all.ids.slice(0, 1));
    expect((await desk.client.calls.ids({ filter: 'out' })).ids).toEqual([]);
  },
  rows: async (desk) => {
    const { taken, missed } = await twoCalls(desk);
    const { ids } = await desk.client.calls.ids({});
    const { rows } = await desk.client.calls.rows({ ids });
    expect(rows.map(({ id, call }) => [id, call.callId, call.outcome])).toEqual([
      [ids[0], missed.callId, 'missed'],
      [ids[1], taken.callId, 'answered'],
    ]);
  },
  get: async (desk) => {
    const { taken } = await twoCalls(desk);
    expect(await desk.client.calls.get({ callId: taken.callId })).toMatchObject({
      ani: '13800001234',
      name: '王芳',
      returnedAt: null,
      tickets: [],
      masked: false,
    });
  },
  missed: async (desk) => {
    const { missed } = await twoCalls(desk);
    expect(await desk.client.calls.missed()).toEqual({ count: 1 });
    const back = sampleRecord(sampleCall(missed.ani, START + 150_000), { direction: 'out' });
    await desk.client.calls.record({ record: back });
    expect(await desk.client.calls.missed()).toEqual({ count: 0 });
  },
  settings: async (desk) => {
    await signIn(desk);
    const { wrapUpMs } = await desk.client.calls.settings();
    expect(wrapUpMs).not.toBe(45_000);
    await desk.client.calls.saveSettings({ wrapUpMs: 45_000 });
    expect(await desk.client.calls.settings()).toEqual({ wrapUpMs: 45_000 });
  },
  saveSettings: async (desk) => {
    await signIn(desk);
    expect(await desk.client.calls.saveSettings({ wrapUpMs: 45_000 })).toEqual({ ok: true });
    await desk.client.session.lock();
    await signIn(desk);
    expect(await desk.client.calls.settings()).toEqual({ wrapUpMs: 45_000 });
  },
};

export const colleagueAnswers: Scenarios<'colleagues'> = {
  list: async (desk) => {
    const seat = (number: string, name: string) => ({ seat: number, name, role: 'agent', lines: ['12345'] });
    const seats = [seat('1001', '林晓雯'), seat('1002', '周启明')];
    desk.server.further.set('/centre/seats', { hash: 'a', seats });
    await signIn(desk);
    await until('the seats are here', async () => (await desk.client.colleagues.list()).syncedAt !== null);
    // Everybody but the own seat.
    expect(await desk.client.colleagues.list()).toEqual({ seats: [seats[1]], syncedAt: START });
  },
};

const READY = { position: 'ready' as const, reason: null, forMs: 5_000, call: null, waiting: [] };
const BOARD = {
  asOf: START,
  seats: [],
  waiting: { count: 3, longestMs: 90_000 },
  dayStart: START,
  figures: [],
  alarms: [],
};

export const boardAnswers: Scenarios<'board'> = {
  seat: async (desk) => {
    desk.server.further.set('/board/seat', { isTaken: true });
    await signIn(desk);
    expect(await desk.client.board.seat({ state: READY })).toEqual({ ok: true });
    await until('the server was told', () => desk.server.requestsOf('/board/seat').length > 0);
    expect(desk.server.requestsOf('/board/seat')[0]?.body).toMatchObject({
      sentAt: START,
      state: { position: 'ready', call: null, waiting: [] },
    });
  },
  get: async (desk) => {
    await signIn(desk, 'lead');
    expect(await desk.client.board.get()).toEqual({ board: null, receivedAt: null });
    desk.server.further.set('/board', BOARD);
    await desk.client.board.refresh();
    await desk.server.stop();
    expect(await desk.client.board.get()).toEqual({ board: BOARD, receivedAt: START });
  },
  refresh: async (desk) => {
    desk.server.further.set('/board', BOARD);
    await signIn(desk, 'lead');
    expect(await desk.client.board.refresh()).toEqual({ isReached: true });
    await desk.server.stop();
    expect(await desk.client.board.refresh()).toEqual({ isReached: false });
  },
};
