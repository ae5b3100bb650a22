import type { CardPromise } from '#shared/contract/citizen.contract.ts';
import type { CallerCard } from '#shared/contract/data.contract.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import { type Shown, showTicket } from '#shared/domain/masking.ts';
import { maskPhone, normalizePhone } from '#shared/domain/phone.ts';
import { findRepeat } from '#shared/domain/repeat.ts';
import type { CallFacts, Ticket } from '#shared/domain/ticket.ts';
import { DataError } from '../errors.ts';
import { countCallsByNumber, listCallsByNumbers } from '../repositories/call.repository.ts';
import { findCitizen, findCitizensByPhone, findHead } from '../repositories/citizen.repository.ts';
import { listTickets, toSummary } from '../repositories/ticket.repository.ts';
import { countByPhone, listIdsByPhones } from '../repositories/ticket-list.repository.ts';
import { personOf, showPerson } from './person.service.ts';
import type { WorkContext } from './work-context.ts';

const CARD_TICKETS = 20;
const CARD_OPEN = 10;
const CARD_CALLS = 5;
const REPEAT_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Who is calling, by any written form of the number: everything the panel shows at the ring, in one answer. The history beyond it is
 * read when somebody asks for it.
 */
export function lookUpCaller(ctx: WorkContext, written: string): CallerCard {
  const phone = normalizePhone(written);
  const people = new Map<string, Citizen>();
  for (const record of findCitizensByPhone(ctx.db, phone)) {
    const head = findHead(ctx.db, record);
    people.set(head.uid, head);
  }
  const [citizen = null, ...others] = people.values();
  return toCard(ctx, phone, citizen, others);
}

/** The card of one person. @throws DataError NOT_FOUND */
export function getPersonCard(ctx: WorkContext, uid: string): CallerCard {
  const citizen = findCitizen(ctx.db, uid);
  if (!citizen) throw new DataError('NOT_FOUND', 'no such citizen');
  const head = findHead(ctx.db, citizen);
  const card = toCard(ctx, normalizePhone(head.fields.phones[0] ?? ''), head, []);
  // At a ring the number is on the screen anyway. Somebody looked up in a list is not calling: their number stays masked, and no
  // ticket whose caller is secret is led back to a name.
  const isShown = (ticket: { readonly masked: boolean }) => !ticket.masked || card.masked;
  return {
    ...card,
    phone: card.masked ? maskPhone(card.phone) : card.phone,
    tickets: card.tickets.filter(isShown),
    open: card.open.filter(isShown),
  };
}

/** A call as the card and the timeline of a person show it. */
export function toCardCall({
  callId,
  line,
  ringAt,
  answeredAt,
  endedAt,
  direction,
}: CallFacts): CallerCard['calls'][number] {
  return { callId, direction: direction ?? 'in', line, ringAt, answeredAt, endedAt };
}

function toCard(ctx: WorkContext, phone: string, citizen: Citizen | null, others: readonly Citizen[]): CallerCard {
  const { db } = ctx;
  const { role } = ctx.user;
  const person = citizen ? personOf(db, citizen) : null;
  const shown = person ? showPerson(person, role) : null;
  const phones = [...new Set([phone, ...(person?.phones ?? [])])].filter((each) => each !== '');
  const since = ctx.clock.now() - REPEAT_DAYS * DAY_MS;
  const totals = { tickets: 0, open: 0, last30Days: 0, calls: 0 };
  for (const each of phones) {
    const counted = countByPhone(db, each, since);
    totals.tickets += counted.tickets;
    totals.open += counted.open;
    totals.last30Days += counted.since;
    totals.calls += countCallsByNumber(db, each);
  }
  const last = listIdsByPhones(db, phones, CARD_TICKETS);
  const open = totals.open > 0 ? listIdsByPhones(db, phones, CARD_OPEN, 'open') : [];
  const tickets = new Map(
    listTickets(db, [...new Set([...last, ...open])]).map(({ id, ticket }) => [id, showTicket(ticket, role)]),
  );
  const pick = (ids: readonly number[]) => ids.flatMap((id) => tickets.get(id) ?? []);
  const recent = pick(last).map(({ row }) => row);
  return {
    phone,
    citizen: shown?.row.head ?? null,
    masked: shown?.masked ?? false,
    merged: (shown?.row.merged ?? []).map(({ uid, fields }) => ({ uid, name: fields.name, phones: fields.phones })),
    alsoKnown: others.map((other) => {
      const { head } = showPerson(personOf(db, other), role).row;
      return { uid: head.uid, name: head.fields.name };
    }),
    tickets: pick(last).map((ticket) => toSummary(db, ticket)),
    open: pick(open).map((ticket) => toSummary(db, ticket)),
    calls: listCallsByNumbers(db, phones, CARD_CALLS).map(toCardCall),
    promise: lastPromise([...tickets.values()]),
    repeat: findRepeat(
      recent.filter((ticket) => ticket.createdAt >= since),
      totals.last30Days,
      REPEAT_DAYS,
    ),
    totals,
  };
}

/** What was promised last, on any of the tickets. */
function lastPromise(tickets: readonly Shown<Ticket>[]): CardPromise | null {
  let last: CardPromise | null = null;
  for (const { row } of tickets) {
    for (const event of row.events) {
      if (event.kind !== 'promise' || (last && event.at <= last.at)) continue;
      last = {
        ticketUid: row.uid,
        text: event.text,
        at: event.at,
        byName: event.actorName,
        dueAt: event.dueAt ?? null,
      };
    }
  }
  return last;
}
