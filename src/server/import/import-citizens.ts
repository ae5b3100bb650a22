import type pg from 'pg';
import { CITIZEN_PHONES_MOST, type Citizen, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { normalizePhone, storePhones } from '#shared/domain/phone.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type CitizenId, citizenIdSchema } from '#shared/kernel/ids.ts';
import { inLoadTransaction, loadCitizens } from '../bulk/bulk-load.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { notifyScopes } from '../sync/pokes.ts';

/** Namespace of the ids of imported people: centre, number and name make one. */
const NAMESPACE = 'hotline-import-citizen';

interface KnownCitizen {
  readonly centre: string;
  readonly phone: string;
  /** The record that stands for the person. */
  readonly uid: CitizenId;
  readonly name: string;
}

/** What is known of the caller of an imported ticket. */
export interface ImportedCaller {
  /** The person of the ticket, when it has one. */
  readonly uid: CitizenId | null;
  /** Somebody known under the number asked for confidentiality. */
  readonly confidential: boolean;
}

/**
 * Finds the people of some tickets, and makes records of those the centre does not know, in a transaction of its own: interrupted after it,
 * the next run finds them. The rules are those of a seat: same number and name is the same person; without a name it is the only person
 * known under the number; nobody is made of a caller without a name, a number, or who wants to stay anonymous. A ticket of the line 12350
 * gets no person: records are read by the whole centre, and nobody but that line may learn who reports.
 * @returns the caller of each ticket that may have a person
 */
export async function importCitizens(
  client: pg.ClientBase,
  tickets: readonly Ticket[],
): Promise<ReadonlyMap<string, ImportedCaller>> {
  const callers = tickets.flatMap((ticket) => {
    const { caller, line } = ticket.fields;
    const phone = normalizePhone(caller.phone);
    return caller.anonymous || phone === '' || line === '12350' ? [] : [{ ticket, phone, name: caller.name.trim() }];
  });
  if (callers.length === 0) return new Map();
  const known = await findKnown(client, callers);
  const secret = await findSecret(client, known);
  const byPhone = Map.groupBy(known, ({ centre, phone }) => `${centre} ${phone}`);
  const made = new Map<CitizenId, Citizen>();
  const found = new Map<string, ImportedCaller>();
  for (const { ticket, phone, name } of callers) {
    const people = byPhone.get(`${ticket.centre} ${phone}`) ?? [];
    const [only, ...others] = new Set(people.map(({ uid }) => uid));
    const same = name === '' ? (others.length === 0 ? only : undefined) : people.find((one) => one.name === name)?.uid;
    const confidential = people.some(({ uid }) => secret.has(uid));
    found.set(ticket.uid, { uid: same ?? null, confidential });
    if (same || name === '') continue;
    const citizen = newCitizen(ticket, phone, name, confidential);
    const before = made.get(citizen.uid);
    made.set(citizen.uid, before ? joinNew(before, citizen) : citizen);
    found.set(ticket.uid, { uid: citizen.uid, confidential });
  }
  await writeNew(client, [...made.values()]);
  return found;
}

async function findKnown(
  client: pg.ClientBase,
  callers: readonly { readonly ticket: Ticket; readonly phone: string }[],
): Promise<readonly KnownCitizen[]> {
  const { rows } = await client.query<KnownCitizen>(
    `SELECT p.centre, p.phone, coalesce(c.merged_into, c.uid) AS uid, c.fields->>'name' AS name
     FROM citizen_phones p JOIN citizens c ON c.uid = p.citizen_uid
     WHERE p.centre = ANY($1::text[]) AND p.phone = ANY($2::text[]) ORDER BY c.uid`,
    [[...new Set(callers.map(({ ticket }) => ticket.centre))], [...new Set(callers.map(({ phone }) => phone))]],
  );
  return rows;
}

/** Which of these people are secret: one who asked for it under one record is so under all that were merged. */
async function findSecret(client: pg.ClientBase, known: readonly KnownCitizen[]): Promise<ReadonlySet<string>> {
  if (known.length === 0) return new Set();
  const { rows } = await client.query<{ uid: string }>(
    `SELECT DISTINCT coalesce(merged_into, uid) AS uid FROM citizens
     WHERE (uid = ANY($1::uuid[]) OR merged_into = ANY($1::uuid[])) AND fields->>'confidential' = 'true'`,
    [[...new Set(known.map(({ uid }) => uid))]],
  );
  return new Set(rows.map(({ uid }) => uid));
}

/** @param isSecret somebody under the number is: perhaps the same person under a name that was heard differently */
function newCitizen(ticket: Ticket, phone: string, name: string, isSecret: boolean): Citizen {
  const { centre, createdAt } = ticket;
  const { gender, kind, phone: written } = ticket.fields.caller;
  const confidential = ticket.fields.caller.confidential || isSecret;
  const phones = storePhones(written).slice(0, CITIZEN_PHONES_MOST);
  return {
    uid: citizenIdSchema.parse(derivedUuid(NAMESPACE, centre, phone, name)),
    centre,
    fields: { ...EMPTY_CITIZEN_FIELDS, name, gender, kind, phones, confidential, remark: '' },
    createdAt,
    updatedAt: createdAt,
    version: 1,
    mergedInto: null,
  };
}

/** One person of two tickets: as old as the first of them, with the numbers of both. */
function joinNew(one: Citizen, other: Citizen): Citizen {
  const [first, second] = other.createdAt < one.createdAt ? [other, one] : [one, other];
  const phones = [...new Set([...first.fields.phones, ...second.fields.phones])].slice(0, CITIZEN_PHONES_MOST);
  return { ...first, fields: { ...first.fields, phones } };
}

/** A person who was made before and was given another name or number since keeps both. */
async function writeNew(client: pg.ClientBase, citizens: readonly Citizen[]): Promise<void> {
  if (citizens.length === 0) return;
  const { rows } = await client.query<{ uid: string }>('SELECT uid FROM citizens WHERE uid = ANY($1::uuid[])', [
    citizens.map(({ uid }) => uid),
  ]);
  const there = new Set(rows.map(({ uid }) => uid));
  const fresh = citizens.filter(({ uid }) => !there.has(uid));
  if (fresh.length === 0) return;
  await inLoadTransaction(client, async () => {
    await notifyScopes(client, await loadCitizens(client, fresh));
  });
}
