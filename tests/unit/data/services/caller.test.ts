import { expect, test } from 'vitest';
import { saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { findTicket, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { recordCall } from '#main/data/services/call.service.ts';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { listTicketIds, listTicketRows } from '#main/data/services/ticket.service.ts';
import { EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { TICKET_STATUSES } from '#shared/domain/ticket-status.ts';
import { type CitizenId, newId } from '#shared/kernel/ids.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import { START, sampleCall, sampleFields, sampleRecord, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const DAY = 86_400_000;

function callerWith(phone: string) {
  const fields = sampleFields();
  return { ...fields, caller: { ...fields.caller, phone } };
}

test('the card finds a caller by any written form of the number and by their other numbers', () => {
  const { ctx, db } = openTestWork(tempFolder());
  saveCitizen(db, {
    uid: newId<CitizenId>(START),
    centre: '320100',
    fields: {
      ...EMPTY_CITIZEN_FIELDS,
      name: '王芳',
      gender: 'female',
      kind: 'person',
      phones: ['13800001234', '025-84000001'],
      confidential: false,
      remark: '听力不好',
    },
    createdAt: START,
    updatedAt: START,
    version: 1,
    mergedInto: null,
  });
  saveTicket(db, sampleTicket(1, { fields: callerWith('13800001234') }));
  saveTicket(db, sampleTicket(2, { fields: callerWith('02584000001'), status: 'closed' }));
  saveTicket(db, sampleTicket(3, { fields: callerWith('13999999999') }));
  recordCall(ctx, sampleRecord(sampleCall('13800001234')));
  for (const written of [
    '138 0000 1234',
    '+8613800001234',
    '１３８００００１２３４',
    '0086-138-0000-1234',
    '(025) 84000001',
  ]) {
    const card = lookUpCaller(ctx, written);
    expect(card.citizen?.fields.name).toBe('王芳');
    expect(card.tickets.map((ticket) => ticket.number)).toEqual([2, 1]);
    expect(card.totals).toEqual({ tickets: 2, open: 1, last30Days: 2, calls: 1 });
  }
});

test('the card shows the last twenty tickets and counts all of them', () => {
  const { ctx, db } = openTestWork(tempFolder());
  for (let i = 1; i <= 50; i++) {
    const at = START - i * DAY;
    saveTicket(db, sampleTicket(i, { createdAt: at, status: i % 2 ? 'closed_direct' : 'handling' }));
  }
  const card = lookUpCaller(ctx, '13800001234');
  expect(card.tickets.map((ticket) => ticket.number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(card.totals).toEqual({ tickets: 50, open: 25, last30Days: 30, calls: 0 });
});

test('a withheld number finds nobody', () => {
  const { ctx, db } = openTestWork(tempFolder());
  saveTicket(db, sampleTicket(1, { fields: callerWith('') }));
  expect(lookUpCaller(ctx, '')).toEqual({
    phone: '',
    citizen: null,
    masked: false,
    confidential: false,
    merged: [],
    alsoKnown: [],
    unconfirmed: false,
    tickets: [],
    open: [],
    calls: [],
    promise: null,
    repeat: null,
    totals: { tickets: 0, open: 0, last30Days: 0, calls: 0 },
  });
});

test.each([
  ['few states', ['to_dispatch', 'handling', 'handling'] as const],
  ['all states', TICKET_STATUSES],
])(
  'pages of a queue of %s follow each other without a gap or a repeat, also among tickets of the same moment',
  (_, statuses) => {
    const { ctx, db } = openTestWork(tempFolder());
    for (let i = 1; i <= 25; i++) {
      saveTicket(db, sampleTicket(i, { createdAt: START, status: i % 2 ? 'to_dispatch' : 'handling' }));
    }
    const list = { kind: 'queue' as const, statuses: [...statuses] };
    const seen: (number | null)[] = [];
    let before: number | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page = listTicketIds(ctx, list, 4, before);
      seen.push(...listTicketRows(ctx, page.ids).map(({ ticket }) => ticket.number));
      if (page.next === null) break;
      before = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 25 - i));
    expect(() => listTicketIds(ctx, list, 4, 9_999)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
  },
);

test('a stored ticket comes back exactly as it was, with and without its optional parts', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const full = sampleTicket(1, {
    unit: '鼓楼区城管局',
    replies: [{ at: START, unit: '鼓楼区城管局', text: '已修复' }],
    closedAt: START + 1,
    dueAt: START + 2,
    consoleId: ctx.consoleId,
    madeOffline: true,
    fields: sampleFields({
      demands: ['repair'],
      markers: ['repeat'],
      tags: ['夜间'],
      call: sampleCall('13800001234'),
      answer: '',
      occurredAt: 0,
    }),
  });
  const plain = sampleTicket(2);
  for (const ticket of [full, plain]) saveTicket(db, ticket);
  for (const ticket of [full, plain]) expect(findTicket(db, ticket.uid)?.ticket).toEqual(ticket);
});
