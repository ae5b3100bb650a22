import type pg from 'pg';
import { type CitizenFields, formerPhonesOf } from '#shared/domain/citizen.ts';
import { eraseCaller } from '#shared/domain/erase-person.ts';
import type { Secrets } from '#shared/domain/mask-text.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { inTransaction } from '../db/transaction.ts';
import { raiseClocks, ScopeChanges } from '../sync/clocks.ts';
import { notifyScopes } from '../sync/pokes.ts';
import { loadTicketEvents } from '../sync/read-page.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket, toTicketValues } from '../sync/rows.ts';
import { withdraw } from '../sync/segments/segment-store.ts';
import { findChecks, rewriteCheck } from './erase-checks.ts';
import { findBeside, type Rewritten, withoutTold } from './erase-told.ts';

/** Whom to erase: one record, or everybody who is known under a number. */
export interface ErasureRequest {
  readonly centre: string;
  readonly by: { readonly citizenUid: string } | { readonly phone: string };
  /** Why, without saying who; it is kept, with who did it. */
  readonly reason: string;
  readonly doneBy: string;
}

/** What belongs to the person. */
export interface Erasure {
  readonly citizens: number;
  readonly tickets: number;
  /** Files named by these tickets; they are not erased. */
  readonly files: number;
}

interface Person {
  readonly uid: string;
  readonly scope: string;
  readonly version: number;
  readonly fields: CitizenFields;
}

/** What would be erased. */
export function findErasure(pool: pg.Pool, request: ErasureRequest): Promise<Erasure> {
  return inTransaction(pool, async (client) => {
    const { people, tickets } = await findAll(client, request, '');
    return count(client, people, tickets);
  });
}

/**
 * Erases a person (individual's right, PIPL Art. 47): their records with former values and those merged with them go, and so do the forms
 * of their transferred calls; their tickets stay without name, number and personal answers (`eraseCaller`), and so do the words of who checked them. What was told about these
 * tickets on those of others, as 母单 or under one, loses the person too. All are changes like any other, so every console's cache and search
 * index follow at its next sync. One transaction.
 */
export function erasePerson(pool: pg.Pool, request: ErasureRequest, now: number): Promise<Erasure> {
  return inTransaction(pool, async (client) => {
    const { people, tickets, toldOn, forms, checks, secrets } = await findAll(client, request, 'FOR UPDATE');
    const found = await count(client, people, tickets);
    if (people.length + tickets.length === 0) return found;

    const uids = people.map(({ uid }) => uid);
    await client.query('DELETE FROM citizen_history WHERE citizen_uid = ANY($1::uuid[])', [uids]);
    await client.query('DELETE FROM citizen_phones WHERE citizen_uid = ANY($1::uuid[])', [uids]);
    await client.query('DELETE FROM citizens WHERE uid = ANY($1::uuid[])', [uids]);
    await client.query('DELETE FROM records WHERE uid = ANY($1::uuid[])', [forms.map(({ uid }) => uid)]);

    const changes = new ScopeChanges();
    for (const { scope, uid, version } of [...people, ...forms]) changes.removeRow(scope, uid, version);
    for (const { scope, ticket } of [...tickets, ...toldOn])
      changes.addRow(scope, ticket.uid, ticket.version, ticket.version + 1);
    for (const { scope, row } of checks) changes.addRow(scope, row.uid, row.version, row.version + 1);
    const nextSeq = await raiseClocks(client, changes);
    const reached = new Map<string, number>();
    const seqIn = (scope: string) => {
      const seq = nextSeq(scope);
      reached.set(scope, seq);
      return seq;
    };
    await client.query(
      `INSERT INTO scope_gone (scope, seq, kind, uid, at)
       SELECT g.scope, g.seq, g.kind, g.uid, $2
       FROM json_to_recordset($1::json) AS g(kind text, scope text, seq bigint, uid uuid)`,
      [
        JSON.stringify([
          ...people.map(({ scope, uid }) => ({ kind: 'citizens', scope, uid, seq: seqIn(scope) })),
          ...forms.map(({ scope, uid }) => ({ kind: 'records', scope, uid, seq: seqIn(scope) })),
        ]),
        now,
      ],
    );
    for (const each of tickets) {
      await rewrite(client, each, seqIn(each.scope), now);
      await client.query("UPDATE tickets SET caller_phone = '', citizen_uid = NULL WHERE uid = $1", [each.ticket.uid]);
    }
    for (const each of toldOn) await rewrite(client, each, seqIn(each.scope), now);
    for (const check of checks) await rewriteCheck(client, check, secrets, seqIn(check.scope), now);
    // Packed rows are made anew without the person; those that are being made at this moment are of no use to anybody.
    await client.query('UPDATE clocks SET packed_floor = value WHERE scope = ANY($1::text[])', [changes.scopes]);
    await withdraw(client, changes.scopes);
    await client.query(
      'INSERT INTO erasures (centre, at, reason, done_by, citizens, tickets) VALUES ($1, $2, $3, $4, $5, $6)',
      [request.centre, now, request.reason, request.doneBy, found.citizens, found.tickets],
    );
    await notifyScopes(client, reached);
    return found;
  });
}

/** @param lock what keeps the rows from being changed meanwhile, when they are going to be */
async function findAll(client: pg.ClientBase, { centre, by }: ErasureRequest, lock: '' | 'FOR UPDATE') {
  // With everybody who was merged into one of them or whom they were merged into.
  const records = await client.query<Person>(
    `WITH RECURSIVE same AS (
       SELECT uid FROM citizens WHERE centre = $1 AND (uid = $2::uuid OR uid IN
         (SELECT citizen_uid FROM citizen_phones WHERE centre = $1 AND phone = $3))
       UNION
       SELECT other.uid FROM citizens AS other, same, citizens AS one
       WHERE one.uid = same.uid AND other.centre = $1 AND (other.merged_into = one.uid OR other.uid = one.merged_into)
     )
     SELECT uid, scope, version, fields FROM citizens WHERE uid IN (SELECT uid FROM same) ORDER BY uid ${lock}`,
    [centre, 'citizenUid' in by ? by.citizenUid : null, 'phone' in by ? normalizePhone(by.phone) : null],
  );
  const people = records.rows;
  const former = await client.query<{ fields: CitizenFields }>(
    'SELECT fields FROM citizen_history WHERE citizen_uid = ANY($1::uuid[])',
    [people.map(({ uid }) => uid)],
  );
  const known = [...people, ...former.rows].map(({ fields }) => fields);
  const numbers = new Set(
    known
      .flatMap((fields) => [...fields.phones, ...formerPhonesOf(fields).map(({ phone }) => phone)])
      .concat('phone' in by ? [by.phone] : [])
      .map(normalizePhone)
      .filter((phone) => phone !== ''),
  );
  const secrets: Secrets = {
    names: [...new Set(known.map(({ name }) => name))],
    phones: [...numbers],
    addresses: [],
  };
  // A number may belong to a household: a ticket that names somebody else's record is theirs.
  const isTheirs = `(citizen_uid = ANY($2::uuid[]) OR (caller_phone = ANY($3::text[]) AND (citizen_uid IS NULL
         OR NOT EXISTS (SELECT 1 FROM citizens WHERE citizens.uid = tickets.citizen_uid))))`;
  const whose = [centre, people.map(({ uid }) => uid), [...numbers]];
  const found = await client.query<{ uid: string }>(`SELECT uid FROM tickets WHERE centre = $1 AND ${isTheirs}`, whose);
  const own = found.rows.map(({ uid }) => uid);
  // All of them locked at once in the order of their uids, as everybody does.
  const rows = await client.query<TicketRow & { readonly is_theirs: boolean }>(
    `SELECT ${TICKET_COLUMNS}, ${isTheirs} AS is_theirs FROM tickets WHERE centre = $1 AND uid = ANY($4::uuid[])
     ORDER BY uid ${lock}`,
    [...whose, [...own, ...(await findBeside(client, centre, own))]],
  );
  // Forms of transferred calls stay with the seat they went to.
  const forms = await client.query<Pick<Person, 'uid' | 'scope' | 'version'>>(
    `SELECT uid, scope, version FROM records WHERE centre = $1 AND kind = 'handover'
       AND (doc -> 'call' ->> 'ani' = ANY($2::text[]) OR doc -> 'content' -> 'caller' ->> 'phone' = ANY($2::text[]))
     ORDER BY uid ${lock}`,
    [centre, [...numbers]],
  );
  const events = await loadTicketEvents(
    client,
    rows.rows.map(({ uid }) => uid),
  );
  const all = rows.rows.map((row) => ({
    isTheirs: row.is_theirs,
    scope: row.scope,
    ticket: toTicket(row, events.get(row.uid) ?? []),
  }));
  const theirs = all.filter((one) => one.isTheirs);
  const tickets = theirs.map(({ scope, ticket }) => ({ scope, ticket, after: eraseCaller(ticket, secrets) }));
  const toldOn = withoutTold(
    all.filter((one) => !one.isTheirs),
    theirs.map(({ ticket }) => ticket),
    secrets,
  );
  const checks = await findChecks(
    client,
    theirs.map(({ ticket }) => ticket),
    lock,
  );
  return { people, tickets, toldOn, forms: forms.rows, checks, secrets };
}

async function count(
  client: pg.ClientBase,
  people: readonly Person[],
  tickets: readonly Rewritten[],
): Promise<Erasure> {
  const files = await client.query<{ files: number }>(
    'SELECT count(DISTINCT sha256)::int AS files FROM attachment_refs WHERE uid = ANY($1::uuid[])',
    [tickets.map(({ ticket }) => ticket.uid)],
  );
  return { citizens: people.length, tickets: tickets.length, files: files.rows[0]?.files ?? 0 };
}

async function rewrite(
  client: pg.ClientBase,
  { scope, ticket: before, after }: Rewritten,
  seq: number,
  now: number,
): Promise<void> {
  const ticket = { ...after, version: before.version + 1, updatedAt: now };
  const doc = toTicketValues(ticket, scope, null).at(-1);
  await client.query('UPDATE tickets SET seq = $2, version = $3, updated_at = $4, doc = $5 WHERE uid = $1', [
    ticket.uid,
    seq,
    ticket.version,
    now,
    doc,
  ]);
  await client.query(
    `UPDATE ticket_events SET body = e.body, act = coalesce(e.act, ticket_events.act), overlay = coalesce(e.overlay, ticket_events.overlay)
     FROM json_to_recordset($2::json) AS e(id uuid, body text, act json, overlay json)
     WHERE ticket_events.ticket_uid = $1 AND ticket_events.id = e.id
       AND (ticket_events.body <> e.body OR e.act IS NOT NULL OR e.overlay IS NOT NULL)`,
    [ticket.uid, JSON.stringify(ticket.events.map(({ id, text, act, overlay }) => ({ id, body: text, act, overlay })))],
  );
}
