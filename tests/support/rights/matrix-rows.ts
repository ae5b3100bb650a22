import { scopeOfRecord } from '#server/sync/scope-of-record.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { TicketEvent } from '#shared/domain/ticket.ts';
import { NO_HANDLING, type TicketHandling } from '#shared/domain/ticket-handling.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import { type CheckOp, checkOfCopy, copyOfCheck } from '#shared/sync/check-ops.ts';
import { decideRecordOp } from '#shared/sync/record-ops.ts';
import { appealBody, scoreBody, startBody } from '../checks.ts';
import { HELPER, MEASURE_ID, ORDER_ID, SAMPLE_OVERLAYS } from '../sample-overlays.ts';
import type { TestServer } from '../server.ts';
import { toOp } from '../test-console.ts';
import { atPlace, factsOf, type MatrixDeed, type Scope, type Target } from './matrix.ts';

export interface Wanted {
  readonly deed: MatrixDeed;
  readonly scope: Scope;
  /** The ticket it is a copy of. */
  readonly template: TicketId;
  /** Who took it in. */
  readonly agentId: UserId;
}

export interface Placed extends Wanted {
  readonly target: Target;
  readonly records: readonly { readonly scope: string; readonly record: SyncedRecord }[];
  readonly events: readonly TicketEvent[];
}

interface Template {
  readonly uid: TicketId;
  readonly centre: string;
  readonly line: Line;
  readonly accepted_at: number;
}

const OTHER_UNIT = '鼓楼区城管局';
const CHECKER = '019a0000-0000-7000-8000-00000000f001' as UserId;
let last = 1_000_000;

/** Puts a ticket for each case beside its template, in the state that its deed needs, with what was laid over it and its checks. */
export async function insertTargets(server: TestServer, wanted: readonly Wanted[]): Promise<readonly Placed[]> {
  const templates = await server.query<Template>(
    'SELECT uid, centre, line, accepted_at FROM tickets WHERE uid = ANY($1::uuid[])',
    [wanted.map(({ template }) => template)],
  );
  const byUid = new Map(templates.map((row) => [row.uid, row]));
  const now = systemClock.now();
  const placed = wanted.map((each): Placed & { readonly number: number } => {
    const { centre, line, accepted_at } = forceUnwrap('the template', byUid.get(each.template));
    const number = ++last;
    const ticketNo = formatTicketNumber(number, accepted_at);
    const ticketUid = newId<TicketId>(now);
    const target = {
      ticketUid,
      ticketNo,
      agentId: each.agentId,
      agentName: '座席',
      parentUid: each.template,
      centre,
      line,
    };
    return { ...each, target, number, records: recordsOf(each.deed, target), events: eventsOf(now) };
  });
  await insertTickets(server, placed);
  await insertEvents(server, placed);
  await insertRecords(
    server,
    placed.flatMap(({ records }) => records),
  );
  return placed;
}

/** What the deed asks of the ticket beside its state. */
function standingOf({ deed: { name, status }, target }: Placed) {
  const isCo = name.startsWith('co_') && name !== 'co_order';
  const coOrders: TicketHandling['coOrders'] = isCo
    ? [{ unit: HELPER, state: name === 'co_answer' ? 'handling' : 'to_sign', since: systemClock.now(), dueAt: null }]
    : [];
  const isUnowned = name === 'made_safe' || name === 'owned' || name === 'review_open' || name === 'review';
  const unit = name.startsWith('co_') ? OTHER_UNIT : HELPER;
  const ownership = isUnowned ? { since: systemClock.now(), byName: '王敏', unit, safeAt: null, owner: null } : null;
  const since = systemClock.now();
  const waiting = name === 'wait_end' ? { waiting: { since, until: since + 86_400_000, byName: '王敏' } } : {};
  const isMerged = status === 'merged';
  return {
    status,
    unit: ['review', 'to_dispatch', 'merged'].includes(status) ? null : unit,
    handling: { ...NO_HANDLING, coOrders, coUnits: coOrders.map((one) => one.unit), ownership, ...waiting },
    closed_at: status === 'closed' ? systemClock.now() : null,
    link: isMerged ? { parentUid: target.parentUid, state: 'merged', at: 1, byName: '王敏' } : null,
    parent_uid: isMerged ? target.parentUid : null,
  };
}

async function insertTickets(
  server: TestServer,
  placed: readonly (Placed & { readonly number: number })[],
): Promise<void> {
  const rows = placed.map((each) => ({
    uid: each.target.ticketUid,
    template: each.template,
    number: each.number,
    created_by: each.agentId,
    ...standingOf(each),
  }));
  await server.query(
    `INSERT INTO tickets (uid, number, scope, seq, version, centre, line, status, type, category_code, caller_phone, citizen_uid, unit,
        provisional_no, created_at, created_by, console, accepted_at, closed_at, due_at, updated_at, create_hash, link, parent_uid, flags,
        handling, clocks, doc)
      SELECT c.uid, c.number, t.scope, -c.number, 1, t.centre, t.line, c.status, t.type, t.category_code, '', NULL, c.unit,
        t.provisional_no, t.created_at, c.created_by, t.console, t.accepted_at, c.closed_at, t.due_at, t.updated_at, NULL, c.link,
        c.parent_uid, t.flags, c.handling, t.clocks, jsonb_set(t.doc::jsonb, '{createdById}', to_jsonb(c.created_by::text))::json
      FROM json_to_recordset($1::json) AS c(uid uuid, template uuid, number bigint, created_by uuid, status text, unit text, handling json,
        closed_at bigint, link json, parent_uid uuid) JOIN tickets t ON t.uid = c.template`,
    [JSON.stringify(rows)],
  );
}

/** An order and a measure lie over every ticket, and each was handed over to 110. */
function eventsOf(now: number): readonly TicketEvent[] {
  const run = { startedAt: now, nearAt: now + 1, dueAt: now + 2, scale: 'work', calendar: 'official' } as const;
  const plain = {
    at: now,
    kind: 'overlay',
    actorId: null,
    actorName: '',
    text: '',
    from: null,
    to: null,
    ref: '',
  } as const;
  return [
    { ...plain, id: ORDER_ID, overlay: { ...SAMPLE_OVERLAYS.order, run } },
    { ...plain, id: MEASURE_ID, overlay: SAMPLE_OVERLAYS.measure },
    { ...plain, id: newId<EventId>(now), kind: 'handed_off', text: '110' },
  ];
}

async function insertEvents(server: TestServer, placed: readonly Placed[]): Promise<void> {
  const rows = placed.flatMap(({ target, events }) =>
    events.map(({ id, at, kind, text, overlay = null }, position) => {
      return { ticket_uid: target.ticketUid, id, at, kind, body: text, position, overlay };
    }),
  );
  await server.query(
    `INSERT INTO ticket_events (ticket_uid, id, version, position, at, received_at, kind, actor_name, body, ref, overlay)
      SELECT ticket_uid, id, 1, position, at, at, kind, '', body, '', overlay
      FROM json_to_recordset($1::json) AS e(ticket_uid uuid, id uuid, at bigint, kind text, body text, position integer, overlay json)`,
    [JSON.stringify(rows)],
  );
}

/** The documents a deed on a check is about: scored by somebody else, and appealed against where that is to be settled. */
function recordsOf({ name }: MatrixDeed, target: Target): Placed['records'] {
  const at = systemClock.now();
  const facts = factsOf(target);
  const checker = { id: CHECKER, name: '郑楠', role: 'quality', seat: '4001' } as const;
  const agent = { id: target.agentId, name: '座席', role: 'agent', seat: '1001' } as const;
  const decide = (
    record: SyncedRecord | null,
    body: Parameters<typeof toOp>[1],
    who: typeof checker | typeof agent,
  ) => {
    const verdict = decideRecordOp(record, toOp(1, atPlace(body, target)) as CheckOp, who, at);
    if (verdict.kind !== 'changed') throw new Error(`no document: ${JSON.stringify(verdict)}`);
    return { ...verdict.record, version: 1 };
  };
  const made = ((): readonly SyncedRecord[] => {
    if (name === 'calibration.score') return [decide(null, startBody(facts), checker)];
    if (name !== 'check.settle' && name !== 'check.appeal') return [];
    const check = decide(null, scoreBody(facts, newId<EventId>(at)), checker);
    if (check.kind !== 'check') throw new Error('no check');
    const copy = copyOfCheck(check);
    if (name === 'check.appeal') return [check, copy];
    const appealed = decide(copy, appealBody(facts, newId<EventId>(at)), agent);
    return appealed.kind === 'check_copy' ? [checkOfCopy(appealed), appealed] : [];
  })();
  return made.map((record) => ({ scope: scopeOfRecord(record), record }));
}

async function insertRecords(server: TestServer, records: Placed['records']): Promise<void> {
  const rows = records.map(({ scope, record }) => ({ ...record, scope, seq: -++last }));
  await server.query(
    `INSERT INTO records (uid, kind, scope, seq, version, centre, updated_at, doc)
      SELECT uid, kind, scope, seq, 1, centre, "updatedAt", doc
      FROM json_to_recordset($1::json) AS r(uid uuid, kind text, scope text, seq bigint, centre text, "updatedAt" bigint, doc json)`,
    [JSON.stringify(rows)],
  );
}
