import { afterAll, beforeAll, expect, test } from 'vitest';
import { addUnitWebhook } from '#server/units/unit-webhooks.ts';
import type { CoOrderState } from '#shared/domain/co-order.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { type Answer, codeOf, createTicketBody } from '#tests/support/test-console.ts';
import type { UnitClient } from '#tests/support/unit-client.ts';
import { OTHER_UNIT, UNIT, UnitScene } from '#tests/support/unit-scene.ts';

const WATER = '鼓楼区水务局';

let scene: UnitScene;

beforeAll(async () => {
  scene = await UnitScene.open();
});
afterAll(() => scene.server.stop());

/** A ticket of the 主办 with some 协办. */
async function dispatchedWith(
  coUnits: string[],
  fields: Parameters<typeof createTicketBody>[0] = {},
): Promise<TicketId> {
  const body = createTicketBody(fields);
  await scene.agent.pushOne(body);
  if (fields?.line === '12350') await scene.decide(body.uid, 'review', SAMPLE_ACTS.send_to_dispatch);
  await scene.decide(body.uid, 'to_dispatch', dispatchTo(UNIT, { coUnits }));
  return body.uid;
}

/** A step of the dispatcher about a 协办单. @returns the reason when it is refused */
async function lay(uid: TicketId, step: OverlayStep, words = '请配合'): Promise<string | undefined> {
  const args = { eventId: newId<EventId>(systemClock.now()), step, words };
  return (await scene.dispatcher.pushOne({ kind: 'ticket.overlay', uid, args }, { baseVersion: 1 })).reason;
}

const statesOf = async (uid: TicketId): Promise<readonly (readonly [string, CoOrderState])[]> =>
  ((await scene.pulled(uid)).handling?.coOrders ?? []).map(({ unit, state }) => [unit, state] as const);

test('a 协办 signs and answers its part; the 主办 reads it and gives the citizen one reply', async () => {
  const uid = await dispatchedWith([OTHER_UNIT, WATER]);
  const lead = await scene.unitOf([UNIT]);
  const street = await scene.unitOf([OTHER_UNIT]);
  const water = await scene.unitOf([WATER]);
  expect(await statesOf(uid)).toEqual([
    [OTHER_UNIT, 'to_sign'],
    [WATER, 'to_sign'],
  ]);
  const before = await street.get(uid);
  expect(before.coOrders[0]?.dueAt).toBeLessThan(before.dueAt ?? 0);
  // Neither answered before it was signed, nor signed by somebody else.
  expect((await street.help(uid, 'reply', { text: '已配合清理' })).body).toMatchObject({
    data: { reason: 'OVERLAY_STATE' },
  });
  expect(
    (await lead.send(`/tickets/${uid}/sign?as=co`, { seen: before }, { 'idempotency-key': 'as-lead-1' })).status,
  ).toBe(400);
  expect(codeOf(await lead.help(uid, 'sign'))).toBe('NOT_FOUND');
  for (const helper of [street, water]) expect((await helper.help(uid, 'sign')).status).toBe(200);
  expect((await lead.act(uid, 'sign')).status).toBe(200);
  expect((await street.help(uid, 'reply', { text: '已配合清理，现场照片已转主办' })).status).toBe(200);

  const early = await lead.act(uid, 'reply', { text: '已修复' });
  expect(early.body).toMatchObject({ code: 'ACT_REFUSED', data: { reason: 'CO_ORDERS_OPEN', status: 'handling' } });
  expect((await lead.get(uid)).coOrders).toMatchObject([
    { unit: OTHER_UNIT, state: 'answered', answer: { text: '已配合清理，现场照片已转主办' } },
    { unit: WATER, state: 'handling', answer: null },
  ]);
  expect((await water.help(uid, 'reply', { text: '管线无恙' })).status).toBe(200);
  expect((await lead.act(uid, 'reply', { text: '路灯已修复，管线无恙' })).body).toMatchObject({
    status: 'to_callback',
  });
  const { replies, handling, events } = await scene.pulled(uid);
  expect(replies.map(({ unit, text }) => [unit, text])).toEqual([[UNIT, '路灯已修复，管线无恙']]);
  expect(handling?.coOrders.map(({ state }) => state)).toEqual(['answered', 'answered']);
  expect(events.flatMap(({ overlay, actorName }) => (overlay ? [`${overlay.step} ${actorName}`] : []))).toEqual([
    `co_sign ${OTHER_UNIT}`,
    `co_sign ${WATER}`,
    `co_answer ${OTHER_UNIT}`,
    `co_answer ${WATER}`,
  ]);
});

test('the 主办 may answer without a 协办 and says why; that 协办 is not waited for any more', async () => {
  const uid = await dispatchedWith([OTHER_UNIT]);
  const lead = await scene.unitOf([UNIT]);
  const street = await scene.unitOf([OTHER_UNIT]);
  await lead.act(uid, 'sign');
  await street.help(uid, 'sign');
  expect((await lead.act(uid, 'reply', { text: '已修复', withoutCo: ' ' })).status).toBe(400);
  expect((await street.help(uid, 'reply', { text: '好了', withoutCo: '不等' })).status).toBe(400);
  expect((await lead.act(uid, 'reply', { text: '已修复', withoutCo: '协办部分另行巡查' })).status).toBe(200);
  expect(await statesOf(uid)).toEqual([[OTHER_UNIT, 'withdrawn']]);
  const { events } = await scene.pulled(uid);
  expect(events.find(({ act }) => act?.action === 'reply')?.act).toEqual({
    action: 'reply',
    withoutCo: '协办部分另行巡查',
  });
  expect((await street.help(uid, 'reply', { text: '晚了' })).body).toMatchObject({ data: { reason: 'OVERLAY_STATE' } });
});

test('what is sent again under its key is done once', async () => {
  const uid = await dispatchedWith([OTHER_UNIT]);
  const street = await scene.unitOf([OTHER_UNIT]);
  const first = await street.help(uid, 'sign', {}, `sign-once-${uid}`);
  const again = await street.help(uid, 'sign', {}, `sign-once-${uid}`);
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.body).toEqual(first.body);
  expect((await street.help(uid, 'sign')).body).toMatchObject({ data: { reason: 'OVERLAY_DONE' } });
  expect((await scene.pulled(uid)).events.filter(({ overlay }) => overlay?.step === 'co_sign')).toHaveLength(1);
});

/** A request as a system keeps it, to send it again word for word. */
async function kept(
  unit: UnitClient,
  uid: TicketId,
  action: 'return' | 'reply' | 'sign',
  more: object,
  query = '?as=co',
): Promise<() => Promise<Answer>> {
  const { status, version } = await unit.get(uid);
  const body = { seen: { status, version }, ...more };
  const key = { 'idempotency-key': `kept-${action}-${uid}` };
  return () => unit.send(`/tickets/${uid}/${action}${query}`, body, key);
}

test('a 退单 of a 协办 that is sent again gets its answer once more, though the unit reads the ticket no longer', async () => {
  const uid = await dispatchedWith([OTHER_UNIT, WATER]);
  const street = await scene.unitOf([OTHER_UNIT]);
  const giveBack = await kept(street, uid, 'return', { reason: '不在辖区内' });
  const first = await giveBack();
  const again = await giveBack();
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.body).toEqual(first.body);
  expect((await scene.pulled(uid)).events.filter(({ overlay }) => overlay?.step === 'co_return')).toHaveLength(1);
  expect(codeOf(await street.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
});

test('a 协办 that was taken off reads so with its next step', async () => {
  const uid = await dispatchedWith([OTHER_UNIT]);
  const street = await scene.unitOf([OTHER_UNIT]);
  const reply = await kept(street, uid, 'reply', { text: '已配合清理' });
  await lay(uid, { step: 'co_withdraw', unit: OTHER_UNIT });
  expect((await reply()).body).toMatchObject({ code: 'ACT_REFUSED', data: { reason: 'OVERLAY_DONE' } });
  expect(codeOf(await street.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
});

test('a platform that does not say for which 协办 it replies sends the reply again and gets the same answer', async () => {
  const uid = await dispatchedWith([OTHER_UNIT, WATER]);
  const platform = await scene.unitOf([OTHER_UNIT, WATER]);
  const of = (unit: string) => `?${new URLSearchParams({ as: 'co', unit })}`;
  for (const unit of [OTHER_UNIT, WATER]) await platform.help(uid, 'sign', {}, `sign-${unit.length}-${uid}`, of(unit));
  await platform.help(uid, 'reply', { text: '管线无恙' }, `water-${uid}`, of(WATER));
  const reply = await kept(platform, uid, 'reply', { text: '已配合清理' });
  const first = await reply();
  const again = await reply();
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.body).toEqual(first.body);
  expect((await scene.pulled(uid)).events.filter(({ overlay }) => overlay?.step === 'co_answer')).toHaveLength(2);
});

test('a 主办 whose 退单 was approved meanwhile sends it again: it is done once, and not for the unit that has the ticket by now', async () => {
  const uid = await dispatchedWith([]);
  const platform = await scene.unitOf([UNIT, OTHER_UNIT]);
  const giveBack = await kept(platform, uid, 'return', { reason: '不属于本单位职责' }, '');
  expect((await giveBack()).status).toBe(200);
  await scene.decide(uid, 'return_review', SAMPLE_ACTS.approve_return);
  await scene.decide(uid, 'to_dispatch', dispatchTo(OTHER_UNIT));
  expect(await giveBack()).toMatchObject({ status: 200, body: { status: 'to_sign' } });
  expect(await scene.pulled(uid)).toMatchObject({ status: 'to_sign', unit: OTHER_UNIT });
  const lead = await scene.unitOf([UNIT]);
  const { status, version } = await scene.pulled(uid);
  expect(codeOf(await lead.actOn({ uid, status, version }, 'sign'))).toBe('NOT_FOUND');
  // A key that does not hold the line is told nothing, whatever was said under it.
  const ofOtherLine = await scene.unitOf([UNIT, OTHER_UNIT], ['12350']);
  const more = { reason: '不属于本单位职责' };
  const elsewhere = await ofOtherLine.actOn({ uid, status: 'to_sign', version }, 'return', more, `kept-return-${uid}`);
  expect(codeOf(elsewhere)).toBe('NOT_FOUND');
});

test('a 协办 that gives its part back, or is taken off, reads the ticket no longer; the dispatcher adds another one', async () => {
  const uid = await dispatchedWith([OTHER_UNIT]);
  const street = await scene.unitOf([OTHER_UNIT]);
  const water = await scene.unitOf([WATER]);
  expect((await street.help(uid, 'return', { reason: '不在辖区内' })).status).toBe(200);
  expect(codeOf(await street.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
  const due = systemClock.now() + 3_600_000;
  expect(await lay(uid, { step: 'co_order', unit: WATER, dueAt: due }, '请查管线')).toBeUndefined();
  expect((await water.get(uid)).coOrders).toMatchObject([
    { unit: OTHER_UNIT, state: 'returned' },
    { unit: WATER, state: 'to_sign', dueAt: due, asked: '请查管线' },
  ]);
  expect(await lay(uid, { step: 'co_order', unit: WATER, dueAt: null })).toBe('OVERLAY_DONE');
  expect(await lay(uid, { step: 'co_withdraw', unit: WATER }, '主办已一并处理')).toBeUndefined();
  expect(codeOf(await water.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
  expect(await statesOf(uid)).toEqual([
    [OTHER_UNIT, 'returned'],
    [WATER, 'withdrawn'],
  ]);
});

test('a platform with several 协办 of one ticket says which of them it speaks for', async () => {
  const uid = await dispatchedWith([OTHER_UNIT, WATER]);
  const platform = await scene.unitOf([OTHER_UNIT, WATER]);
  expect(codeOf(await platform.help(uid, 'sign'))).toBe('BAD_INPUT');
  const query = (unit: string) => `?${new URLSearchParams({ as: 'co', unit })}`;
  expect((await platform.help(uid, 'sign', {}, `one-of-two-${uid}`, query(WATER))).status).toBe(200);
  expect(await statesOf(uid)).toEqual([
    [OTHER_UNIT, 'to_sign'],
    [WATER, 'handling'],
  ]);
  expect(codeOf(await platform.help(uid, 'sign', {}, `not-there-${uid}`, query(UNIT)))).toBe('NOT_FOUND');
});

test('what a 协办 answers about a secret caller is read without the name', async () => {
  const caller = {
    name: '欧阳秋实',
    gender: 'female' as const,
    kind: 'person' as const,
    phone: '13800002222',
    anonymous: false,
    confidential: true,
  };
  const uid = await dispatchedWith([OTHER_UNIT], { caller });
  const lead = await scene.unitOf([UNIT]);
  const street = await scene.unitOf([OTHER_UNIT]);
  await street.help(uid, 'sign');
  await street.help(uid, 'reply', { text: '已与欧阳秋实（13800002222）联系' });
  const [order] = (await lead.get(uid)).coOrders;
  expect(order?.answer?.text).toBeDefined();
  expect(order?.answer?.text).not.toMatch(/欧阳秋实|13800002222/);
});

test('systems of 协办 are told like those of the 主办, and when they are taken off', async () => {
  const { pool } = scene.server.services;
  const { id } = await scene.newKey([WATER]);
  const webhook = await addUnitWebhook(pool, id, 'http://127.0.0.1:9/news', systemClock.now());
  const told = async () => {
    const rows = await scene.server.query<{ body: string }>(
      `SELECT body FROM unit_deliveries WHERE webhook_id = '${webhook?.id}' ORDER BY id`,
    );
    return rows.map(({ body }) => JSON.parse(body));
  };
  const uid = await dispatchedWith([WATER]);
  await lay(uid, { step: 'co_withdraw', unit: WATER });
  await lay(uid, { step: 'co_order', unit: OTHER_UNIT, dueAt: null });
  expect(await told()).toMatchObject([
    { event: 'ticket.changed', ticket: { uid, unit: WATER, as: 'co', status: 'to_sign' } },
    { event: 'ticket.withdrawn', ticket: { uid, unit: WATER, as: 'co' } },
  ]);
});
