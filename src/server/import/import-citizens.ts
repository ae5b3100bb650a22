import type pg from 'pg';
import { type Citizen, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
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

/**
 * Finds the people of some tickets, and makes records of those the centre does not know, in a transaction of its own: interrupted after it,
 * the next run finds them. The rules are those of a seat: same number and name is the same person; without a name it is the only person
 * known under the number; nobody is made of a caller without a name, a number, or who wants to stay anonymous.
 * @returns the person of each ticket that has one
 */
export async function importCitizens(
  client: pg.ClientBase,
  tickets: readonly Ticket[],
): Promise<ReadonlyMap<string, CitizenId>> {
  const callers = tickets.flatMap((ticket) => {
    const { caller } = ticket.fields;
    const phone = normalizePhone(caller.phone);
    return caller.anonymous || phone === '' ? [] : [{ ticket, phone, name: caller.name.trim() }];
  });
  if (callers.length === 0) return new Map();
  const known = await findKnown(client, callers);
  const byPhone = Map.groupBy(known, ({ centre, phone }) => `${centre} ${phone}`);
  const made = new Map<CitizenId, Citizen>();
  const found = new Map<string, CitizenId>();
  for (const { ticket, phone, name } of callers) {
    const people = byPhone.get(`${ticket.centre} ${phone}`) ?? [];
    const [only, ...others] = new Set(people.map(({ uid }) => uid));
    const same = name === '' ? (others.length === 0 ? only : undefined) : people.find((one) => one.name === name)?.uid;
    if (same) found.set(ticket.uid, same);
    if (same || name === '') continue;
    const citizen = newCitizen(ticket, phone, name);
    // Told in the order of the file; the record is as old as the first of its tickets.
    const before = made.get(citizen.uid);
    if (!before || citizen.createdAt < before.createdAt) made.set(citizen.uid, citizen);
    found.set(ticket.uid, citizen.uid);
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

function newCitizen(ticket: Ticket, phone: string, name: string): Citizen {
  const { centre, createdAt } = ticket;
  const { gender, kind, confidential } = ticket.fields.caller;
  return {
    uid: citizenIdSchema.parse(derivedUuid(NAMESPACE, centre, phone, name)),
    centre,
    fields: { ...EMPTY_CITIZEN_FIELDS, name, gender, kind, phones: [phone], confidential, remark: '' },
    createdAt,
    updatedAt: createdAt,
    version: 1,
    mergedInto: null,
  };
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
