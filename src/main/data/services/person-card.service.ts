import type { CallerCard, CardPromise } from '#shared/contract/citizen.contract.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { type Shown, showTicket } from '#shared/domain/masking.ts';
import { maskPhone, normalizePhone } from '#shared/domain/phone.ts';
import { promiseState } from '#shared/domain/promise.ts';
import { findRepeat } from '#shared/domain/repeat.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { DataError } from '../errors.ts';
import { findCitizen, findHead } from '../repositories/citizen.repository.ts';
import { hasOutboxOf } from '../repositories/outbox.repository.ts';
import { toSummaries } from '../repositories/ticket-summary.ts';
import { isSecretNumber } from './caller.service.ts';
import { findPeople, listFormerTickets, personOf, showPerson } from './person.service.ts';
import { toCardCall } from './person-calls.ts';
import { countBefore, readHistory, readOpenHistory } from './person-history.ts';
import type { WorkContext } from './work-context.ts';

/** Tickets looked at under each number that a person has no more. */
const CARD_FORMER = 50;
const REPEAT_DAYS = 30;

/**
 * Who is calling, by any written form of the number: everything the panel shows at the ring, in one answer. The history beyond it is
 * read when somebody asks for it.
 * @param callId the call that is going on: it and its tickets are not counted, because the caller has not called before for that
 */
export function lookUpCaller(ctx: WorkContext, written: string, callId?: CallId): CallerCard {
  const phone = normalizePhone(written);
  const [citizen = null, ...others] = findPeople(ctx.db, phone);
  return toCard(ctx, phone, citizen, others, true, callId);
}

/** The card of one person. @throws DataError NOT_FOUND */
export function getPersonCard(ctx: WorkContext, uid: string): CallerCard {
  const citizen = findCitizen(ctx.db, uid);
  if (!citizen) throw new DataError('NOT_FOUND', 'no such citizen');
  const head = findHead(ctx.db, citizen);
  const card = toCard(ctx, normalizePhone(head.fields.phones[0] ?? ''), head, [], false);
  return { ...card, phone: card.masked ? maskPhone(card.phone) : card.phone };
}

/**
 * @param isCalling at a ring the number is on the screen anyway. Somebody looked up in a list is not calling: their number stays masked,
 * and no ticket or call of a secret caller is led back to a name, neither shown nor counted
 */
function toCard(
  ctx: WorkContext,
  phone: string,
  citizen: Citizen | null,
  others: readonly Citizen[],
  isCalling: boolean,
  callId?: CallId,
): CallerCard {
  const { db } = ctx;
  const { role } = ctx.user;
  const person = citizen ? personOf(db, citizen) : null;
  const shown = person ? showPerson(person, role) : null;
  const phones = [...new Set([phone, ...(person?.phones ?? [])])].filter((each) => each !== '');
  const since = ctx.clock.now() - REPEAT_DAYS * DAY_MS;
  const hasMask = isCalling || shown?.masked === true;
  const former = person
    ? listFormerTickets(
        db,
        { ...person, former: person.former.filter((each) => !phones.includes(each.phone)) },
        CARD_FORMER,
      ).map(({ ticket }) => showTicket(ticket, role))
    : [];
  const history = (hasMask ? readHistory : readOpenHistory)(ctx, phones, since, former);
  const { last } = history;
  const { open, calls, totals, earlier } = countBefore(callId, history);
  const recent = earlier.map(({ row }) => row);
  return {
    phone,
    citizen: shown?.row.head ?? null,
    masked: shown?.masked ?? false,
    unconfirmed: person !== null && [person.head, ...person.merged].some(({ uid }) => hasOutboxOf(db, uid)),
    confidential: isSecretNumber(db, phone),
    merged: (shown?.row.merged ?? []).map(({ uid, fields }) => ({ uid, name: fields.name, phones: fields.phones })),
    alsoKnown: others.map((other) => {
      const { head } = showPerson(personOf(db, other), role).row;
      return { uid: head.uid, name: head.fields.name };
    }),
    tickets: toSummaries(db, last),
    open: toSummaries(db, open),
    calls: calls.map(toCardCall),
    promise: lastPromise([...last, ...open]),
    repeat: findRepeat(
      recent.filter((ticket) => ticket.createdAt >= since),
      totals.last30Days,
      REPEAT_DAYS,
    ),
    totals,
  };
}

/** What was promised last on any of the tickets and not taken back. */
function lastPromise(tickets: readonly Shown<Ticket>[]): CardPromise | null {
  let last: CardPromise | null = null;
  for (const { row } of tickets) {
    for (const event of row.events) {
      if (event.kind !== 'promise' || (last && event.at <= last.at)) continue;
      const state = promiseState(event.id, row.events);
      if (state === 'withdrawn') continue;
      last = {
        ticketUid: row.uid,
        text: event.text,
        at: event.at,
        byName: event.actorName,
        dueAt: event.dueAt ?? null,
        kept: state === 'kept',
      };
    }
  }
  return last;
}
