import { beforeAll, describe, expect, it } from 'vitest';
import categoriesFile from '#resources/categories.json' with { type: 'json' };
import divisionsFile from '#resources/divisions.json' with { type: 'json' };
import { generateDemoCentre } from '#server/demo/generate.ts';
import { loadMatters } from '#server/demo/matters.ts';
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { type Citizen, citizenSchema } from '#shared/domain/citizen.ts';
import { DEMO_CITIZENS, DEMO_SEED, DEMO_TICKETS } from '#shared/domain/demo.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { orderDueAt, ordersOf, reviewsOf } from '#shared/domain/overlay/oversight.ts';
import { openStage } from '#shared/domain/overlay/ownership.ts';
import { TICKET_TYPES, type Ticket, ticketSchema } from '#shared/domain/ticket.ts';
import { FINISHED_STATUSES, TRANSITIONS } from '#shared/domain/ticket-status.ts';
import type { UserId } from '#shared/kernel/ids.ts';

const NOW = Date.parse('2026-11-22T14:00:00+08:00');
const DAY_MS = 86_400_000;
/** Prefixes no operator has been given with block 0000, and 025 numbers that begin with 1. */
const IMPOSSIBLE_NUMBER = /^(?:1(?:42|43|54|60|61|63|64|68|69|94)0000\d{4}|0251[5-9]55\d{4})$/;

const share = (tickets: readonly Ticket[], test: (ticket: Ticket) => boolean) =>
  tickets.filter(test).length / tickets.length;

describe('the demo centre', () => {
  let citizens: readonly Citizen[] = [];
  let tickets: readonly Ticket[] = [];
  const callsOf = new Map<string, number>();
  beforeAll(() => {
    const centre = generateDemoCentre(DEMO_SEED, NOW);
    citizens = [...centre.citizens()];
    tickets = [...centre.tickets()];
    for (const { fields } of tickets) {
      if (fields.citizenUid) callsOf.set(fields.citizenUid, (callsOf.get(fields.citizenUid) ?? 0) + 1);
    }
  });

  it('has its citizens and tickets, each valid, with ids that come once', () => {
    // Who reports on 12350 calls without a record.
    expect(citizens.length).toBe(generateDemoCentre(DEMO_SEED, NOW).records);
    expect(citizens.length / DEMO_CITIZENS).toBeGreaterThan(0.95);
    expect(tickets.length).toBe(DEMO_TICKETS);
    for (let i = 0; i < citizens.length; i += 50) expect(citizenSchema.parse(citizens[i])).toEqual(citizens[i]);
    for (let i = 0; i < tickets.length; i += 50) expect(ticketSchema.parse(tickets[i])).toEqual(tickets[i]);
    const ids = [...citizens.map((c) => c.uid), ...tickets.flatMap((t) => [t.uid, ...t.events.map((e) => e.id)])];
    expect(new Set<string>(ids).size).toBe(ids.length);
    expect(new Set(tickets.map((ticket) => ticket.provisionalNo)).size).toBe(tickets.length);
  });

  it('comes oldest first, over two years, with nothing in the future', () => {
    const times = tickets.map((ticket) => ticket.createdAt);
    expect(times.every((at, i) => i === 0 || at >= (times[i - 1] ?? 0))).toBe(true);
    expect(NOW - (times[0] ?? 0)).toBeLessThan(732 * DAY_MS);
    expect(NOW - (times.at(-1) ?? 0)).toBeLessThan(DAY_MS);
    expect(tickets.filter((t) => t.updatedAt > NOW || t.updatedAt < t.createdAt)).toEqual([]);
    expect(tickets.filter((t) => t.number !== null || t.version !== 1)).toEqual([]);
    const uids = citizens.map((citizen) => citizen.uid);
    expect(uids).toEqual(uids.toSorted());
  });

  it('has tickets under 督办 down the levels, 批示, and some whose owner is not clear, as the product would have laid it over them', () => {
    const orders = tickets.flatMap((ticket) => ordersOf(ticket.events).map((order) => ({ ticket, order })));
    const open = tickets.filter(({ events }) => orderDueAt(events) !== null);
    expect(open.length).toBeGreaterThan(5);
    expect(open.length).toBeLessThan(200);
    const levels = new Set(
      orders.map(({ order: { source } }) => (source.kind === 'supervision' ? source.level : '批示')),
    );
    expect([...levels].sort()).toEqual(['city', 'district', 'province', '批示']);
    expect(orders.some(({ order }) => order.done !== null)).toBe(true);
    expect(orders.some(({ order }) => order.done === null && order.run.dueAt < NOW)).toBe(true);
    expect(tickets.some(({ handling }) => openStage(handling?.ownership) === 'make_safe')).toBe(true);
    expect(tickets.some(({ events }) => reviewsOf(events).length > 0)).toBe(true);
    const overlaid = tickets.filter(({ events }) => events.some(({ overlay }) => overlay));
    for (const ticket of overlaid) expect(ticketSchema.parse(ticket)).toEqual(ticket);
  });

  it('only has tickets whose log is a way through the states of the domain', () => {
    const allowed = new Set(TRANSITIONS.flatMap(({ from, to }) => from.map((state) => `${state}>${to}`)));
    const faults = tickets.flatMap(({ events, status, uid }) => {
      const steps = events.filter((event) => event.to !== null);
      const inOrder = events.every((event, i) => event.at >= (events[i - 1]?.at ?? 0));
      const connected = steps.every((step, i) =>
        i === 0
          ? step.kind === 'created' && step.from === null && step.to === 'submitted'
          : step.from === steps[i - 1]?.to && allowed.has(`${step.from}>${step.to}`),
      );
      return inOrder && connected && steps.at(-1)?.to === status ? [] : [uid];
    });
    expect(faults).toEqual([]);
  });

  it('has an answer, replies and a closing time where the state asks for them', () => {
    const finished = new Set<string>(FINISHED_STATUSES);
    const faults = tickets.filter(
      ({ status, fields, replies, closedAt }) =>
        (fields.answer !== null) !== (status === 'closed_direct') ||
        ((status === 'closed' || status === 'archived') && replies.length === 0) ||
        (closedAt !== null) !== finished.has(status),
    );
    expect(faults).toEqual([]);
  });

  it('answers 68 % on the spot and leaves work of the last days open', () => {
    expect(share(tickets, (t) => t.status === 'closed_direct')).toBeCloseTo(0.68, 1.7);
    const open = tickets.filter((ticket) => ticket.closedAt === null);
    expect(open.length).toBeGreaterThan(150);
    expect(open.length).toBeLessThan(1_500);
    expect(new Set(open.map((ticket) => ticket.status)).size).toBeGreaterThanOrEqual(4);
  });

  it('has every type of ticket, mostly questions, mostly by phone', () => {
    for (const type of TICKET_TYPES) expect(share(tickets, (t) => t.fields.type === type)).toBeGreaterThan(0.005);
    expect(share(tickets, (t) => t.fields.type === 'consult')).toBeGreaterThan(0.4);
    expect(share(tickets, (t) => t.fields.channel === 'phone')).toBeCloseTo(0.85, 1.7);
    expect(tickets.filter(({ fields }) => (fields.call !== null) !== (fields.channel === 'phone'))).toEqual([]);
  });

  it('keeps the callers of 12350 secret and reviews their tickets', () => {
    const special = tickets.filter((ticket) => ticket.fields.line === '12350');
    expect(special.length / tickets.length).toBeCloseTo(0.015, 2);
    const phones = new Set(citizens.flatMap((citizen) => citizen.fields.phones));
    for (const { fields, events } of special) {
      expect(fields.caller.confidential && fields.markers.includes('confidential')).toBe(true);
      expect(fields.categoryCode?.startsWith('1502')).toBe(true);
      expect(fields.citizenUid).toBeNull();
      expect(phones).not.toContain(fields.caller.phone);
      if (events.some((event) => event.to === 'to_sign')) {
        expect(events.some((event) => event.to === 'review')).toBe(true);
      }
    }
  });

  it('knows people who called once and people who called up to thirty times', () => {
    const counts = citizens.map((citizen) => callsOf.get(citizen.uid) ?? 0);
    expect(Math.min(...counts)).toBe(1);
    expect(Math.max(...counts)).toBeLessThanOrEqual(30);
    expect(counts.filter((count) => count >= 5).length).toBeGreaterThan(1_000);
    expect(counts.filter((count) => count >= 17).length).toBeGreaterThan(100);
    expect(share(tickets, (t) => t.fields.markers.includes('repeat'))).toBeGreaterThan(0.05);
  });

  it('uses no phone number that somebody can have, and no number for two citizens', () => {
    const phones = citizens.flatMap((citizen) => citizen.fields.phones);
    expect(phones.every((phone) => IMPOSSIBLE_NUMBER.test(phone))).toBe(true);
    expect(new Set(phones).size).toBe(phones.length);
    const known = new Set(phones);
    const withNumber = tickets.filter((ticket) => ticket.fields.caller.phone !== '');
    const faults = withNumber.filter(
      ({ fields: { caller, citizenUid } }) =>
        !IMPOSSIBLE_NUMBER.test(caller.phone) || known.has(caller.phone) !== (citizenUid !== null),
    );
    expect(faults).toEqual([]);
  });

  it('speaks of existing categories and divisions in texts of many kinds', () => {
    const categories = new Set(listCategories(categoryTreeSchema.parse(categoriesFile)).map((entry) => entry.code));
    const divisions = new Set(listDivisions(divisionFileSchema.parse(divisionsFile)).map((entry) => entry.code));
    const used = new Set(tickets.map((ticket) => ticket.fields.categoryCode ?? ''));
    expect([...used].filter((code) => !categories.has(code))).toEqual([]);
    const places = new Set(tickets.flatMap((ticket) => ticket.fields.place.divisionCode ?? []));
    expect([...places].filter((code) => !divisions.has(code))).toEqual([]);
    const texts = tickets.flatMap(({ fields }) => [
      fields.title,
      fields.content,
      fields.originalWords,
      fields.answer ?? '',
    ]);
    expect(texts.filter((text) => /[{}[\]<>|~]|undefined|，，|。。|，。/.test(text))).toEqual([]);
    expect(used.size).toBeGreaterThan(250);
    expect(loadMatters().length).toBeGreaterThanOrEqual(250);
    expect(new Set(tickets.map((ticket) => ticket.fields.title)).size).toBeGreaterThan(15_000);
    expect(new Set(tickets.map((ticket) => ticket.fields.content)).size).toBeGreaterThan(30_000);
  });

  it('has floods in summer and heating in winter', () => {
    const inMonths = (prefix: string, months: readonly number[]) =>
      tickets.filter(
        (t) =>
          t.fields.categoryCode?.startsWith(prefix) &&
          months.includes(new Date(t.createdAt + 28_800_000).getUTCMonth()),
      ).length;
    expect(inMonths('0301', [5, 6, 7])).toBeGreaterThan(4 * inMonths('0301', [11, 0, 1]));
    expect(inMonths('0404', [11, 0, 1])).toBeGreaterThan(2 * inMonths('0404', [5, 6, 7]));
  });

  it('has matters that many people call about at one place within days, some merged under a 母单', () => {
    const groups = new Map<string, Ticket[]>();
    for (const ticket of tickets) {
      if (ticket.fields.place.address === '') continue;
      const week = Math.floor(ticket.createdAt / (7 * DAY_MS));
      const key = `${week} ${ticket.fields.categoryCode} ${ticket.fields.place.address}`;
      const group = groups.get(key);
      if (group) group.push(ticket);
      else groups.set(key, [ticket]);
    }
    const large = [...groups.values()].filter((group) => group.length >= 6);
    const clusters = large.filter((group) => new Set(group.map((t) => t.fields.citizenUid)).size >= 6);
    expect(clusters.length).toBeGreaterThan(40);
    const numbers = new Set(tickets.map((ticket) => ticket.provisionalNo));
    const merged = tickets.filter((ticket) => ticket.status === 'merged');
    expect(merged.length).toBeGreaterThan(100);
    for (const { events } of merged) {
      expect(numbers).toContain(/并入母单 (\S+)。/.exec(events.at(-1)?.text ?? '')?.[1]);
    }
  });
});

describe('a generated centre', () => {
  const size = { citizens: 300, tickets: 900 };
  const dump = (seed: number, now: number, options = {}) => {
    const centre = generateDemoCentre(seed, now, { ...size, ...options });
    return { citizens: [...centre.citizens()], tickets: [...centre.tickets()], again: [...centre.tickets()] };
  };

  it('is the same for the same seed and time, also when walked twice, and another for another seed', () => {
    const first = dump(1, NOW);
    expect(dump(1, NOW)).toEqual(first);
    expect(first.again).toEqual(first.tickets);
    expect(dump(2, NOW).tickets).not.toEqual(first.tickets);
  });

  it('knows the same people in the same order whenever it is made', () => {
    const people = (now: number) => dump(1, now).citizens.map((citizen) => citizen.fields);
    expect(people(NOW + 100 * DAY_MS)).toEqual(people(NOW));
  });

  it('gives the tickets of a seat to the account that holds it', () => {
    const id = '0193a0b0-0000-7000-8000-000000000001' as UserId;
    const { tickets } = dump(1, NOW, { userIds: new Map([['1001', id]]) });
    const own = tickets.filter((ticket) => ticket.createdById === id);
    expect(own.length).toBeGreaterThan(5);
    for (const ticket of own) {
      expect(ticket.provisionalNo.startsWith('暂1001-')).toBe(true);
      expect(ticket.events[0]?.actorId).toBe(id);
    }
  });

  it('refuses sizes in which not every citizen can have called', () => {
    expect(() => generateDemoCentre(1, NOW, { citizens: 500, tickets: 400 })).toThrow(/do not suit/);
  });
});
