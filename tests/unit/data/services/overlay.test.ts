import { expect, test } from 'vitest';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { listSummaries } from '#main/data/repositories/ticket-summary.ts';
import { countQueues, decideTickets } from '#main/data/services/act.service.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { overlayTicket } from '#main/data/services/overlay.service.ts';
import { redoOp } from '#main/data/services/refused-ops.service.ts';
import { getTicket, listTicketIds } from '#main/data/services/ticket.service.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { ordersOf } from '#shared/domain/overlay/oversight.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import { openTestWork, receiveTicket, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { SAMPLE_OVERLAYS } from '#tests/support/sample-overlays.ts';

const tempFolder = prepareTempFolders();
const UNIT = '鼓楼区城管局';

const open = (role: Role = 'supervisor') => openTestWork(tempFolder(), { ...AGENT, role, name: '田野' });

/** A ticket as the server holds it. */
const receive = (work: TestWork, number: number, over: Partial<Ticket> = {}): Ticket =>
  receiveTicket(work, number, { status: 'handling', unit: UNIT, ...over });

const order = (days: number): OverlayStep => ({ ...SAMPLE_OVERLAYS.order, limit: { value: days, unit: 'workday' } });
const orderOf = (work: TestWork, uid: Ticket['uid']) => ordersOf(getTicket(work.ctx, uid).events);
const supervised = (work: TestWork) => listTicketIds(work.ctx, { kind: 'supervised' }, 10).ids;

test('a 督办 shows at once, unconfirmed, and puts the ticket into its queue; its end takes it out', () => {
  const work = open();
  const { uid, status } = receive(work, 12);
  expect(countQueues(work.ctx).supervised).toBe(0);
  expect(overlayTicket(work.ctx, uid, order(3), '请三日内办结')).toBeNull();
  const shown = getTicket(work.ctx, uid);
  expect(shown).toMatchObject({ status, unit: UNIT, pending: true });
  expect(shown.unconfirmed).toEqual([shown.events.at(-1)?.id]);
  expect(countQueues(work.ctx).supervised).toBe(1);
  const [id] = supervised(work);
  expect(listSummaries(work.db, [id ?? 0], 'supervisor')).toMatchObject([
    { uid, orders: { count: 1, source: { kind: 'supervision', level: 'city' } } },
  ]);
  const ref = shown.events.at(-1)?.id as EventId;
  expect(overlayTicket(work.ctx, uid, { step: 'progress', ref }, '已到现场')).toBeNull();
  expect(overlayTicket(work.ctx, uid, { step: 'finish', ref }, '已修好')).toBeNull();
  expect(orderOf(work, uid)).toMatchObject([{ log: [{ text: '已到现场' }], done: { text: '已修好', byName: '田野' } }]);
  expect(countQueues(work.ctx).supervised).toBe(0);
  expect(overlayTicket(work.ctx, uid, { step: 'finish', ref }, '再办结')).toBe('OVERLAY_DONE');
  const [made, ...further] = work.queued;
  expect(further.map(({ dependsOn }) => dependsOn)).toEqual([made?.opId, made?.opId]);
});

test('the queue is sorted by the order that is due first, page by page', () => {
  const work = open();
  const [slow, quick, middle] = [receive(work, 1), receive(work, 2), receive(work, 3)];
  overlayTicket(work.ctx, slow.uid, order(10), '不急');
  overlayTicket(work.ctx, quick.uid, order(1), '急');
  overlayTicket(work.ctx, middle.uid, order(10), '不急');
  overlayTicket(work.ctx, middle.uid, order(3), '急一些');
  receive(work, 4);
  const first = listTicketIds(work.ctx, { kind: 'supervised' }, 2);
  const rest = listTicketIds(work.ctx, { kind: 'supervised' }, 2, first.next ?? undefined);
  const uids = listSummaries(work.db, [...first.ids, ...rest.ids], 'supervisor').map(({ uid }) => uid);
  expect(uids).toEqual([quick.uid, middle.uid, slow.uid]);
  expect(rest.next).toBeNull();
});

test('whatever nobody knows the owner of waits in the queue 联席研判, in any state, until it is known; what was opened stands at its day', () => {
  const work = open('dispatcher');
  const { now } = work.ctx.clock;
  const joint = () =>
    listSummaries(work.db, listTicketIds(work.ctx, { kind: 'joint' }, 10).ids, 'dispatcher').map(({ uid }) => uid);
  const [tree, lamp, returned] = [
    receive(work, 1),
    receive(work, 2, { status: 'to_sign' }),
    receive(work, 3, { status: 'joint_review' }),
  ];
  receive(work, 4);
  expect(joint()).toEqual([returned.uid]);
  for (const { uid } of [tree, lamp])
    expect(overlayTicket(work.ctx, uid, SAMPLE_OVERLAYS.unclear, '都说不是')).toBeNull();
  expect(countQueues(work.ctx).joint).toBe(3);
  const call: OverlayStep = { ...SAMPLE_OVERLAYS.review_open, plannedAt: now() + 86_400_000 };
  expect(overlayTicket(work.ctx, tree.uid, call, '请带档案')).toBeNull();
  expect(overlayTicket(work.ctx, returned.uid, { ...call, plannedAt: now() + 3_600_000 }, '定承办')).toBeNull();
  // Who waits longest first, then by the day of each.
  expect(joint()).toEqual([lamp.uid, returned.uid, tree.uid]);
  expect(overlayTicket(work.ctx, tree.uid, call, '再召集')).toBe('OVERLAY_DONE');
  expect(overlayTicket(work.ctx, tree.uid, SAMPLE_OVERLAYS.owned, '查明')).toBeNull();
  expect(joint()).toEqual([lamp.uid, returned.uid]);
  const [unclear, opened] = work.queued.filter(({ uid }) => uid === tree.uid);
  expect(opened?.dependsOn).toBe(unclear?.opId);
});

test('who waits for a citizen, and what lies elsewhere without a result, is listed in whatever state until it is over', () => {
  const work = open('dispatcher');
  const { now } = work.ctx.clock;
  const listed = (kind: 'waiting' | 'elsewhere') =>
    listSummaries(work.db, listTicketIds(work.ctx, { kind }, 10).ids, 'dispatcher');
  const uids = (kind: 'waiting' | 'elsewhere') => listed(kind).map(({ uid }) => uid);
  const [late, soon] = [receive(work, 1), receive(work, 2, { status: 'to_dispatch', unit: null })];
  for (const [ticket, days] of [
    [late, 5],
    [soon, 2],
  ] as const) {
    const step = { step: 'wait', until: now() + days * 86_400_000 } as const;
    expect(overlayTicket(work.ctx, ticket.uid, step, '等市民发照片')).toBeNull();
  }
  // Whose time is over first stands at the top.
  expect(uids('waiting')).toEqual([soon.uid, late.uid]);
  expect(listed('waiting')[0]).toMatchObject({ awaitedUntil: now() + 2 * 86_400_000 });
  expect(countQueues(work.ctx)).toMatchObject({ waiting: 2, elsewhere: 0 });
  expect(overlayTicket(work.ctx, soon.uid, { step: 'wait_end', why: 'by_hand' }, '来电补充')).toBeNull();
  expect(uids('waiting')).toEqual([late.uid]);

  const handed = (at: number) => ({
    actorId: null,
    actorName: '田野',
    from: null,
    to: null,
    ref: '',
    id: `019a0000-0000-7000-8000-0000000000${at}` as EventId,
    at: START + at,
    kind: 'handed_off' as const,
    text: '110',
  });
  const over = receive(work, 3, { status: 'handed_off', unit: null, events: [handed(20)] });
  const open110 = receive(work, 4, { events: [handed(10)] });
  receive(work, 5, { status: 'closed', events: [handed(11)] });
  expect(listed('elsewhere')).toMatchObject([
    { uid: open110.uid, flow: { receiver: '110', isReceived: false, sentAt: START + 10 } },
    { uid: over.uid },
  ]);
  expect(countQueues(work.ctx).elsewhere).toBe(2);
  const steps = [SAMPLE_OVERLAYS.flow_receipt, SAMPLE_OVERLAYS.flow_result] as const;
  const receipt: Ticket['events'][number] = { ...handed(12), kind: 'status', text: '', overlay: steps[0] as never };
  saveTicket(work.db, { ...open110, version: 9, events: [handed(10), receipt] });
  expect(listed('elsewhere')[0]).toMatchObject({ uid: open110.uid, flow: { isReceived: true } });
  saveTicket(work.db, {
    ...open110,
    version: 10,
    events: [handed(10), receipt, { ...receipt, id: handed(13).id, overlay: steps[1] as never }],
  });
  expect(uids('elsewhere')).toEqual([over.uid]);
});

test('who has no right to it, and what the ticket does not allow, is said and not queued', () => {
  const work = open('dispatcher');
  const { uid } = receive(work, 12);
  expect(overlayTicket(work.ctx, uid, order(3), '请抓紧')).toBe('FORBIDDEN');
  expect(overlayTicket(work.ctx, uid, SAMPLE_OVERLAYS.owned, '查明')).toBe('OVERLAY_STATE');
  expect(overlayTicket(work.ctx, uid, SAMPLE_OVERLAYS.unclear, ' ')).toBe('WORDS_MISSING');
  expect(getTicket(work.ctx, uid).overlays).not.toContain('order');
  expect(work.queued).toEqual([]);
});

test('what is settled of a ticket stands on the decision that marked it', () => {
  const work = open('lead');
  const { uid } = receive(work, 12, { status: 'to_dispatch', unit: null });
  const act = { ...SAMPLE_ACTS.dispatch, basis: 'acting' } as const;
  decideTickets(work.ctx, [{ uid, from: 'to_dispatch', act, words: '' }]);
  expect(overlayTicket(work.ctx, uid, { step: 'made_safe', at: work.ctx.clock.now() }, '')).toBeNull();
  expect(overlayTicket(work.ctx, uid, SAMPLE_OVERLAYS.owned, '查明')).toBeNull();
  const [dispatched, ...further] = work.queued;
  expect(further.map(({ dependsOn }) => dependsOn)).toEqual([dispatched?.opId, dispatched?.opId]);
  expect(getTicket(work.ctx, uid).handling?.ownership).toMatchObject({ owner: { unit: SAMPLE_OVERLAYS.owned.owner } });
});

test('one that the server refused stands beside what somebody else wrote, and can be sent again', () => {
  const work = open();
  const { uid } = receive(work, 12);
  overlayTicket(work.ctx, uid, order(3), '请抓紧');
  const [entry] = listOutbox(work.db);
  const opId = entry?.op.opId;
  if (!opId) throw new Error('nothing waits');
  setOutboxRefused(work.db, opId, 'rejected', 'FORBIDDEN', START);
  expect(overlayTicket(work.ctx, uid, order(1), '再来一次')).toBe('REFUSED_BEFORE');
  expect(compareOp(work.ctx, opId).fields.map(({ field, mine }) => [field, mine])).toEqual([
    ['overlay', 'order'],
    ['words', '请抓紧'],
  ]);
  redoOp(work.ctx, opId);
  expect(orderOf(work, uid)).toHaveLength(1);
});

test('协办 added and taken off offline stand on the dispatch they are about; lists tell who has not answered', () => {
  const work = open('dispatcher');
  const [street, water] = ['鼓楼区湖南路街道办事处', '鼓楼区水务局'];
  const { uid } = receiveTicket(work, 7);
  decideTickets(work.ctx, [{ uid, from: 'to_dispatch', act: dispatchTo(UNIT, { coUnits: [street] }), words: '' }]);
  expect(overlayTicket(work.ctx, uid, { step: 'co_order', unit: street, dueAt: null }, '')).toBe('OVERLAY_DONE');
  expect(overlayTicket(work.ctx, uid, { step: 'co_order', unit: water, dueAt: null }, '')).toBeNull();
  expect(overlayTicket(work.ctx, uid, { step: 'co_withdraw', unit: street }, ' ')).toBe('WORDS_MISSING');
  expect(overlayTicket(work.ctx, uid, { step: 'co_withdraw', unit: street }, '不用了')).toBeNull();
  expect(overlayTicket(work.ctx, uid, { step: 'co_sign', unit: water }, '')).toBe('FORBIDDEN');
  const shown = getTicket(work.ctx, uid);
  expect(shown.handling).toMatchObject({
    coUnits: [water],
    coOrders: [
      { unit: street, state: 'withdrawn' },
      { unit: water, state: 'to_sign' },
    ],
  });
  expect(shown.overlays).toEqual(expect.arrayContaining(['co_order', 'co_withdraw']));
  const [dispatch, ...further] = work.queued;
  expect(further.map(({ dependsOn }) => dependsOn)).toEqual([dispatch?.opId, dispatch?.opId]);
  const { ids } = listTicketIds(work.ctx, { kind: 'queue', statuses: ['to_sign'] }, 10);
  expect(listSummaries(work.db, [...ids], 'dispatcher')).toMatchObject([{ uid, coOrders: { count: 1, open: 1 } }]);
});

test('the end of a 等待 stands on its beginning as long as that waits for the server, and says which one it ends', () => {
  const work = open();
  const { uid } = receive(work, 12);
  expect(overlayTicket(work.ctx, uid, SAMPLE_OVERLAYS.wait, '请补充门牌号')).toBeNull();
  const began = getTicket(work.ctx, uid).handling?.waiting?.id;
  expect(began).toBeDefined();
  const ref = began ? { ref: began } : {};
  expect(overlayTicket(work.ctx, uid, { ...SAMPLE_OVERLAYS.wait_end, ...ref }, '已补充')).toBeNull();
  expect(overlayTicket(work.ctx, uid, SAMPLE_OVERLAYS.wait, '还缺照片')).toBeNull();
  expect(overlayTicket(work.ctx, uid, { ...SAMPLE_OVERLAYS.wait_end, ...ref }, '不等了')).toBe('OVERLAY_DONE');
  expect(overlayTicket(work.ctx, uid, SAMPLE_OVERLAYS.wait_end, '不等了')).toBeNull();
  const [first, , second] = work.queued.map(({ opId }) => opId);
  expect(work.queued.map(({ dependsOn }) => dependsOn)).toEqual([undefined, first, undefined, second]);
});
