import { expect } from 'vitest';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { addWorkdays } from '#shared/domain/clock/clock-run.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { NO_MARKS, siblingOf } from '#shared/domain/quality/check.ts';
import type { QualityList } from '#shared/domain/quality/quality-list.ts';
import type { RecordOf, SyncedRecord } from '#shared/domain/record.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import { copyOfCheck, decideCheckOp } from '#shared/sync/check-ops.ts';
import { FIVE_OFF, markBody, scoreBody, startBody } from '#tests/support/checks.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { toOp } from '#tests/support/test-console.ts';
import { confirmed, type Desk, given, type Scenarios, signIn } from './desk.ts';

const uid = '019a0000-0000-7000-8000-000000001200' as TicketId;
const side = 'check' as const;
const CHECKED = { ticketUid: uid, ticketNo: '20261122-00000012', agentId: AGENT.id, agentName: AGENT.name };
const other = (n: number, name: string) => ({
  ...AGENT,
  id: `019a0000-0000-7000-8000-0000000000b${n}` as UserId,
  name,
});
const SU = other(1, '苏文澜');
const GU = { ...other(2, '顾若兰'), role: 'lead' as const };

/** An ended ticket of the agent that the rule draws. */
const endedTicket = (desk: Desk) =>
  given(desk, { uid, status: 'closed', createdById: AGENT.id, createdByName: AGENT.name, closedAt: START - DAY_MS });

/** What a colleague did about it before. */
function done({ server }: Desk, body: Parameters<typeof toOp>[1], who: typeof GU): void {
  const before = server.records.get(body.uid)?.wire.row as SyncedRecord | undefined;
  const verdict = decideCheckOp(before ?? null, toOp(1, body, { at: START }) as never, who, START);
  if (verdict.kind !== 'changed') throw new Error(JSON.stringify(verdict));
  server.putRecord({ ...verdict.record, version: (before?.version ?? 0) + 1 } as SyncedRecord, '320100:checks');
}

/** Signs a checker in who has scored nothing yet. */
async function signInChecker(desk: Desk): Promise<void> {
  desk.server.user = SU;
  await signIn(desk, 'quality');
}

const scoredByGu = (desk: Desk) => done(desk, scoreBody(CHECKED, newId(START)), GU);
const atServer = <K extends 'check' | 'check_copy' | 'calibration'>(
  { server }: Desk,
  which: 'check' | 'copy' | 'calibration',
) => forceUnwrap('record at the server', server.records.get(siblingOf(uid, which))).wire.row as RecordOf<K>;
const idsOf = async ({ client }: Desk, list: QualityList) => (await client.quality.ids({ list })).ids;

export const qualityAnswers: Scenarios<'quality'> = {
  counts: async (desk) => {
    endedTicket(desk);
    await signInChecker(desk);
    const nothing = { checked: 0, appealed: 0, calibration: 0, mine: 0 };
    expect(await desk.client.quality.counts()).toEqual({ ...nothing, to_check: 1 });
    await desk.client.quality.score({ ticketUid: uid, marks: FIVE_OFF });
    expect(await desk.client.quality.counts()).toMatchObject({ to_check: 0, checked: 1 });
  },
  ids: async (desk) => {
    endedTicket(desk);
    await signInChecker(desk);
    expect(await desk.client.quality.ids({ list: 'to_check' })).toEqual({ ids: [expect.any(Number)], next: null });
    expect(await desk.client.quality.ids({ list: 'checked' })).toEqual({ ids: [], next: null });
  },
  rows: async (desk) => {
    endedTicket(desk);
    scoredByGu(desk);
    await signInChecker(desk);
    const { rows } = await desk.client.quality.rows({
      list: 'checked',
      ids: [...(await idsOf(desk, 'checked')), 9_999],
    });
    expect(rows.map(({ line }) => line)).toMatchObject([
      { ticketUid: uid, agentName: AGENT.name, state: 'scored', points: 95, checkerName: '顾若兰', pending: false },
    ]);
  },
  get: async (desk) => {
    endedTicket(desk);
    await signInChecker(desk);
    expect(await desk.client.quality.get({ ticketUid: uid, side })).toMatchObject({
      ticketUid: uid,
      ticketNo: CHECKED.ticketNo,
      agentName: AGENT.name,
      check: null,
      calibration: null,
      deeds: expect.arrayContaining(['score']),
    });
  },
  keepDraft: async (desk) => {
    endedTicket(desk);
    await signInChecker(desk);
    const draft = { marks: FIVE_OFF, words: '再听一遍录音' };
    expect(await desk.client.quality.keepDraft({ ticketUid: uid, side, draft })).toEqual({ ok: true });
    await desk.client.session.lock();
    await signIn(desk, 'quality');
    expect((await desk.client.quality.get({ ticketUid: uid, side })).draft).toEqual(draft);
  },
  score: async (desk) => {
    endedTicket(desk);
    await signInChecker(desk);
    expect(await desk.client.quality.score({ ticketUid: uid, marks: FIVE_OFF })).toEqual({ ok: true });
    expect((await desk.client.quality.get({ ticketUid: uid, side })).check?.first).toMatchObject({ points: 95 });
    await confirmed(desk);
    expect(atServer<'check'>(desk, 'check').doc.first).toMatchObject({ byId: SU.id, marks: FIVE_OFF, points: 95 });
  },
  appeal: async (desk) => {
    endedTicket(desk);
    scoredByGu(desk);
    desk.server.putRecord(copyOfCheck(atServer<'check'>(desk, 'check')), '320100:checks');
    await signIn(desk);
    expect(await idsOf(desk, 'mine')).toHaveLength(1);
    expect(await desk.client.quality.appeal({ ticketUid: uid, words: '时间写在补充里' })).toEqual({ ok: true });
    expect((await desk.client.quality.get({ ticketUid: uid, side: 'mine' })).check?.appeal).toMatchObject({
      words: '时间写在补充里',
    });
    await confirmed(desk);
    expect(atServer<'check_copy'>(desk, 'copy').doc.appeal?.words).toBe('时间写在补充里');
  },
  settle: async (desk) => {
    endedTicket(desk);
    scoredByGu(desk);
    const check = atServer<'check'>(desk, 'check');
    const appeal = { id: newId<EventId>(START), at: START, madeAt: START, words: '时间写在补充里' };
    desk.server.putRecord({ ...check, version: 2, doc: { ...check.doc, appeal } }, '320100:checks');
    await signInChecker(desk);
    expect(await idsOf(desk, 'appealed')).toHaveLength(1);
    const verdict = { ticketUid: uid, marks: NO_MARKS, words: '补充里确有时间' };
    expect(await desk.client.quality.settle(verdict)).toEqual({ ok: true });
    expect(await idsOf(desk, 'appealed')).toEqual([]);
    await confirmed(desk);
    expect(atServer<'check'>(desk, 'check').doc.settled).toMatchObject({
      byId: SU.id,
      words: verdict.words,
      score: { points: 100 },
    });
  },
  startCalibration: async (desk) => {
    endedTicket(desk);
    await signInChecker(desk);
    expect(await desk.client.quality.startCalibration({ ticketUid: uid })).toEqual({ ok: true });
    expect(await desk.client.quality.counts()).toMatchObject({ calibration: 1 });
    await confirmed(desk);
    expect(atServer<'calibration'>(desk, 'calibration').doc).toMatchObject({ startedById: SU.id, scores: [] });
  },
  calibrate: async (desk) => {
    endedTicket(desk);
    done(desk, startBody(CHECKED), GU);
    done(desk, markBody(CHECKED, newId(START)), GU);
    await signInChecker(desk);
    // What the other one found is not shown before the own marks are given.
    const view = () => desk.client.quality.get({ ticketUid: uid, side: 'calibration' });
    expect((await view()).hidden).toBe(1);
    expect(await desk.client.quality.calibrate({ ticketUid: uid, marks: NO_MARKS })).toEqual({ ok: true });
    expect((await view()).calibration?.scores.map(({ byName, points }) => [byName, points])).toEqual([
      ['顾若兰', 95],
      ['苏文澜', 100],
    ]);
    await confirmed(desk);
    expect(atServer<'calibration'>(desk, 'calibration').doc.scores).toHaveLength(2);
  },
};

const RULES = shippedClockRules();
const MATTER = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;

/** A ticket with a unit whose limit is over, before somebody who is reminded of it. */
async function overdue(desk: Desk) {
  const acceptedAt = START - 20 * DAY_MS;
  const clocks = clocksAfter({ clocks: null, acceptedAt, matter: MATTER }, { kind: 'accept' }, acceptedAt, RULES);
  const dueAt = forceUnwrap('limits', clocks?.close).dueAt;
  desk.seat.clock.advance(addWorkdays(dueAt, 1, RULES.calendar) - START + DAY_MS);
  const ticket = given(desk, { status: 'handling', unit: '鼓楼区城管局', acceptedAt, clocks });
  await signIn(desk, 'supervisor');
  return { ticket, dueAt };
}

export const reminderAnswers: Scenarios<'reminders'> = {
  list: async (desk) => {
    const { ticket, dueAt } = await overdue(desk);
    const { reminders, hasMore } = await desk.client.reminders.list();
    expect(reminders).toMatchObject([{ uid: ticket.uid, dueAt, ticket: { uid: ticket.uid, title: '路灯不亮' } }]);
    expect(hasMore).toBe(false);
  },
  acknowledge: async (desk) => {
    await overdue(desk);
    const { reminders } = await desk.client.reminders.list();
    const keys = reminders.map(({ uid: of, days, dueAt }) => ({ uid: of, days, dueAt }));
    expect(await desk.client.reminders.acknowledge({ reminders: keys })).toEqual({ ok: true });
    await desk.client.session.lock();
    await signIn(desk, 'supervisor');
    expect(await desk.client.reminders.list()).toEqual({ reminders: [], hasMore: false });
  },
};
