import { expect } from 'vitest';
import type { Ticket } from '#shared/domain/ticket.ts';
import { NO_CONDITIONS, type TicketView } from '#shared/domain/ticket-view.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { AGENT, START, sampleFields } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { dispatchTo } from '#tests/support/sample-acts.ts';
import { SAMPLE_OVERLAYS } from '#tests/support/sample-overlays.ts';
import { ticketOfLongAgo } from './citizen-answers.ts';
import { atServer, confirmed, type Desk, given, type Scenarios, signIn, submit } from './desk.ts';

const UNIT = '鼓楼区城管局';

/** Two tickets that wait to be dispatched, one that a unit works on, the newest last. */
async function threeTickets(desk: Desk) {
  const drain = sampleFields({ title: '下水道堵了', content: '湖南路 8 号下水道堵了', categoryCode: '020301' });
  const tickets: readonly [Ticket, Ticket, Ticket] = [
    given(desk, {}, 1),
    given(desk, { fields: drain }, 2),
    given(desk, { status: 'handling', unit: UNIT }, 3),
  ];
  await signIn(desk, 'dispatcher');
  await until('everything is found', async () => {
    const { tickets: found, indexing } = await desk.client.tickets.search({ query: '不亮' });
    return found.length === 2 && indexing === 0;
  });
  return tickets;
}

/** A ticket of this agent with a promise of theirs. */
async function promised(desk: Desk) {
  const { uid } = given(desk);
  await signIn(desk);
  const note = { uid, kind: 'promise', text: '周五前回电', dueAt: START + 86_400_000 } as const;
  const { eventId } = await desk.client.tickets.addNote(note);
  await confirmed(desk);
  return { uid, eventId };
}

const promisesOf = async ({ client }: Desk, uid: Ticket['uid']) =>
  (await client.duplicates.relations({ uid })).promises.map(({ text }) => text);

export const ticketAnswers: Scenarios<'tickets'> = {
  get: async (desk) => {
    const [ticket] = await threeTickets(desk);
    const shown = await desk.client.tickets.get({ uid: ticket.uid });
    expect(shown).toMatchObject({
      uid: ticket.uid,
      number: 1,
      fields: ticket.fields,
      events: ticket.events,
      pending: false,
      refused: null,
      masked: false,
      unconfirmed: [],
    });
    expect([shown.acts.includes('dispatch'), shown.acts.includes('close')]).toEqual([true, false]);
  },
  ids: async (desk) => {
    await threeTickets(desk);
    const list = { kind: 'queue' as const, statuses: ['to_dispatch' as const] };
    const first = await desk.client.tickets.ids({ list, limit: 1 });
    const second = await desk.client.tickets.ids({ list, limit: 1, before: first.next ?? 0 });
    const ids = [...first.ids, ...second.ids];
    const { rows } = await desk.client.tickets.rows({ ids });
    expect(rows.map(({ ticket }) => ticket.number)).toEqual([2, 1]);
    expect(second.next).toBeNull();
  },
  rows: async (desk) => {
    const [first, , third] = await threeTickets(desk);
    const { ids } = await desk.client.tickets.ids({ list: { kind: 'queue', statuses: ['to_dispatch', 'handling'] } });
    const { rows } = await desk.client.tickets.rows({ ids: [...ids.slice(0, 1), ...ids.slice(2), 999_999] });
    // Those that are gone are left out.
    expect(rows.map(({ id, ticket }) => [id, ticket.uid, ticket.unit])).toEqual([
      [ids[0], third.uid, UNIT],
      [ids[2], first.uid, null],
    ]);
  },
  search: async (desk) => {
    const [, drain] = await threeTickets(desk);
    const found = await desk.client.tickets.search({ query: '下水道' });
    expect(found).toMatchObject({ tickets: [{ uid: drain.uid, marks: ['下水道'] }], incomplete: false });
    const filter = { category: '0203', statuses: ['to_dispatch' as const] };
    const filtered = await desk.client.tickets.search({ query: '', filter });
    expect(filtered.tickets.map(({ uid }) => uid)).toEqual([drain.uid]);
  },
  searchOlder: async (desk) => {
    const old = ticketOfLongAgo(desk);
    await signIn(desk);
    expect(await desk.client.tickets.searchOlder({ query: '13800001234' })).toEqual({ state: 'complete' });
    await until('it is found', async () => {
      const { tickets } = await desk.client.tickets.search({ query: '13800001234' });
      return tickets.some(({ uid, outside }) => uid === old.uid && outside);
    });
  },
  rebuildIndex: async (desk) => {
    await threeTickets(desk);
    const find = async () => (await desk.client.tickets.search({ query: '路灯' })).tickets.map(({ uid }) => uid);
    const before = await find();
    expect(before.length).toBeGreaterThan(0);
    expect(await desk.client.tickets.rebuildIndex()).toEqual({ ok: true });
    await until('indexed again', async () => (await desk.client.sync.coverage()).unindexed === 0);
    expect(await find()).toEqual(before);
  },
  filterChoices: async (desk) => {
    await threeTickets(desk);
    const { units, agents } = await desk.client.tickets.filterChoices();
    expect(units).toEqual([{ value: UNIT, label: UNIT }]);
    expect(agents).toMatchObject([{ label: '周启明' }]);
    // What it names can be looked for.
    const filter = { agents: agents.map(({ value }) => value), units: [UNIT] };
    const { tickets } = await desk.client.tickets.search({ query: '', filter });
    expect(tickets.map(({ number }) => number)).toEqual([3]);
  },
  addNote: async (desk) => {
    const { uid } = given(desk);
    await signIn(desk);
    const { eventId } = await desk.client.tickets.addNote({ uid, kind: 'remind', text: '又来电催办' });
    const noted = { id: eventId, kind: 'remind', text: '又来电催办', actorName: AGENT.name };
    expect((await desk.client.tickets.get({ uid })).events.at(-1)).toMatchObject(noted);
    await confirmed(desk);
    expect(atServer(desk, uid).events.at(-1)).toMatchObject(noted);
  },
  amend: async (desk) => {
    const { uid, fields } = given(desk, { createdById: AGENT.id });
    await signIn(desk);
    const changes = { title: { from: fields.title, to: '路灯坏了两盏' } };
    expect(await desk.client.tickets.amend({ uid, changes, reason: '市民补充' })).toEqual({ ok: true });
    const { events, ...shown } = await desk.client.tickets.get({ uid });
    expect(shown.fields).toEqual({ ...fields, title: '路灯坏了两盏' });
    expect(events.at(-1)).toMatchObject({ kind: 'edited', text: 'title\n市民补充' });
    await confirmed(desk);
    expect(atServer(desk, uid).fields.title).toBe('路灯坏了两盏');
  },
  queueCounts: async (desk) => {
    await threeTickets(desk);
    expect(await desk.client.tickets.queueCounts()).toMatchObject({ dispatch: 2, handling: 1, review: 0, callback: 0 });
  },
  queueChildren: async (desk) => {
    const parent = given(desk, {}, 1);
    given(desk, { status: 'merged', link: { parentUid: parent.uid, state: 'merged', byName: '周启明', at: START } }, 2);
    await signIn(desk, 'dispatcher');
    expect(await desk.client.tickets.queueCounts()).toMatchObject({ dispatch: 1 });
    expect(await desk.client.tickets.queueChildren()).toMatchObject({ dispatch: 1, handling: 0 });
  },
  unitLoads: async (desk) => {
    await threeTickets(desk);
    const loads = await desk.client.tickets.unitLoads({ units: [UNIT, '玄武区城管局'] });
    expect([loads?.[UNIT], loads?.玄武区城管局]).toEqual([1, 0]);
  },
  decide: async (desk) => {
    const [first, , third] = await threeTickets(desk);
    const act = dispatchTo('鼓楼区水务局');
    const one = (ticket: Ticket) => ({ uid: ticket.uid, from: 'to_dispatch' as const, act, words: '' });
    expect(await desk.client.tickets.decide({ decisions: [one(first), one(third)] })).toEqual({
      outcomes: [
        { uid: first.uid, refused: null },
        { uid: third.uid, refused: 'STATUS_CHANGED' },
      ],
    });
    expect(await desk.client.tickets.get({ uid: first.uid })).toMatchObject({
      status: 'to_sign',
      unit: '鼓楼区水务局',
    });
    expect(await desk.client.tickets.get({ uid: third.uid })).toMatchObject({ status: 'handling', unit: UNIT });
    await confirmed(desk);
    expect(atServer(desk, first.uid)).toMatchObject({ status: 'to_sign', unit: '鼓楼区水务局' });
  },
  overlay: async (desk) => {
    const { uid } = given(desk, { status: 'handling', unit: UNIT });
    await signIn(desk, 'supervisor');
    const order = { uid, step: SAMPLE_OVERLAYS.order, words: '三日内办结' };
    expect(await desk.client.tickets.overlay(order)).toEqual({ refused: null });
    const { ids } = await desk.client.tickets.ids({ list: { kind: 'supervised' } });
    const { rows } = await desk.client.tickets.rows({ ids });
    expect(rows.map(({ ticket }) => [ticket.uid, ticket.orders?.count])).toEqual([[uid, 1]]);
    expect(await desk.client.tickets.overlay({ ...order, words: ' ' })).toEqual({ refused: 'WORDS_MISSING' });
  },
  settlePromise: async (desk) => {
    const { uid, eventId } = await promised(desk);
    expect(await promisesOf(desk, uid)).toEqual(['周五前回电']);
    const kept = { uid, eventId, how: 'kept', text: '已回电' } as const;
    expect(await desk.client.tickets.settlePromise(kept)).toEqual({ ok: true });
    expect(await promisesOf(desk, uid)).toEqual([]);
    await confirmed(desk);
    expect(atServer(desk, uid).events.at(-1)).toMatchObject({ kind: 'promise_kept', text: '已回电', ref: eventId });
  },
};

const VIEW: TicketView = {
  id: newId(START),
  name: '鼓楼区最急',
  place: 'dispatch',
  query: '',
  conditions: { ...NO_CONDITIONS, division: '320106' },
  sort: 'due',
  acrossSort: 'due',
};

export const viewAnswers: Scenarios<'views'> = {
  list: async (desk) => {
    await signIn(desk);
    expect(await desk.client.views.list()).toEqual({ views: [] });
    await desk.client.views.save(VIEW);
    await desk.client.views.save({ ...VIEW, id: newId(START), name: '鼓楼区最新', sort: 'newest' });
    const { views } = await desk.client.views.list();
    expect(views.map(({ name, sort }) => [name, sort]).toSorted()).toEqual([
      ['鼓楼区最急', 'due'],
      ['鼓楼区最新', 'newest'],
    ]);
  },
  save: async (desk) => {
    await signIn(desk);
    expect(await desk.client.views.save(VIEW)).toEqual({ ok: true });
    const again = { ...VIEW, id: newId<EventId>(START), sort: 'oldest' as const };
    await desk.client.views.save(again);
    await desk.client.session.lock();
    await signIn(desk);
    // One of the same place and name is replaced.
    expect((await desk.client.views.list()).views).toEqual([again]);
  },
  remove: async (desk) => {
    await signIn(desk);
    const other = { ...VIEW, id: newId<EventId>(START), name: '别的' };
    await desk.client.views.save(VIEW);
    await desk.client.views.save(other);
    expect(await desk.client.views.remove({ id: VIEW.id })).toEqual({ ok: true });
    expect((await desk.client.views.list()).views).toEqual([other]);
  },
};

const DARK = { title: '', content: '门口路灯不亮', originalWords: '', divisionCode: '320106' };

export const suggestAnswers: Scenarios<'suggest'> = {
  category: async (desk) => {
    await signIn(desk);
    await until('learnt', async () => (await desk.client.suggest.status()).basis === 'names');
    const { basis, suggestions, unit } = await desk.client.suggest.category({ ...DARK, categoryCode: null });
    expect([basis, suggestions[0]?.code, unit]).toEqual(['names', '020201', null]);
  },
  status: async (desk) => {
    await signIn(desk);
    await until('learnt', async () => (await desk.client.suggest.status()).basis === 'names');
    await submit(desk, { categoryCode: '020201', categoryChoice: { by: 'suggested', confidence: 0.8 } });
    await submit(desk, { categoryCode: '020201', categoryChoice: { by: 'picked', confidence: 0.8 } });
    expect(await desk.client.suggest.status()).toMatchObject({ tickets: 0, choices: { offered: 2, taken: 1 } });
  },
};
