import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listAcrossIds } from '#main/data/repositories/across-list.repository.ts';
import { listQueueIds } from '#main/data/repositories/queue-list.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { passesFilter } from '#main/data/search/facet-store.ts';
import { listTicketIds } from '#main/data/services/ticket.service.ts';
import type { TicketFilter, TicketList } from '#shared/contract/tickets.contract.ts';
import { shownDueAt } from '#shared/domain/clock/clock-summary.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { FlowReceiver } from '#shared/domain/overlay/flow.ts';
import type { Overlay } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { AccountCause } from '#shared/domain/ticket-act.ts';
import { NO_HANDLING } from '#shared/domain/ticket-handling.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import { TICKET_SORTS, type TicketSort } from '#shared/domain/ticket-view.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { START, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const HOUR_MS = 3_600_000;
const STATUSES = ['handling', 'redo', 'to_dispatch'] as const;
const QUEUE = ['handling', 'redo'] as const;
const UNITS = [null, '鼓楼区城管局', '玄武区城管局'];
const DIVISIONS = [null, '320106', '320106001', '320102'];
const CATEGORIES = [null, '010101', '010203', '020101'];

interface Stored {
  readonly id: number;
  readonly ticket: Ticket;
}

const RULES = shippedClockRules();
const MATTER = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;

/** The limits of what was accepted then. */
function limitOf(acceptedAt: number): Ticket['clocks'] {
  return clocksAfter({ clocks: null, acceptedAt, matter: MATTER }, { kind: 'accept' }, acceptedAt, RULES);
}

/** Some hundred tickets that differ in everything a queue is narrowed to or put in order by. */
function fill(work: TestWork): readonly Stored[] {
  const pick = <T>(values: readonly T[], at: number): T => values[at % values.length] as T;
  return Array.from({ length: 240 }, (_, index) => {
    const sample = sampleTicket(index + 1);
    const ticket: Ticket = {
      ...sample,
      status: pick(STATUSES, index * 7),
      unit: pick(UNITS, Math.floor(index / 2)),
      // Many are made at the same moment.
      createdAt: START - (index % 40) * HOUR_MS,
      acceptedAt: index % 5 === 0 ? null : START - (index % 40) * HOUR_MS + 1,
      createdById: index % 3 === 0 ? null : sample.createdById,
      createdByName: index % 2 === 0 ? '林晓雯' : '周立',
      fields: {
        ...sample.fields,
        categoryCode: pick(CATEGORIES, Math.floor(index / 3)),
        place: { ...sample.fields.place, divisionCode: pick(DIVISIONS, Math.floor(index / 5)) },
      },
      clocks: index % 4 === 0 ? null : limitOf(START - ((index * 13) % 50) * HOUR_MS),
    };
    return { id: saveTicket(work.db, ticket), ticket };
  });
}

const filters: fc.Arbitrary<TicketFilter> = fc.record(
  {
    statuses: fc.subarray([...STATUSES], { minLength: 1 }),
    category: fc.constantFrom('01', '0101', '010203', '09'),
    division: fc.constantFrom('320000', '320100', '320106', '320106001'),
    units: fc.subarray(['鼓楼区城管局', '玄武区城管局'], { minLength: 1 }),
    agents: fc.subarray(['=林晓雯', '=周立'], { minLength: 1 }),
    from: fc.integer({ min: START - 41 * HOUR_MS, max: START }),
    to: fc.integer({ min: START - 41 * HOUR_MS, max: START + HOUR_MS }),
  },
  { requiredKeys: [] },
);

function inOrder(rows: readonly Stored[], sort: TicketSort): readonly number[] {
  const due = ({ ticket }: Stored) => shownDueAt(ticket.clocks);
  const newest = (a: Stored, b: Stored) => b.ticket.createdAt - a.ticket.createdAt || b.id - a.id;
  const order: Record<TicketSort, (a: Stored, b: Stored) => number> = {
    newest,
    oldest: (a, b) => -newest(a, b),
    due: (a, b) => {
      const [first, second] = [due(a), due(b)];
      if (first === null || second === null) return first === second ? newest(a, b) : first === null ? 1 : -1;
      return first - second || a.id - b.id;
    },
  };
  return rows.toSorted(order[sort]).map(({ id }) => id);
}

/** The whole list, page by page. */
function readAll(work: TestWork, list: TicketList, limit: number): readonly number[] {
  const ids: number[] = [];
  let before: number | undefined;
  for (let pages = 0; pages < 1_000; pages++) {
    const page = listTicketIds(work.ctx, list, limit, before);
    expect(page.ids.length).toBeLessThanOrEqual(limit);
    ids.push(...page.ids);
    if (page.next === null) return ids;
    before = page.next;
  }
  throw new Error('the list never ends');
}

test('a queue lists what passes its conditions, in its order, whatever the size of its pages', () => {
  const work = openTestWork(tempFolder());
  const stored = fill(work);
  fc.assert(
    fc.property(
      fc.option(filters, { nil: undefined }),
      fc.constantFrom(...TICKET_SORTS),
      fc.integer({ min: 1, max: 300 }),
      (filter, sort, limit) => {
        const wanted = stored.filter(
          ({ ticket }) =>
            QUEUE.some((status) => status === ticket.status) && (filter ? passesFilter(ticket, filter) : true),
        );
        const list: TicketList = { kind: 'queue', statuses: [...QUEUE], sort, ...(filter ? { filter } : {}) };
        expect(readAll(work, list, limit)).toEqual(inOrder(wanted, sort));
      },
    ),
    { numRuns: 150, seed: 12345 },
  );
});

test('a narrowed queue that is looked through part by part is the same queue, also through parts in which nothing passes', () => {
  const work = openTestWork(tempFolder());
  const stored = fill(work);
  const isEmpty = { seen: 0 };
  fc.assert(
    fc.property(filters, fc.constantFrom(...TICKET_SORTS), fc.integer({ min: 1, max: 9 }), (filter, sort, lookAt) => {
      const wanted = stored.filter(
        ({ ticket }) => QUEUE.some((status) => status === ticket.status) && passesFilter(ticket, filter),
      );
      const ids: number[] = [];
      let before: number | undefined;
      do {
        const page = listQueueIds(work.db, { statuses: QUEUE, filter, sort }, 5, before, lookAt);
        if (page.ids.length === 0 && page.next !== null) isEmpty.seen++;
        ids.push(...page.ids);
        before = page.next ?? undefined;
      } while (before !== undefined);
      expect(ids).toEqual(inOrder(wanted, sort));
    }),
    { numRuns: 60, seed: 12345 },
  );
  expect(isEmpty.seen).toBeGreaterThan(100);
});

test('what is overdue is narrowed, too, the longest overdue first', () => {
  const work = openTestWork(tempFolder());
  const stored = fill(work);
  work.clock.advance(30 * 24 * HOUR_MS);
  const now = work.clock.now();
  fc.assert(
    fc.property(filters, fc.integer({ min: 1, max: 300 }), (filter, limit) => {
      const wanted = stored.filter(
        ({ ticket }) => (shownDueAt(ticket.clocks) ?? now + 1) <= now && passesFilter(ticket, filter),
      );
      expect(readAll(work, { kind: 'overdue', filter }, limit)).toEqual(inOrder(wanted, 'due'));
    }),
    { numRuns: 60, seed: 12345 },
  );
});

/** Lists across the states, and which of the rows lie in each whatever they are about. */
function scatter(work: TestWork): void {
  work.db.run('UPDATE tickets SET order_due_at = 5000 - id WHERE id % 3 = 0');
  work.db.run('UPDATE tickets SET call_due = 9000 - id, call_from = id % 7 WHERE id % 2 = 0');
  work.db.run('UPDATE tickets SET is_proposed = 1 WHERE id % 5 = 0');
  work.db.run('UPDATE tickets SET awaited_until = 6000 - id, flow_at = 8000 - id WHERE id % 3 = 1');
  work.db.run('UPDATE tickets SET joint_at = 7000 - id WHERE id % 4 = 0');
}
const ACROSS = ['overdue', 'supervised', 'callback', 'proposed', 'joint', 'waiting', 'elsewhere'] as const;

test('a list across the states is put in the order of its making, too, narrowed or not, whatever the size of its pages', () => {
  const work = openTestWork(tempFolder());
  const stored = fill(work);
  scatter(work);
  work.clock.advance(5 * 24 * HOUR_MS);
  for (const kind of ACROSS) {
    const inList = new Set(readAll(work, { kind }, 300));
    expect(inList.size).toBeGreaterThan(10);
    fc.assert(
      fc.property(
        fc.option(filters, { nil: undefined }),
        fc.constantFrom('newest', 'oldest'),
        fc.integer({ min: 1, max: 300 }),
        (filter, sort, limit) => {
          const wanted = stored.filter(({ id, ticket }) => inList.has(id) && (!filter || passesFilter(ticket, filter)));
          const list: TicketList = { kind, sort, ...(filter ? { filter } : {}) };
          expect(readAll(work, list, limit)).toEqual(inOrder(wanted, sort));
        },
      ),
      { numRuns: 30, seed: 12345 },
    );
  }
});

test('流转移交 is narrowed to what lies with one receiver, 挂账 to one cause', () => {
  const work = openTestWork(tempFolder());
  const at = (number: number, over: Partial<Ticket>) =>
    saveTicket(work.db, { ...sampleTicket(number), createdAt: START - number * HOUR_MS, ...over });
  const blank = { at: START, actorId: null, actorName: '', text: '', from: null, to: null, ref: '' };
  const handed = (id: number, text: string) => ({
    ...blank,
    id: newId<EventId>(START + id),
    kind: 'handed_off' as const,
    text,
  });
  const laid = (id: number, overlay: Overlay) => ({
    ...blank,
    id: newId<EventId>(START + id),
    kind: 'overlay' as const,
    overlay,
  });
  const flow = (isEnabled: boolean) =>
    laid(2, { step: 'flow', receiver: 'police', rule: { id: 'group-rental', version: 1 }, isEnabled });
  const result = laid(3, { step: 'flow_result', receiver: '110', outcome: 'attended' });
  const [with110, done110, police, both] = [
    at(1, { status: 'handed_off', events: [handed(1, '110')] }),
    at(2, { status: 'handed_off', events: [handed(1, '110'), result] }),
    at(3, { status: 'handling', events: [flow(true)] }),
    at(4, { status: 'handling', events: [handed(1, '110'), result, flow(true)] }),
  ];
  at(5, { status: 'handling', events: [flow(false)] });
  const elsewhere = (receiver: FlowReceiver) =>
    readAll(work, { kind: 'elsewhere', sort: 'newest', filter: { receiver } }, 2);
  expect([elsewhere('110'), elsewhere('police'), elsewhere('119')]).toEqual([[with110], [police, both], []]);
  expect(readAll(work, { kind: 'elsewhere', sort: 'newest' }, 2)).not.toContain(done110);

  const account = (cause?: AccountCause) => ({
    status: 'on_account' as const,
    handling: { ...NO_HANDLING, account: { at: START, reviewAt: START, ...(cause ? { cause } : {}) } },
  });
  const [gap, funds] = [at(6, account('capability')), at(7, account('funds'))];
  at(8, account());
  const waiting = (accountCause: AccountCause) =>
    readAll(work, { kind: 'queue', statuses: ['on_account'], filter: { accountCause } }, 2);
  expect([waiting('capability'), waiting('funds'), waiting('season')]).toEqual([[gap], [funds], []]);
});

test('few tickets of a list are sorted, of many the index of all lists is walked: the pages are the same', () => {
  const work = openTestWork(tempFolder());
  fill(work);
  scatter(work);
  work.clock.advance(5 * 24 * HOUR_MS);
  for (const kind of ACROSS) {
    for (const sort of ['newest', 'oldest'] as const) {
      const pages = (few: number) => {
        const ids: number[] = [];
        let before: number | undefined;
        do {
          const page = listAcrossIds(work.db, kind, sort, work.clock.now(), 7, before, few);
          ids.push(...page.ids);
          before = page.next ?? undefined;
        } while (before !== undefined);
        return ids;
      };
      expect(pages(0), `${kind} ${sort}`).toEqual(pages(1_000));
    }
  }
});

test('these orders are read off one index, no ticket is read for them, and nothing is sorted', () => {
  const work = openTestWork(tempFolder());
  for (const who of ['due_at IS NOT NULL AND due_at <= 5', 'order_due_at IS NOT NULL', 'call_due IS NOT NULL']) {
    const plan = work.db
      .all<{ detail: string }>(
        `EXPLAIN QUERY PLAN SELECT id, created_at FROM tickets INDEXED BY tickets_across
         WHERE ${who} AND (created_at, id) < (5, 9) ORDER BY created_at DESC, id DESC LIMIT 51`,
      )
      .map(({ detail }) => detail)
      .join('\n');
    expect(plan).toContain('COVERING INDEX tickets_across');
    expect(plan).not.toContain('TEMP B-TREE');
  }
});

test('what is supervised, what is to be called, what waits for a 联席研判, for its citizen or for others, and what is proposed for 并单 are narrowed in their own orders', () => {
  const work = openTestWork(tempFolder());
  const stored = fill(work);
  // Whatever lies in them: a list across the states is its rows that pass, in its order.
  scatter(work);
  for (const kind of ACROSS.filter((one) => one !== 'overdue')) {
    const whole = readAll(work, { kind }, 300);
    expect(whole.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(filters, fc.integer({ min: 1, max: 300 }), (filter, limit) => {
        const passing = new Set(stored.filter(({ ticket }) => passesFilter(ticket, filter)).map(({ id }) => id));
        expect(readAll(work, { kind, filter }, limit)).toEqual(whole.filter((id) => passing.has(id)));
      }),
      { numRuns: 40, seed: 12345 },
    );
  }
});

test('a queue in the order of its limits is read off its index', () => {
  const work = openTestWork(tempFolder());
  const finished = FINISHED_STATUSES.map((status) => `'${status}'`).join(', ');
  for (const [index, sql] of [
    ['tickets_by_status_due', 'due_at IS NOT NULL AND (due_at, id) > (5, 9) ORDER BY due_at, id'],
    [
      'tickets_without_limit',
      `due_at IS NULL AND status NOT IN (${finished}) AND (created_at, id) < (5, 9) ORDER BY created_at DESC, id DESC`,
    ],
  ]) {
    const plan = work.db
      .all<{ detail: string }>(
        `EXPLAIN QUERY PLAN SELECT id FROM tickets WHERE status = 'handling' AND ${sql} LIMIT 51`,
      )
      .map(({ detail }) => detail)
      .join('\n');
    expect(plan).toContain(index);
    expect(plan).not.toContain('TEMP B-TREE');
  }
});
