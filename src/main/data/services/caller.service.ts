import type { CallerCard } from '#shared/contract/data.contract.ts';
import { type Citizen, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { maskPhone, normalizePhone } from '#shared/domain/phone.ts';
import { type CitizenId, newId } from '#shared/kernel/ids.ts';
import { applyOpToCitizen } from '#shared/sync/apply-op.ts';
import type { Op } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { countCallsByNumber } from '../repositories/call.repository.ts';
import { findCitizen, findCitizensByPhone, findHead, saveCitizen } from '../repositories/citizen.repository.ts';
import { listSummaries } from '../repositories/ticket.repository.ts';
import { countByPhone, listIdsByPhones } from '../repositories/ticket-list.repository.ts';
import { personOf, showPerson } from './person.service.ts';
import { queueOp } from './queue-op.ts';
import type { WorkContext } from './work-context.ts';

const CARD_TICKETS = 20;
const MONTH_MS = 30 * 86_400_000;

/** Who is calling: the person, the last 20 tickets and the counts, by any written form of the number. */
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
  const tickets = card.tickets.filter((ticket) => !ticket.masked || card.masked);
  return { ...card, tickets, phone: card.masked ? maskPhone(card.phone) : card.phone };
}

function toCard(ctx: WorkContext, phone: string, citizen: Citizen | null, others: readonly Citizen[]): CallerCard {
  const { db } = ctx;
  const { role } = ctx.user;
  const person = citizen ? personOf(db, citizen) : null;
  const shown = person ? showPerson(person, role) : null;
  const phones = [...new Set([phone, ...(person?.phones ?? [])])].filter((each) => each !== '');
  const since = ctx.clock.now() - MONTH_MS;
  const totals = { tickets: 0, open: 0, last30Days: 0, calls: 0 };
  for (const each of phones) {
    const counted = countByPhone(db, each, since);
    totals.tickets += counted.tickets;
    totals.open += counted.open;
    totals.last30Days += counted.since;
    totals.calls += countCallsByNumber(db, each);
  }
  return {
    phone,
    citizen: shown?.row.head ?? null,
    masked: shown?.masked ?? false,
    alsoKnown: others.map((other) => ({
      uid: other.uid,
      name: showPerson(personOf(db, other), role).row.head.fields.name,
    })),
    tickets: listSummaries(db, listIdsByPhones(db, phones, CARD_TICKETS), role),
    totals,
  };
}

/** The person a new ticket belongs to. */
export interface ResolvedCaller {
  readonly uid: CitizenId | null;
  /** They asked for confidentiality before. */
  readonly confidential: boolean;
  /** The operation that makes their record, when there was none. */
  readonly op: Op | null;
}

/**
 * The citizen a new ticket belongs to. Same number and name (or no name given and only one person known): that person.
 * A new name under the number makes a new record; an anonymous caller or one without a number gets none.
 * Runs inside the transaction of the ticket.
 */
export function resolveCaller(ctx: WorkContext, content: IntakeContent, now: number): ResolvedCaller {
  const { caller } = content;
  const phone = normalizePhone(caller.phone);
  const name = caller.name.trim();
  if (caller.anonymous || phone === '') return { uid: null, confidential: false, op: null };
  const known = findCitizensByPhone(ctx.db, phone);
  const people = new Map(known.map((record) => findHead(ctx.db, record)).map((head) => [head.uid, head]));
  const [only] = people.values();
  const named = known.find((record) => record.fields.name === name);
  const same = named ? findHead(ctx.db, named) : name === '' && people.size === 1 ? only : undefined;
  if (same) return { uid: same.uid, confidential: same.fields.confidential, op: null };
  if (name === '') return { uid: null, confidential: false, op: null };
  const uid = newId<CitizenId>(now);
  const fields: Citizen['fields'] = {
    ...EMPTY_CITIZEN_FIELDS,
    name,
    gender: caller.gender,
    kind: caller.kind,
    phones: [phone],
    confidential: caller.confidential,
    remark: '',
  };
  const op = queueOp(
    ctx.db,
    { kind: 'citizen.upsert', uid, args: { centre: ctx.user.centre, fields } },
    { at: now, baseVersion: 0, label: name },
  );
  const made = applyOpToCitizen(null, op);
  if (!made) throw new Error('an upsert makes a citizen');
  saveCitizen(ctx.db, made);
  return { uid, confidential: fields.confidential, op };
}
