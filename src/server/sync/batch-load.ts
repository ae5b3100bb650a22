import type pg from 'pg';
import type { CitizenFields } from '#shared/domain/citizen.ts';
import type { TicketClocks } from '#shared/domain/clock/ticket-clocks.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { Line } from '#shared/domain/roles.ts';
import { EMPTY_EXTRAS, type TicketLink } from '#shared/domain/ticket.ts';
import { ticketHandlingSchema } from '#shared/domain/ticket-handling.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import { isCitizenOp, isTicketOp } from '#shared/sync/apply-op.ts';
import { isCheckOp } from '#shared/sync/check-ops.ts';
import { isRecordOp } from '#shared/sync/record-ops.ts';
import { type Actor, callTakingRoles } from '../auth/actor.ts';
import { later } from '../db/pipeline.ts';
import { loadAnswered } from './answered.ts';
import type {
  BatchState,
  FormerCitizen,
  KnownEvent,
  ReceivedOp,
  StoredCitizen,
  StoredRecord,
  StoredTicket,
  TicketCourse,
  TicketText,
} from './batch.ts';
import { recordsOfCheck } from './decide-check.ts';
import { repeatKey } from './decide-ticket.ts';
import { loadChecked } from './load-checked.ts';
import { type Called, loadRecent } from './load-recent.ts';
import { type EventRow, RECORD_COLUMNS, type RecordRow, toRecord } from './rows.ts';

/**
 * Reads and locks everything a batch mentions, in a fixed order (tickets, citizens, documents, each by uid), so that two batches
 * never wait for each other in a circle. What depends on nothing that is read here is asked for in one go.
 */
export async function loadBatchState(
  client: pg.ClientBase,
  ops: readonly ReceivedOp[],
  actor: Actor,
  now: number,
): Promise<BatchState> {
  const uids = { tickets: new Set<string>(), citizens: new Set<string>(), records: new Set<string>() };
  const opIds = new Set<string>();
  const eventIds: string[] = [];
  const matters = new Map<string, Called>();
  const seats = new Set<string>();
  /** Versions of records that consoles knew. */
  const seen = new Map<string, number>();
  const linked = new Set<string>();
  /** Tickets whose words are read: they are amended, or something about them is told on another. */
  const worded = new Set<string>();
  const decided = new Set<string>();
  const checked = new Set<string>();
  const passing = new Set<string>();
  const unmerged = new Set<string>();
  let oldest = now;
  for (const received of ops) {
    opIds.add(received.op.opId);
    if (!received.ok) continue;
    const { op } = received;
    if (op.dependsOn !== undefined) opIds.add(op.dependsOn);
    if (isCitizenOp(op)) uids.citizens.add(op.uid);
    else if (isTicketOp(op)) uids.tickets.add(op.uid);
    else if (isRecordOp(op)) uids.records.add(op.uid);
    if (op.kind === 'citizen.upsert' && op.baseVersion > 0) {
      seen.set(op.uid, Math.min(op.baseVersion, seen.get(op.uid) ?? op.baseVersion));
    }
    if (op.kind === 'citizen.merge') uids.citizens.add(op.args.into);
    if (op.kind === 'ticket.link') {
      uids.tickets.add(op.args.parentUid);
      linked.add(op.uid);
    }
    if (op.kind === 'ticket.amend') {
      worded.add(op.uid);
      decided.add(op.uid);
    }
    // A 补充 may be what was waited for.
    if (op.kind === 'ticket.note' && op.args.kind === 'note') decided.add(op.uid);
    if (isCheckOp(op)) {
      checked.add(op.args.ticketUid);
      for (const uid of recordsOfCheck(op)) uids.records.add(uid);
    }
    if (op.kind === 'ticket.overlay') decided.add(op.uid);
    if (op.kind === 'ticket.act') {
      const { act } = op.args;
      decided.add(op.uid);
      if (act.action === 'merge') {
        uids.tickets.add(act.parentUid);
        linked.add(op.uid);
        worded.add(op.uid).add(act.parentUid);
      }
      if (act.action === 'unmerge') {
        unmerged.add(op.uid);
        worded.add(op.uid);
      }
      if (act.action === 'reply' || act.action === 'refuse') passing.add(op.uid);
    }
    if (isTicketOp(op) && op.kind !== 'ticket.create') eventIds.push(op.args.eventId);
    if (op.kind === 'ticket.note' && op.args.ref !== undefined) eventIds.push(op.args.ref);
    if (op.kind === 'draft.hand_over') seats.add(op.args.toSeat);
    if (op.kind === 'ticket.create') {
      const { caller, categoryCode, line } = op.args.fields;
      const phone = normalizePhone(caller.phone);
      // What {@link flagRepetition} asks for: no other ticket can make one a repetition.
      if (phone !== '' && categoryCode !== null && !caller.anonymous) {
        matters.set(repeatKey({ phone, categoryCode, line }), { phone, categoryCode, line });
        oldest = Math.min(oldest, op.args.createdAt);
      }
    }
  }
  const answering = later(loadAnswered(client, [...opIds]));
  for (const uid of await loadRelated(client, [...passing], [...unmerged])) uids.tickets.add(uid);
  const locking = later(loadTickets(client, [...uids.tickets]));
  const children = await loadChildren(client, [...linked, ...passing]);
  // Whoever came under the 母单 while its lock was waited for gets its answer, too.
  const late = [...children].filter(([uid, { state }]) => state === 'merged' && !uids.tickets.has(uid));
  const further = await loadTickets(
    client,
    late.map(([uid]) => uid),
  );
  for (const [uid, { parentUid, state }] of children) {
    if (state !== 'merged' || !passing.has(parentUid)) continue;
    decided.add(uid);
    worded.add(parentUid);
  }
  const [answered, locked, citizens, recordsHere, checkedHere, recent, linesOfSeats] = await Promise.all([
    answering,
    locking,
    loadCitizens(client, [...uids.citizens]),
    loadRecords(client, [...uids.records]),
    loadChecked(client, [...checked]),
    loadRecent(client, [...matters.values()], actor, now, oldest),
    loadSeats(client, [...seats], actor),
  ]);
  const tickets = new Map([...locked, ...further]);
  // What the batch makes itself has no words, course or events here.
  const known = (some: ReadonlySet<string>) => [...some].filter((uid) => tickets.has(uid));
  const [ticketTexts, courses, citizenHistory, events] = await Promise.all([
    loadTexts(client, known(worded)),
    loadCourses(client, known(decided)),
    loadHistory(client, citizens, seen),
    loadEvents(client, [...tickets.keys()], eventIds),
  ]);
  return {
    answered,
    tickets,
    ticketTexts,
    courses,
    checked: checkedHere,
    citizens,
    citizenHistory,
    records: recordsHere,
    events,
    children,
    recent,
    seats: linesOfSeats,
  };
}

interface TicketRow {
  readonly uid: string;
  readonly scope: string;
  readonly seq: number;
  readonly version: number;
  readonly number: number;
  readonly status: TicketStatus;
  readonly accepted_at: number | null;
  readonly closed_at: number | null;
  readonly due_at: number | null;
  readonly clocks: TicketClocks | null;
  readonly create_hash: Buffer | null;
  readonly link: TicketLink | null;
}

/** Reads and locks tickets in the order of their uids. */
export async function loadTickets(
  client: pg.ClientBase,
  uids: readonly string[],
): Promise<ReadonlyMap<string, StoredTicket>> {
  if (uids.length === 0) return new Map();
  const found = await client.query<TicketRow>({
    name: 'load-tickets',
    text: `SELECT uid, scope, seq, version, number, status, accepted_at, closed_at, due_at, clocks, create_hash, link
      FROM tickets WHERE uid = ANY($1::uuid[]) ORDER BY uid FOR UPDATE`,
    values: [uids],
  });
  return new Map(
    found.rows.map((row) => [
      row.uid,
      {
        uid: row.uid,
        scope: row.scope,
        seq: row.seq,
        version: row.version,
        number: row.number,
        status: row.status,
        acceptedAt: row.accepted_at ?? 0,
        closedAt: row.closed_at,
        dueAt: row.due_at,
        clocks: row.clocks,
        createHash: row.create_hash?.toString('hex') ?? null,
        link: row.link,
      },
    ]),
  );
}

/** The words of tickets that are locked already. */
async function loadTexts(client: pg.ClientBase, uids: readonly string[]): Promise<ReadonlyMap<string, TicketText>> {
  if (uids.length === 0) return new Map();
  const found = await client.query<{ uid: string; doc: TicketText }>({
    name: 'load-texts',
    text: 'SELECT uid, doc FROM tickets WHERE uid = ANY($1::uuid[])',
    values: [uids],
  });
  return new Map(
    found.rows.map(({ uid, doc }) => [
      uid,
      { createdById: doc.createdById, fields: { ...EMPTY_EXTRAS, ...doc.fields } },
    ]),
  );
}

/** How far tickets that are locked already have come, with the last decision about each. */
export async function loadCourses(
  client: pg.ClientBase,
  uids: readonly string[],
): Promise<ReadonlyMap<string, TicketCourse>> {
  if (uids.length === 0) return new Map();
  const found = await client.query<CourseRow>({
    name: 'load-courses',
    text: `SELECT uid, unit, handling, doc -> 'replies' AS replies,
        coalesce(doc #> '{fields,markers}', '[]') AS markers, coalesce(doc #>> '{fields,caller,phone}', '') = '' AS numberless,
        EXISTS (SELECT 1 FROM ticket_events r WHERE r.ticket_uid = tickets.uid AND r.kind = 'remind') AS reminded,
        json_build_object('categoryCode', category_code, 'type', type, 'urgency', doc #>> '{fields,urgency}') AS matter,
        (SELECT json_build_object('from', e.from_status, 'to', e.to_status, 'act', e.act, 'actorId', e.actor_id,
          'actorName', e.actor_name, 'version', e.version, 'words', e.body) FROM ticket_events e
          WHERE e.ticket_uid = tickets.uid AND e.act IS NOT NULL ORDER BY e.version DESC, e.position DESC LIMIT 1) AS last,
        (SELECT json_agg(json_build_object('id', e.id, 'overlay', e.overlay, 'kind', e.kind,
          'version', e.version, 'actorId', e.actor_id, 'text', CASE WHEN e.kind = 'handed_off' THEN e.body END) ORDER BY e.version, e.position)
          FROM ticket_events e WHERE e.ticket_uid = tickets.uid AND (e.overlay IS NOT NULL OR e.kind = 'handed_off')) AS overlays
      FROM tickets WHERE uid = ANY($1::uuid[])`,
    values: [uids],
  });
  return new Map(
    found.rows.map(({ uid, handling, overlays, reminded: isReminded, numberless: isNumberless, ...course }) => {
      // Completed: what an older build wrote has not every member.
      const complete = handling ? ticketHandlingSchema.parse(handling) : undefined;
      return [uid, { ...course, isReminded, isNumberless, overlays: overlays ?? [], handling: complete }];
    }),
  );
}

interface CourseRow extends Pick<TicketCourse, 'unit' | 'replies' | 'matter' | 'last' | 'markers'> {
  readonly uid: string;
  readonly reminded: boolean;
  readonly numberless: boolean;
  readonly handling: TicketCourse['handling'] | null;
  readonly overlays: TicketCourse['overlays'] | null;
}

async function loadCitizens(
  client: pg.ClientBase,
  uids: readonly string[],
): Promise<ReadonlyMap<string, StoredCitizen>> {
  if (uids.length === 0) return new Map();
  const found = await client.query<{
    uid: CitizenId;
    scope: string;
    seq: number;
    version: number;
    fields: CitizenFields;
    merged_into: CitizenId | null;
    created_at: number;
  }>({
    name: 'load-citizens',
    text: `SELECT uid, scope, seq, version, fields, merged_into, created_at FROM citizens
      WHERE uid = ANY($1::uuid[]) ORDER BY uid FOR UPDATE`,
    values: [uids],
  });
  return new Map(
    found.rows.map(({ uid, scope, seq, version, fields, merged_into, created_at }) => [
      uid,
      { uid, scope, seq, version, fields, mergedInto: merged_into, createdAt: created_at },
    ]),
  );
}

/** Former values of records that were changed since the version a console knew. */
async function loadHistory(
  client: pg.ClientBase,
  citizens: ReadonlyMap<string, StoredCitizen>,
  known: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, readonly FormerCitizen[]>> {
  const stale = [...known].filter(([uid, version]) => version < (citizens.get(uid)?.version ?? 0));
  if (stale.length === 0) return new Map();
  const found = await client.query<FormerCitizen & { readonly uid: string }>({
    name: 'load-citizen-history',
    text: `SELECT h.citizen_uid AS uid, h.version, h.fields FROM citizen_history h
      JOIN unnest($1::uuid[], $2::integer[]) AS k(uid, version) ON h.citizen_uid = k.uid AND h.version >= k.version
      ORDER BY h.citizen_uid, h.version`,
    values: [stale.map(([uid]) => uid), stale.map(([, version]) => version)],
  });
  return Map.groupBy(found.rows, ({ uid }) => uid);
}

async function loadRecords(client: pg.ClientBase, uids: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
  if (uids.length === 0) return new Map();
  const found = await client.query<RecordRow & { scope: string }>({
    name: 'load-records',
    text: `SELECT ${RECORD_COLUMNS} FROM records WHERE uid = ANY($1::uuid[]) ORDER BY uid FOR UPDATE`,
    values: [uids],
  });
  return new Map(
    found.rows.map((row) => [
      row.uid,
      { scope: row.scope, seq: row.seq, fromVersion: row.version, record: toRecord(row) },
    ]),
  );
}

async function loadEvents(
  client: pg.ClientBase,
  ticketUids: readonly string[],
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, KnownEvent>> {
  if (ticketUids.length === 0 || eventIds.length === 0) return new Map();
  const found = await client.query<Pick<EventRow, 'ticket_uid' | 'id' | 'kind' | 'actor_id' | 'ref'>>({
    name: 'load-events',
    text: `SELECT ticket_uid, id, kind, actor_id, ref FROM ticket_events
      WHERE ticket_uid = ANY($1::uuid[]) AND id = ANY($2::uuid[])`,
    values: [ticketUids, eventIds],
  });
  return new Map(
    found.rows.map((row) => [`${row.ticket_uid}/${row.id}`, { kind: row.kind, actorId: row.actor_id, ref: row.ref }]),
  );
}

/** Tickets merged under some 母单, and the 母单 of some that are to leave theirs; locked with all others afterwards. */
async function loadRelated(
  client: pg.ClientBase,
  parentUids: readonly string[],
  childUids: readonly string[],
): Promise<readonly string[]> {
  if (parentUids.length === 0 && childUids.length === 0) return [];
  const found = await client.query<{ uid: string }>({
    name: 'load-related',
    text: `SELECT uid FROM tickets WHERE parent_uid = ANY($1::uuid[]) AND status = 'merged'
      UNION SELECT parent_uid FROM tickets WHERE uid = ANY($2::uuid[]) AND parent_uid IS NOT NULL`,
    values: [parentUids, childUids],
  });
  return found.rows.map(({ uid }) => uid);
}

/** Read once the 母单 are locked: whoever puts a ticket under one of them locks it, too, and so comes before or after. */
async function loadChildren(client: pg.ClientBase, parentUids: readonly string[]): Promise<BatchState['children']> {
  if (parentUids.length === 0) return new Map();
  const found = await client.query<{ uid: string; link: TicketLink }>({
    name: 'load-children',
    text: 'SELECT uid, link FROM tickets WHERE parent_uid = ANY($1::uuid[])',
    values: [parentUids],
  });
  return new Map(found.rows.map(({ uid, link }) => [uid, link]));
}

async function loadSeats(
  client: pg.ClientBase,
  seats: readonly string[],
  actor: Actor,
): Promise<ReadonlyMap<string, readonly Line[]>> {
  if (seats.length === 0) return new Map();
  const found = await client.query<{ seat: string; lines: Line[] }>({
    name: 'load-seats',
    text: 'SELECT seat, lines FROM users WHERE centre = $1 AND seat = ANY($2::text[]) AND role = ANY($3::text[]) AND NOT disabled',
    values: [actor.centre, seats, callTakingRoles(actor)],
  });
  // Whoever sits there reads what is sent there: a line counts only when all of them hold it.
  return found.rows.reduce(
    (known, { seat, lines }) => known.set(seat, known.get(seat)?.filter((line) => lines.includes(line)) ?? lines),
    new Map<string, readonly Line[]>(),
  );
}
