import { expect, test } from 'vitest';
import { saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { recordCall } from '#main/data/services/call.service.ts';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { addNote } from '#main/data/services/ticket.service.ts';
import { listTimeline } from '#main/data/services/timeline.service.ts';
import type { TimelineKind } from '#shared/contract/citizen.contract.ts';
import type { CallFacts, Ticket, TicketEvent } from '#shared/domain/ticket.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import {
  START,
  sampleCall,
  sampleCitizen,
  sampleFields,
  sampleRecord,
  sampleTicket,
} from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const DAY = 86_400_000;
const PHONE = '13800001234';

function ticketAt(number: number, daysAgo: number, changes: Partial<Ticket> = {}, address = '中央路260号3栋'): Ticket {
  const fields = sampleFields();
  return sampleTicket(number, {
    createdAt: START - daysAgo * DAY,
    fields: {
      ...fields,
      caller: { ...fields.caller, phone: PHONE },
      place: { ...fields.place, divisionCode: '320106001', address },
    },
    ...changes,
  });
}

test('the card names how often somebody called within 30 days and what most of it was about', () => {
  const { ctx, db } = openTestWork(tempFolder());
  saveTicket(db, ticketAt(1, 1));
  expect(lookUpCaller(ctx, PHONE).repeat).toBeNull();
  // The same house in other words, another building of it, somewhere else, and long ago.
  saveTicket(db, ticketAt(2, 5, {}, '中央路 260号'));
  saveTicket(db, ticketAt(3, 9, {}, '中央路２６０号5栋'));
  saveTicket(db, ticketAt(4, 20, {}, '汉中路1号'));
  saveTicket(db, ticketAt(5, 31));
  expect(lookUpCaller(ctx, PHONE).repeat).toEqual({
    days: 30,
    count: 4,
    same: {
      count: 3,
      categoryCode: '010101',
      place: { divisionCode: '320106001', address: '中央路260号3栋' },
    },
  });
});

test('without a common place the category alone is the reason, without a common category there is none', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const elsewhere = (number: number, address: string, categoryCode: string) => {
    const ticket = ticketAt(number, number, {}, address);
    return { ...ticket, fields: { ...ticket.fields, categoryCode } };
  };
  saveTicket(db, elsewhere(1, '汉中路1号', '010101'));
  saveTicket(db, elsewhere(2, '建宁路2号', '020101'));
  expect(lookUpCaller(ctx, PHONE).repeat).toEqual({ days: 30, count: 2, same: null });
  saveTicket(db, elsewhere(3, '龙蟠路3号', '010101'));
  expect(lookUpCaller(ctx, PHONE).repeat).toEqual({
    days: 30,
    count: 3,
    same: { count: 2, categoryCode: '010101', place: null },
  });
});

test('open tickets are on the card however old they are', () => {
  const { ctx, db } = openTestWork(tempFolder());
  saveTicket(db, ticketAt(1, 400, { status: 'on_account', dueAt: START + DAY }));
  for (let i = 2; i <= 40; i++) saveTicket(db, ticketAt(i, i, { status: i === 3 ? 'handling' : 'closed' }));
  const card = lookUpCaller(ctx, PHONE);
  expect(card.tickets).toHaveLength(20);
  expect(card.open.map(({ number, dueAt }) => [number, dueAt])).toEqual([
    [3, null],
    [1, START + DAY],
  ]);
  expect(card.totals.open).toBe(2);
});

test('the last promise is on the card, with who made it, when and until when', () => {
  const { ctx, db, clock } = openTestWork(tempFolder());
  const old = ticketAt(1, 200, { status: 'handling' });
  saveTicket(db, old);
  saveTicket(db, ticketAt(2, 1));
  expect(lookUpCaller(ctx, PHONE).promise).toBeNull();
  addNote(ctx, old.uid, { kind: 'promise', text: '承诺三天内修好' });
  clock.advance(1_000);
  addNote(ctx, old.uid, { kind: 'promise', text: '承诺 周五前回电', dueAt: START + 2 * DAY });
  addNote(ctx, old.uid, { kind: 'note', text: '市民补充' });
  expect(lookUpCaller(ctx, PHONE).promise).toEqual({
    ticketUid: old.uid,
    text: '承诺 周五前回电',
    at: START + 1_000,
    byName: '林晓雯',
    dueAt: START + 2 * DAY,
    kept: false,
  });
});

test('the last calls are on the card, of every number of the person', () => {
  const { ctx, db } = openTestWork(tempFolder());
  saveCitizen(db, sampleCitizen({ phones: [PHONE, '13900005678'] }));
  for (let i = 1; i <= 7; i++) recordCall(ctx, sampleRecord(sampleCall(i % 2 ? PHONE : '13900005678', START + i)));
  recordCall(ctx, sampleRecord(sampleCall('13700000000', START + 99)));
  const { calls, totals } = lookUpCaller(ctx, PHONE);
  expect(calls.map(({ ringAt }) => ringAt - START)).toEqual([7, 6, 5, 4, 3]);
  expect(totals.calls).toBe(7);
});

/** A ticket a colleague wrote at another seat in a call that this console never saw. */
function ticketFrom(call: CallFacts, changes: Partial<Ticket> = {}): Ticket {
  const ticket = ticketAt(++written, 1, { createdByName: '周启明', ...changes });
  return { ...ticket, createdAt: call.ringAt, fields: { ...ticket.fields, call } };
}
let written = 100;

test('calls colleagues took are known by their tickets: on the card, in the count and in the timeline, each once', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const citizen = sampleCitizen({ phones: [PHONE] });
  saveCitizen(db, citizen);
  const taken = (daysAgo: number, ended = true): CallFacts => {
    const at = START - daysAgo * DAY;
    return { ...sampleCall(PHONE, at), answeredAt: at + 2_000, endedAt: ended ? at + 92_000 : null };
  };
  const [long, last] = [taken(9), taken(2, false)];
  // Two tickets of one call.
  for (const call of [long, long, last]) saveTicket(db, ticketFrom(call));
  const own = sampleCall(PHONE, START - 5 * DAY);
  recordCall(ctx, sampleRecord(own));
  saveTicket(db, ticketFrom(own, { createdByName: '林晓雯' }));
  // Somebody else's phone was lent for it.
  saveTicket(db, ticketFrom({ ...taken(12), ani: '13700000000' }));
  const card = lookUpCaller(ctx, PHONE);
  const days = card.calls.map(({ ringAt, takenBy, endedAt }) => [(START - ringAt) / DAY, takenBy, endedAt !== null]);
  expect(days).toEqual([
    [2, '周启明', false],
    [5, null, true],
    [9, '周启明', true],
    [12, '周启明', true],
  ]);
  expect(card.totals.calls).toBe(4);
  const list = (uid: typeof citizen.uid | null, phone: string) =>
    listTimeline(ctx, { uid, phone, kinds: ['call'], limit: 50, skip: 0 }).entries;
  expect(list(null, PHONE).map(({ kind, at }) => [kind, (START - at) / DAY])).toEqual(
    [2, 5, 9, 12].map((daysAgo) => ['call', daysAgo]),
  );
  expect(list(citizen.uid, '')).toEqual(list(null, PHONE));
  // What is going on is no earlier call, also when its ticket came back from the centre first.
  expect(lookUpCaller(ctx, PHONE, last.callId)).toMatchObject({ totals: { calls: 3 }, calls: [{}, {}, {}] });
});

test('the timeline merges calls, tickets and callbacks by time, page by page and by kind', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const citizen = sampleCitizen({ phones: [PHONE] });
  saveCitizen(db, citizen);
  const event = (kind: TicketEvent['kind'], daysAgo: number, changes: Partial<TicketEvent> = {}): TicketEvent => ({
    id: newId<EventId>(START),
    at: START - daysAgo * DAY,
    kind,
    actorId: null,
    actorName: '周启明',
    text: kind,
    from: null,
    to: null,
    ref: '',
    ...changes,
  });
  const ticket = ticketAt(1, 10, {
    events: [
      event('created', 10),
      event('promise', 8, { dueAt: START }),
      event('called', 6),
      event('status', 3, { from: 'replied', to: 'to_callback' }),
      event('note', 2),
    ],
  });
  saveTicket(db, ticket);
  saveTicket(db, ticketAt(2, 4));
  recordCall(ctx, sampleRecord(sampleCall(PHONE, START - 10 * DAY - 1)));
  recordCall(ctx, sampleRecord(sampleCall(PHONE, START - 5 * DAY)));
  const list = (kinds: readonly TimelineKind[], limit = 50, skip = 0, by: 'uid' | 'phone' = 'uid') =>
    listTimeline(ctx, {
      uid: by === 'uid' ? citizen.uid : null,
      phone: by === 'uid' ? '' : PHONE,
      kinds: [...kinds],
      limit,
      skip,
    });
  const all = ['call', 'ticket', 'callback'] as const;
  const days = (entries: readonly { readonly at: number; readonly kind: string }[]) =>
    entries.map(({ at, kind }) => `${kind} ${Math.floor((START - at) / DAY)}`);
  const whole = ['callback 3', 'ticket 4', 'call 5', 'callback 6', 'callback 8', 'ticket 10', 'call 10'];
  expect(days(list(all).entries)).toEqual(whole);
  expect(days(list(all, 50, 0, 'phone').entries)).toEqual(whole);
  expect(days(list(['call']).entries)).toEqual(['call 5', 'call 10']);
  expect(list(['callback']).entries.map((entry) => entry.kind === 'callback' && entry.event)).toEqual([
    'status',
    'called',
    'promise',
  ]);
  const paged = [0, 3, 6].map((skip) => list(all, 3, skip));
  expect(paged.flatMap(({ entries }) => days(entries))).toEqual(whole);
  expect(paged.map(({ more }) => more)).toEqual([true, true, false]);
});

test('a call that is going on and the tickets made in it are no earlier ones', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const earlier = sampleCall(PHONE, START - 5 * DAY);
  const now = sampleCall(PHONE);
  const madeIn = (number: number, call: typeof now) => {
    const ticket = ticketAt(number, 0, { status: 'handling' });
    return { ...ticket, fields: { ...ticket.fields, call } };
  };
  recordCall(ctx, sampleRecord(now, { outcome: null, answeredAt: null, endedAt: null }));
  expect(lookUpCaller(ctx, PHONE, now.callId)).toMatchObject({ calls: [], totals: { calls: 0 } });
  saveTicket(db, madeIn(1, now));
  saveTicket(db, madeIn(2, now));
  const fresh = lookUpCaller(ctx, PHONE, now.callId);
  expect(fresh).toMatchObject({ repeat: null, open: [], totals: { tickets: 0, open: 0, last30Days: 0, calls: 0 } });
  // They can be looked at all the same.
  expect(fresh.tickets.map((ticket) => ticket.number)).toEqual([2, 1]);

  recordCall(ctx, sampleRecord(earlier));
  saveTicket(db, madeIn(3, earlier));
  saveTicket(db, madeIn(4, earlier));
  const known = lookUpCaller(ctx, PHONE, now.callId);
  expect(known).toMatchObject({ repeat: { count: 2 }, totals: { tickets: 2, open: 2, last30Days: 2, calls: 1 } });
  expect(known.calls.map((call) => call.callId)).toEqual([earlier.callId]);
  // The next call counts them.
  expect(lookUpCaller(ctx, PHONE, sampleCall(PHONE, START + DAY).callId)).toMatchObject({
    repeat: { count: 4 },
    totals: { tickets: 4, calls: 2 },
  });
});
