import { afterEach, describe, expect, test } from 'vitest';
import { DataError } from '#main/data/errors.ts';
import { makeSampleIndex } from '#main/data/repositories/check.repository.ts';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { saveRecord } from '#main/data/repositories/record.repository.ts';
import { insertScope, listScopes } from '#main/data/repositories/scope.repository.ts';
import { deleteTicket, findTicketState, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import {
  calibrate,
  keepCheckDraft,
  scoreTicket,
  settleCheck,
  startCalibration,
} from '#main/data/services/check-work.service.ts';
import {
  countQuality,
  getQuality,
  listQualityIds,
  listQualityRows,
  prepareQuality,
  type QualityQuestion,
} from '#main/data/services/quality.service.ts';
import { discardOp } from '#main/data/services/refused-ops.service.ts';
import type { User } from '#shared/contract/server.contract.ts';
import { NO_MARKS, siblingOf } from '#shared/domain/quality/check.ts';
import { reasonsToCheck } from '#shared/domain/quality/sampling.ts';
import { shippedSampling } from '#shared/domain/quality/shipped-sheets.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { NO_HANDLING } from '#shared/domain/ticket-handling.ts';
import type { TicketId, UserId } from '#shared/kernel/ids.ts';
import { decideCheckOp } from '#shared/sync/check-ops.ts';
import { appealBody, FIVE_OFF, markBody, scoreBody } from '#tests/support/checks.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { listQuality } from '#tests/support/data/quality-lines.ts';
import { AGENT, START, sampleTicket, TICKETS_NOW } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { toOp } from '#tests/support/test-console.ts';

const tempFolder = prepareTempFolders();
const open: TestWork[] = [];
afterEach(() => {
  for (const work of open.splice(0)) work.db.close();
});
const CHECKER: User = {
  ...AGENT,
  id: '019a0000-0000-7000-8000-0000000000b1' as UserId,
  name: '苏文澜',
  role: 'quality',
};
const OTHER = {
  ...CHECKER,
  id: '019a0000-0000-7000-8000-0000000000b2' as UserId,
  name: '顾若兰',
  role: 'lead' as const,
};
const DAY = 86_400_000;

function openWork(user = CHECKER): TestWork {
  const work = openTestWork(tempFolder(), user);
  work.db.run('UPDATE session SET user_id = ?', user.id);
  open.push(work);
  prepareQuality(work.ctx);
  return work;
}

/** An ended ticket of somebody else whose uid ends with these two digits, as the server sends it. */
function receive(work: TestWork, number: number, ending: string, over: Partial<Ticket> = {}): Ticket {
  const ticket: Ticket = {
    ...sampleTicket(number, { version: 3 }),
    uid: `019a0000-0000-7000-8000-0000000${String(number).padStart(3, '0')}${ending}` as TicketId,
    status: 'closed',
    createdById: AGENT.id,
    createdByName: AGENT.name,
    closedAt: START - DAY,
    ...over,
  };
  if (listScopes(work.db).length === 0) insertScope(work.db, TICKETS_NOW, 1);
  saveTicket(work.db, ticket, null, { scopeId: 1, version: 3, round: 1 });
  return ticket;
}
const factsOf = (ticket: Ticket) => ({
  ticketUid: ticket.uid,
  ticketNo: '20261122-00000012',
  agentId: AGENT.id,
  agentName: AGENT.name,
});
const eventOf = (n: number) => `019a0000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`;

/** A document as somebody else made it and the server sends it. */
function receiveDone(
  work: TestWork,
  before: SyncedRecord | null,
  body: Parameters<typeof toOp>[1],
  who: User,
): SyncedRecord {
  const verdict = decideCheckOp(before, toOp(1, body, { at: START }) as never, who, START);
  if (verdict.kind !== 'changed') throw new Error(JSON.stringify(verdict));
  const record = { ...verdict.record, version: (before?.version ?? 0) + 1 };
  saveRecord(work.db, record, undefined, { scopeId: 1, version: record.version, round: 1 });
  return record;
}

const waiting = (work: TestWork) => listQuality(work.ctx, 'to_check', 100).map(({ ticketUid }) => ticketUid);

test('what was checked goes on page by page, what changed last first', () => {
  const work = openWork();
  const uids = Array.from({ length: 5 }, (_, i) => {
    const ticket = receive(work, i + 1, `0${i}`);
    receiveDone(work, null, scoreBody(factsOf(ticket), eventOf(i + 1)), OTHER);
    return ticket.uid;
  });
  const first = listQualityIds(work.ctx, { list: 'checked' }, 3);
  const second = listQualityIds(work.ctx, { list: 'checked' }, 3, first.next ?? undefined);
  expect([first.ids.length, second.ids.length, second.next]).toEqual([3, 2, null]);
  const lines = listQualityRows(work.ctx, 'checked', [...first.ids, ...second.ids]);
  expect(new Set(lines.map(({ line }) => line.ticketUid))).toEqual(new Set(uids));
  // Nobody reads them but whose work it is.
  expect(listQualityRows(openWork(AGENT).ctx, 'checked', first.ids)).toEqual([]);
  expect(() => listQualityIds(work.ctx, { list: 'checked' }, 3, 999_999)).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  );
});

test('every list is narrowed by what its tickets are, and turned round', () => {
  const work = openWork();
  const place = (divisionCode: string) => {
    const { fields } = sampleTicket(1);
    return { fields: { ...fields, place: { ...fields.place, divisionCode } } };
  };
  const inDistrict = [1, 2, 3].map((i) => receive(work, i, `0${i}`, { ...place('320102'), closedAt: START - i * DAY }));
  const elsewhere = receive(work, 4, '00', { ...place('320106'), closedAt: START - 9 * DAY });
  const filter = { division: '320102' } as const;
  const uidsOf = (question: QualityQuestion) =>
    listQualityRows(work.ctx, question.list, listQualityIds(work.ctx, question, 2).ids).map(
      ({ line }) => line.ticketUid,
    );
  const [last, middle, first] = inDistrict.map(({ uid }) => uid);
  expect(uidsOf({ list: 'to_check' })).toEqual([elsewhere.uid, first]);
  expect(uidsOf({ list: 'to_check', filter })).toEqual([first, middle]);
  expect(uidsOf({ list: 'to_check', filter, sort: 'newest' })).toEqual([last, middle]);
  const page = listQualityIds(work.ctx, { list: 'to_check', sort: 'newest' }, 3);
  const rest = listQualityIds(work.ctx, { list: 'to_check', sort: 'newest' }, 3, page.next ?? undefined);
  expect([page.ids.length, rest.ids.length, rest.next]).toEqual([3, 1, null]);

  // What was scored, too: a check passes with its ticket.
  for (const [at, ticket] of [...inDistrict, elsewhere].entries())
    receiveDone(work, null, scoreBody(factsOf(ticket), eventOf(at + 1)), OTHER);
  const checked = (sort?: 'newest' | 'oldest') =>
    uidsOf({ list: 'checked', filter: { division: '320106' }, ...(sort ? { sort } : {}) });
  expect([checked(), checked('oldest')]).toEqual([[elsewhere.uid], [elsewhere.uid]]);
  const all = (sort: 'newest' | 'oldest') => listQualityIds(work.ctx, { list: 'checked', sort }, 10).ids;
  expect(all('oldest')).toEqual([...all('newest')].reverse());
  expect(all('oldest')).toHaveLength(4);
});

describe('待质检', () => {
  test('holds what the rule draws and what it always takes, the same as the rule itself says, the oldest first', () => {
    const work = openWork();
    const tickets = [
      receive(work, 1, '02'),
      receive(work, 2, 'f0'),
      receive(work, 3, 'f1', { handling: { ...NO_HANDLING, round: 2 }, closedAt: START - 3 * DAY }),
      receive(work, 4, 'f2', { handling: { ...NO_HANDLING, round: 2, returnedBy: ['鼓楼区城管局'] } }),
      receive(work, 5, 'f3', {
        handling: {
          ...NO_HANDLING,
          callback: { reached: true, solved: true, satisfied: false, cause: 'slow', at: START, byName: '田甜' },
        },
      }),
      receive(work, 6, '01', { status: 'handling', closedAt: null }),
      receive(work, 7, '03', { createdById: null }),
      receive(work, 8, '10', { fields: { ...sampleTicket(8).fields, line: '12350' } }),
    ];
    const rule = shippedSampling();
    const wanted = tickets
      .filter((ticket) => reasonsToCheck(ticket, rule).length > 0)
      .toSorted((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0));
    expect(wanted.map(({ number }) => number)).toEqual([3, 1, 5, 8]);
    expect(waiting(work)).toEqual(wanted.map(({ uid }) => uid));
    expect(countQuality(work.ctx)).toMatchObject({ to_check: 4, checked: 0, appealed: 0, mine: 0 });
  });

  test('leaves out own tickets, those that ended long ago and those somebody has scored', () => {
    const work = openWork();
    receive(work, 1, '00', { createdById: CHECKER.id });
    receive(work, 2, '01', { closedAt: START - 31 * DAY });
    const scored = receive(work, 3, '02');
    receiveDone(work, null, scoreBody(factsOf(scored), eventOf(1)), OTHER);
    const left = receive(work, 4, '03');
    expect(waiting(work)).toEqual([left.uid]);
  });

  test('goes on page by page, also among tickets that ended in one moment, to its end', () => {
    const work = openWork();
    const tickets = Array.from({ length: 7 }, (_, i) =>
      receive(work, i + 1, '01', { closedAt: START - (i < 4 ? 2 : 1) * DAY }),
    );
    const pages: number[] = [];
    let before: number | undefined;
    for (;;) {
      const { ids, next } = listQualityIds(work.ctx, { list: 'to_check' }, 2, before);
      pages.push(...ids);
      if (next === null) break;
      before = next;
    }
    const lines = listQualityRows(work.ctx, 'to_check', pages);
    expect(new Set(lines.map(({ line }) => line.ticketUid))).toEqual(new Set(tickets.map(({ uid }) => uid)));
    expect(pages).toHaveLength(7);
    expect(lines.map(({ line }) => line.at)).toEqual(lines.map(({ line }) => line.at).toSorted((a, b) => a - b));
  });

  test('has its index from the opening of the profile on: nobody who asks makes anything that holds up a call', () => {
    const work = openWork();
    receive(work, 1, '02');
    const asked = {
      ...work.ctx,
      write: () => {
        throw new Error('a question writes');
      },
    };
    expect(countQuality(asked).to_check).toBe(1);
    expect(listQuality(asked, 'to_check', 10)).toHaveLength(1);
  });

  test('is counted by the rule of this build when an older one left its index', () => {
    const work = openWork();
    receive(work, 1, '02');
    makeSampleIndex(work.db, { ...shippedSampling(), shareOf256: { '12345': 1, '12350': 1 } });
    prepareQuality(work.ctx);
    expect(countQuality(work.ctx).to_check).toBe(1);
  });

  test('keeps nobody from their profile when the disk is full, and says why it cannot be counted', () => {
    const work = openTestWork(tempFolder(), CHECKER);
    open.push(work);
    const full = {
      ...work.ctx,
      write: () => {
        throw new DataError('DISK_FULL');
      },
    };
    prepareQuality(full);
    expect(() => countQuality(full)).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(listQuality(full, 'checked', 10)).toEqual([]);
  });

  test('is nobody’s but of who checks or reads checks', () => {
    const work = openWork(AGENT);
    receive(work, 1, '02');
    expect(countQuality(work.ctx).to_check).toBe(0);
    expect(waiting(work)).toEqual([]);
  });
});

test('a score shows at once, unconfirmed, leaves the queue and takes what was begun with it', () => {
  const work = openWork();
  const { uid } = receive(work, 12, '02');
  keepCheckDraft(work.ctx, uid, 'check', { marks: FIVE_OFF, words: '' });
  expect(getQuality(work.ctx, uid, 'check')).toMatchObject({ deeds: ['score', 'start'], draft: { marks: FIVE_OFF } });
  expect(listQuality(work.ctx, 'to_check', 10)).toMatchObject([{ begun: true }]);
  scoreTicket(work.ctx, uid, FIVE_OFF);
  expect(waiting(work)).toEqual([]);
  expect(getQuality(work.ctx, uid, 'check')).toMatchObject({
    pending: true,
    draft: null,
    check: { first: { points: 95, passed: true, byName: '苏文澜' } },
  });
  expect(work.queued).toMatchObject([
    { kind: 'check.score', uid: siblingOf(uid, 'check'), args: { agentId: AGENT.id } },
  ]);
});

test('refused because somebody else was first, it is shown item by item beside theirs; given up, theirs stays', () => {
  const work = openWork();
  const ticket = receive(work, 12, '02');
  scoreTicket(work.ctx, ticket.uid, FIVE_OFF);
  const [entry] = listOutbox(work.db);
  const opId = entry?.op.opId ?? '';
  const theirs = { ...NO_MARKS, deductions: [{ item: 'demand', points: 2, reason: '诉求没写清' }] };
  setOutboxRefused(work.db, opId, 'rejected', 'ALREADY_CHECKED:顾若兰', START);
  receiveDone(work, null, scoreBody(factsOf(ticket), eventOf(1), theirs), OTHER);
  expect(compareOp(work.ctx, opId as never)).toMatchObject({
    redoable: false,
    server: { byName: '顾若兰' },
    fields: [
      { field: 'marks.ordinary.1.facts', mine: '−5　没有问清发生时间', theirs: '', isClash: true },
      { field: 'marks.ordinary.1.demand', mine: '', theirs: '−2　诉求没写清', isClash: true },
    ],
  });
  discardOp(work.ctx, opId as never);
  expect(getQuality(work.ctx, ticket.uid, 'check')).toMatchObject({ check: { first: { byName: '顾若兰' } } });
});

describe('words of checkers', () => {
  const caller = { ...sampleTicket(12).fields.caller, name: '欧阳清扬', phone: '13900001234' };
  const words = '欧阳清扬女士（13900001234）没有核对';
  const marks = { ...NO_MARKS, deductions: [{ item: 'facts', points: 5, reason: words }], remark: words };
  const withCheck = (user: User, isConfidential: boolean) => {
    const work = openWork(user);
    const fields = { ...sampleTicket(12).fields, caller: { ...caller, confidential: isConfidential } };
    const ticket = receive(work, 12, '02', { fields });
    receiveDone(work, null, scoreBody(factsOf(ticket), eventOf(1), marks), OTHER);
    return { work, ticket };
  };
  const readBy = (work: TestWork, uid: TicketId) => getQuality(work.ctx, uid, 'check').check?.first.marks;
  const leave = (work: TestWork, uid: TicketId) => deleteTicket(work.db, findTicketState(work.db, uid)?.id ?? 0);

  test('name no secret caller to 质检员, beside their own refused score neither', () => {
    const { work, ticket } = withCheck(CHECKER, true);
    const shown = '欧*女士（139****1234）没有核对';
    expect(readBy(work, ticket.uid)).toMatchObject({ deductions: [{ reason: shown }], remark: shown });
    const other = openWork(CHECKER);
    const same = receive(other, 12, '02', { fields: ticket.fields });
    scoreTicket(other.ctx, same.uid, FIVE_OFF);
    const opId = listOutbox(other.db)[0]?.op.opId ?? '';
    setOutboxRefused(other.db, opId, 'rejected', 'ALREADY_CHECKED:顾若兰', START);
    receiveDone(other, null, scoreBody(factsOf(same), eventOf(1), marks), OTHER);
    expect(compareOp(other.ctx, opId as never)).toMatchObject({ fields: [{ theirs: `−5　${shown}` }] });
  });

  test('are hidden as a whole once the ticket has left the cache; points stay', () => {
    const { work, ticket } = withCheck(CHECKER, true);
    leave(work, ticket.uid);
    expect(readBy(work, ticket.uid)).toEqual({
      ...NO_MARKS,
      deductions: [{ item: 'facts', points: 5, reason: '***' }],
      remark: '***',
    });
  });

  test('are read as they stand by who reads of everybody, with the ticket and without', () => {
    const { work, ticket } = withCheck({ ...CHECKER, role: 'lead' }, true);
    expect(readBy(work, ticket.uid)?.remark).toBe(words);
    leave(work, ticket.uid);
    expect(readBy(work, ticket.uid)?.remark).toBe(words);
  });

  test('are read as they stand of a caller who is no secret', () => {
    const { work, ticket } = withCheck(CHECKER, false);
    expect(readBy(work, ticket.uid)?.remark).toBe(words);
  });
});

test('an appeal is settled by another one than scored first', () => {
  const work = openWork();
  const ticket = receive(work, 12, '02');
  const scored = receiveDone(work, null, scoreBody(factsOf(ticket), eventOf(1)), OTHER);
  const appeal = { id: eventOf(2) as never, at: START, madeAt: START, words: '时间在补充里' };
  if (scored.kind !== 'check') throw new Error('not a check');
  saveRecord(work.db, { ...scored, version: 2, doc: { ...scored.doc, appeal } }, undefined, {
    scopeId: 1,
    version: 2,
    round: 1,
  });
  expect(countQuality(work.ctx).appealed).toBe(1);
  expect(getQuality(work.ctx, ticket.uid, 'check').deeds).toContain('settle');
  settleCheck(work.ctx, ticket.uid, NO_MARKS, '补充里确有时间');
  expect(countQuality(work.ctx).appealed).toBe(0);
  expect(getQuality(work.ctx, ticket.uid, 'check')).toMatchObject({
    check: { settled: { byName: '苏文澜', score: { points: 100 } } },
  });
  expect(() => settleCheck(work.ctx, ticket.uid, null, '再来一次')).toThrow('APPEAL_SETTLED');
});

test('the marks of others in a calibration are hidden until one has scored oneself', () => {
  const work = openWork();
  const ticket = receive(work, 12, '02');
  startCalibration(work.ctx, ticket.uid);
  const opened = { ...(listQuality(work.ctx, 'calibration', 10)[0] ?? {}) };
  expect(opened).toMatchObject({ state: 'open', pending: true });
  const body = { ...markBody(factsOf(ticket), eventOf(5)) };
  const record = work.db.get<{ doc: string }>('SELECT doc FROM records WHERE uid = ?', body.uid);
  const before = {
    kind: 'calibration',
    uid: body.uid,
    centre: '320100',
    version: 1,
    updatedAt: START,
    doc: JSON.parse(record?.doc ?? ''),
  };
  receiveDone(work, before as SyncedRecord, body, OTHER);
  expect(getQuality(work.ctx, ticket.uid, 'calibration')).toMatchObject({
    deeds: ['mark'],
    hidden: 1,
    calibration: { scores: [] },
  });
  calibrate(work.ctx, ticket.uid, NO_MARKS);
  expect(getQuality(work.ctx, ticket.uid, 'calibration').calibration?.scores.map(({ points }) => points)).toEqual([
    95, 100,
  ]);
  expect(countQuality(work.ctx).calibration).toBe(0);
});

test('an agent finds their own result and appeals in time', () => {
  const work = openWork(AGENT);
  const ticket = receive(work, 12, '02');
  const scored = decideCheckOp(
    null,
    toOp(1, scoreBody(factsOf(ticket), eventOf(1)), { at: START }) as never,
    CHECKER,
    START,
  );
  if (scored.kind !== 'changed') throw new Error('not scored');
  const copy = { ...scored.record, kind: 'check_copy', uid: siblingOf(ticket.uid, 'copy'), version: 1 } as SyncedRecord;
  saveRecord(work.db, copy, undefined, { scopeId: 1, version: 1, round: 1 });
  expect(listQuality(work.ctx, 'mine', 10)).toMatchObject([{ points: 95, state: 'scored', checkerName: '苏文澜' }]);
  expect(getQuality(work.ctx, ticket.uid, 'mine').deeds).toEqual(['appeal']);
  // Nothing of how others were checked.
  expect(listQuality(work.ctx, 'checked', 10)).toEqual([]);
  work.clock.advance(10 * DAY);
  expect(getQuality(work.ctx, ticket.uid, 'mine').deeds).toEqual([]);
  expect(appealBody(factsOf(ticket), eventOf(9)).uid).toBe(copy.uid);
});
