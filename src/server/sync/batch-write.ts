import type pg from 'pg';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { OpResult } from '#shared/sync/wire.ts';
import { type CopyValue, copyEncoded, copyRows, encodeRows } from '../db/copy.ts';
import { later, type PipedClient } from '../db/pipeline.ts';
import type { Author, CitizenWrite, Decision, EventInsert, RecordWrite, RevealInsert, TicketTouch } from './batch.ts';
import { raiseAndNumber, ScopeChanges } from './clocks.ts';
import { resultText } from './result-text.ts';
import {
  CITIZEN_TARGET,
  EVENT_TARGET,
  PHONE_TARGET,
  RECORD_TARGET,
  REVEAL_TARGET,
  TICKET_TARGET,
  toCitizenValues,
  toEventValues,
  toPhoneValues,
  toRecordValues,
  toTicketLines,
  toTicketValues,
} from './rows.ts';
import { enqueueUnitNews } from './unit-news.ts';
import { writeFlows } from './write-flows.ts';

/** Where a row ended up. */
interface WrittenRow {
  readonly seq: number;
  readonly number: number | null;
}

/** Scopes a decision changed, for pokes: scope → seq. */
export type WrittenScopes = ReadonlyMap<string, number>;

/** What a decision came to, and what of it PostgreSQL still writes. */
export interface Written {
  /** With seq and number filled in. */
  readonly results: readonly OpResult[];
  /** The seq each scope reached. */
  readonly scopes: WrittenScopes;
  readonly underWay: readonly Promise<unknown>[];
}

/**
 * Writes a decision with a handful of set-based statements. Everything that needs no seq goes first; then the clocks are raised and, under
 * their locks, the rows that carry seqs are written. While PostgreSQL writes the events, the lines of the tickets are encoded; while it writes
 * those, the results.
 */
export async function writeDecision(
  client: PipedClient,
  decision: Decision,
  now: number,
  by: Author,
): Promise<Written> {
  const events = later(writeEvents(client, decision.events, now));
  const lines = encodeRows(
    decision.inserts.map(({ ticket, scope, createHash }) => toTicketValues(ticket, scope, createHash)),
  );
  const changes = new ScopeChanges();
  for (const { scope, ticket } of decision.inserts) changes.addRow(scope, ticket.uid, 0, ticket.version);
  for (const { scope, uid, fromVersion, version } of decision.touches) changes.addRow(scope, uid, fromVersion, version);
  const citizens = decision.citizens.filter((citizen) => citizen.version !== citizen.fromVersion);
  for (const { scope, uid, fromVersion, version } of citizens) changes.addRow(scope, uid, fromVersion, version);
  for (const { scope, fromVersion, record } of decision.records) {
    changes.addRow(scope, record.uid, fromVersion, record.version);
  }
  const unnumbered = [
    events,
    later(insertReveals(client, decision.reveals, now, by)),
    later(insertNamedFiles(client, decision.files, now)),
    later(writePhones(client, decision.citizens)),
    later(keepReplaced(client, decision.citizens, now, by.id)),
  ];
  const { nextSeq, numbers } = await raiseAndNumber(client, changes, decision.inserts.length);
  await Promise.all(unnumbered);
  const written = new Map<string, WrittenRow>();
  const scopes = new Map<string, number>();
  const place = (scope: string, uid: string, number: number | null) => {
    const seq = nextSeq(scope);
    written.set(uid, { seq, number });
    scopes.set(scope, seq);
    return seq;
  };
  const given = decision.inserts.map(({ scope, ticket }, index) => {
    const number = forceUnwrap('fewer numbers than tickets', numbers[index]);
    return { number, seq: place(scope, ticket.uid, number) };
  });
  for (const { scope, uid } of decision.touches) place(scope, uid, null);
  for (const { scope, uid } of citizens) place(scope, uid, null);
  for (const { scope, record } of decision.records) place(scope, record.uid, null);
  const seqOf = (uid: string) => forceUnwrap('a row without a place', written.get(uid)).seq;

  const tickets = later(
    given.length === 0
      ? Promise.resolve(0)
      : copyEncoded(client, 'tickets', TICKET_TARGET, given.length, toTicketLines(given, lines)),
  );
  const results = decision.results.map((pending) => completeResult(pending, written));
  for (const result of results) resultText(result);
  await touchTickets(client, decision.touches, now, seqOf);
  await writeFlows(client, decision.events, now);
  await enqueueUnitNews(client, decision, now);
  await writeCitizens(client, citizens, now, seqOf);
  await writeRecords(client, decision.records, now, seqOf);
  return { results, scopes, underWay: [tickets] };
}

type SeqOf = (uid: string) => number;

function completeResult(
  { result, row }: Decision['results'][number],
  written: ReadonlyMap<string, WrittenRow>,
): OpResult {
  const { ticket, ...rest } = result;
  const place = row ? written.get(row.uid) : undefined;
  const seq = place?.seq ?? rest.seq;
  if (!ticket) return { ...rest, seq };
  const number = forceUnwrap('a ticket was answered without a number', ticket.number ?? place?.number);
  return { ...rest, seq, ticket: { ...ticket, number } };
}

function writeEvents(client: pg.ClientBase, events: readonly EventInsert[], now: number): Promise<number> {
  return copyRows(
    client,
    'ticket_events',
    EVENT_TARGET,
    events.map((insert) => toEventValues(insert, now)),
  );
}

async function insertNamedFiles(client: pg.ClientBase, files: Decision['files'], now: number): Promise<void> {
  if (files.length === 0) return;
  await client.query(
    `INSERT INTO attachment_refs (sha256, uid, kind, at)
     SELECT decode(f.sha256, 'hex'), f.uid, f.kind, $2 FROM json_to_recordset($1::json) AS f(sha256 text, uid uuid, kind text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(files), now],
  );
}

async function touchTickets(
  client: pg.ClientBase,
  touches: readonly TicketTouch[],
  now: number,
  seqOf: SeqOf,
): Promise<void> {
  if (touches.length === 0) return;
  const rows = touches.map(({ uid, fromVersion, version, link }) => ({
    uid,
    seq: seqOf(uid),
    from_version: fromVersion,
    version,
    is_linked_anew: link !== undefined,
    link: link ?? null,
    parent_uid: link?.parentUid ?? null,
  }));
  const touching = client.query({
    name: 'touch-tickets',
    text: `UPDATE tickets SET seq = t.seq, version = t.version, updated_at = $2,
        link = CASE WHEN t.is_linked_anew THEN t.link ELSE tickets.link END,
        parent_uid = CASE WHEN t.is_linked_anew THEN t.parent_uid ELSE tickets.parent_uid END
      FROM json_to_recordset($1::json) AS t(uid uuid, seq bigint, from_version integer, version integer,
        is_linked_anew boolean, link json, parent_uid uuid)
      WHERE tickets.uid = t.uid AND tickets.version = t.from_version`,
    values: [JSON.stringify(rows), now],
  });
  const [touched] = await Promise.all([touching, moveTickets(client, touches)]);
  if (touched.rowCount !== rows.length) throw new Error('a locked ticket changed under its batch');
  await limitTickets(client, touches);
  await amendTickets(client, touches);
}

/** Limits that a correction chose again; where the ticket was moved as well, its move has them. */
async function limitTickets(client: pg.ClientBase, touches: readonly TicketTouch[]): Promise<void> {
  for (const { uid, limits, moved } of touches) {
    if (!limits || moved) continue;
    await client.query('UPDATE tickets SET due_at = $2, clocks = $3 WHERE uid = $1', [
      uid,
      limits.dueAt,
      limits.clocks && JSON.stringify(limits.clocks),
    ]);
  }
}

/** Where decisions took tickets. */
async function moveTickets(client: pg.ClientBase, touches: readonly TicketTouch[]): Promise<void> {
  const rows = touches.flatMap(({ uid, moved }) => {
    if (!moved) return [];
    const { status, unit, closedAt: closed_at, dueAt: due_at, handling = null, clocks } = moved;
    return [{ uid, status, unit, closed_at, due_at, handling, clocks }];
  });
  if (rows.length === 0) return;
  await client.query({
    name: 'move-tickets',
    text: `UPDATE tickets SET status = t.status, unit = t.unit, closed_at = t.closed_at, due_at = t.due_at, handling = t.handling,
        clocks = t.clocks
      FROM json_to_recordset($1::json) AS t(uid uuid, status text, unit text, closed_at bigint, due_at bigint, handling json, clocks json)
      WHERE tickets.uid = t.uid`,
    values: [JSON.stringify(rows)],
  });
}

/** Words and replies: the document is replaced as text, so that every other character of it stays as it came. */
async function amendTickets(client: pg.ClientBase, touches: readonly TicketTouch[]): Promise<void> {
  for (const { uid, fields, moved } of touches) {
    const written = { ...(fields ? { fields } : {}), ...(moved?.isAnswered ? { replies: moved.replies } : {}) };
    if (Object.keys(written).length === 0) continue;
    const { rows } = await client.query<{ doc: Record<string, unknown> }>('SELECT doc FROM tickets WHERE uid = $1', [
      uid,
    ]);
    const doc = JSON.stringify({ ...rows[0]?.doc, ...written });
    await client.query('UPDATE tickets SET doc = $2 WHERE uid = $1', [uid, doc]);
    if (!fields) continue;
    const { type, categoryCode } = fields;
    await client.query('UPDATE tickets SET type = $2, category_code = $3 WHERE uid = $1', [uid, type, categoryCode]);
  }
}

async function writePhones(client: pg.ClientBase, citizens: readonly CitizenWrite[]): Promise<void> {
  const changed = citizens.filter((citizen) => citizen.version !== citizen.fromVersion);
  if (changed.length === 0) return;
  const known = changed.filter((citizen) => citizen.fromVersion > 0).map((citizen) => citizen.uid);
  await Promise.all([
    known.length > 0 && client.query('DELETE FROM citizen_phones WHERE citizen_uid = ANY($1::uuid[])', [known]),
    copyRows(client, 'citizen_phones', PHONE_TARGET, changed.flatMap(toPhoneValues)),
  ]);
}

async function keepReplaced(
  client: pg.ClientBase,
  citizens: readonly CitizenWrite[],
  now: number,
  userId: Author['id'],
): Promise<void> {
  const rows = citizens.flatMap(({ uid, replaced }) =>
    replaced.map(({ version, fields }) => ({ citizen_uid: uid, version, fields })),
  );
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO citizen_history (citizen_uid, version, fields, replaced_at, replaced_by)
      SELECT citizen_uid, version, fields, $2, $3
      FROM json_to_recordset($1::json) AS h(citizen_uid uuid, version integer, fields jsonb)`,
    [JSON.stringify(rows), now, userId],
  );
}

async function writeCitizens(
  client: pg.ClientBase,
  citizens: readonly CitizenWrite[],
  now: number,
  seqOf: SeqOf,
): Promise<void> {
  const made: (readonly CopyValue[])[] = [];
  const changed: Record<string, unknown>[] = [];
  for (const { uid, scope, centre, fromVersion, version, createdAt, fields, mergedInto } of citizens) {
    const seq = seqOf(uid);
    const citizen = { uid, centre, fields, createdAt, updatedAt: now, version, mergedInto };
    if (fromVersion === 0) made.push(toCitizenValues(citizen, scope, seq));
    else changed.push({ uid, seq, version, fields, merged_into: mergedInto });
  }
  await copyRows(client, 'citizens', CITIZEN_TARGET, made);
  if (changed.length === 0) return;
  await client.query(
    `UPDATE citizens SET seq = c.seq, version = c.version, updated_at = $2, fields = c.fields, merged_into = c.merged_into
      FROM json_to_recordset($1::json) AS c(uid uuid, seq bigint, version integer, fields jsonb, merged_into uuid)
      WHERE citizens.uid = c.uid`,
    [JSON.stringify(changed), now],
  );
}

async function writeRecords(
  client: pg.ClientBase,
  writes: readonly RecordWrite[],
  now: number,
  seqOf: SeqOf,
): Promise<void> {
  const made: (readonly CopyValue[])[] = [];
  const changed: Record<string, unknown>[] = [];
  for (const { scope, fromVersion, record } of writes) {
    const seq = seqOf(record.uid);
    if (fromVersion === 0) made.push(toRecordValues(record, scope, seq));
    else changed.push({ uid: record.uid, seq, version: record.version, doc: record.doc });
  }
  await copyRows(client, 'records', RECORD_TARGET, made);
  if (changed.length === 0) return;
  await client.query(
    `UPDATE records SET seq = r.seq, version = r.version, updated_at = $2, doc = r.doc
      FROM json_to_recordset($1::json) AS r(uid uuid, seq bigint, version integer, doc json)
      WHERE records.uid = r.uid`,
    [JSON.stringify(changed), now],
  );
}

async function insertReveals(
  client: pg.ClientBase,
  reveals: readonly RevealInsert[],
  now: number,
  by: Author,
): Promise<void> {
  const rows = reveals.map(({ id, subject, subjectUid, field, reason, at }) => [
    id,
    subject,
    subjectUid,
    field,
    reason,
    by.id,
    by.console,
    at,
    now,
  ]);
  await copyRows(client, 'reveals', REVEAL_TARGET, rows);
}
