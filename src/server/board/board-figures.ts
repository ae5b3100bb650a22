import type pg from 'pg';
import type { Accepted, Figure, FigureName } from '#shared/domain/board/board.ts';
import type { ClockRules } from '#shared/domain/clock/clock-rules.ts';
import { startRun } from '#shared/domain/clock/clock-run.ts';
import type { Actor } from '../auth/actor.ts';

/** Whose figures, and of which time: from the first moment of the Beijing day to now. */
export interface FigureScope extends Pick<Actor, 'centre' | 'lines'> {
  readonly dayStart: number;
  /** The day as seats name it. */
  readonly day: string;
  readonly now: number;
}

/** The figures of the day as far as it has come, and how many 诉求 and 事件 it brought. */
export async function readFigures(
  pool: pg.Pool,
  scope: FigureScope,
  rules: ClockRules,
): Promise<{ readonly figures: readonly Figure[]; readonly accepted: Accepted }> {
  const [calls, accepted, met, acts, signed] = await Promise.all([
    readCalls(pool, scope),
    readAccepted(pool, scope),
    readMet(pool, scope),
    readActs(pool, scope),
    readSigned(pool, scope, rules),
  ]);
  const of = (name: FigureName, numerator: number, denominator: number): Figure => ({ name, numerator, denominator });
  const figures = [
    of('answered', calls.answered, calls.offered),
    of('quick', calls.quick, calls.offered),
    of('wait', calls.wait, calls.answered),
    of('direct', accepted.direct, accepted.all),
    of('signed', signed.inTime, signed.all),
    of('closed', met.in_time, met.all),
    of('consultTime', met.consult_ms, met.consult),
    of('otherTime', met.other_ms, met.all - met.consult),
    of('returned', acts.returned, acts.sent),
    of('solved', acts.solved, acts.reached),
    of('satisfied', acts.satisfied, acts.reached),
    of('unreached', acts.missed, acts.missed + acts.reached),
  ];
  return { figures, accepted: { tickets: accepted.all, events: accepted.events } };
}

/** One row of sums, which PostgreSQL gives as text where they are large. */
async function sum<K extends string>(
  pool: pg.Pool,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Readonly<Record<K, number>>> {
  const { rows } = await pool.query<Record<string, number | string | null>>({ name, text, values: [...values] });
  const entries = Object.entries(rows[0] ?? {}).map(([key, value]) => [key, Math.round(Number(value ?? 0))]);
  return Object.fromEntries(entries) as Record<K, number>;
}

/** Calls as the seats counted them. */
const readCalls = (pool: pg.Pool, { centre, lines, day }: FigureScope) =>
  sum<'offered' | 'answered' | 'quick' | 'wait'>(
    pool,
    'board-calls',
    `SELECT sum(offered) AS offered, sum(answered) AS answered, sum(answered_quickly) AS quick, sum(wait_ms) AS wait
      FROM seat_days WHERE centre = $1 AND day = $2::date AND line = ANY($3::text[])`,
    [centre, day, lines],
  );

const readAccepted = (pool: pg.Pool, { centre, lines, dayStart, now }: FigureScope) =>
  sum<'all' | 'direct' | 'events'>(
    pool,
    'board-accepted',
    // Answered with its 母单 it is 待回访 or closed like others: what tells is the link, which a proposal has as well.
    `SELECT count(*) AS all, count(*) FILTER (WHERE status = 'closed_direct') AS direct,
        count(*) FILTER (WHERE link ->> 'state' IS DISTINCT FROM 'merged') AS events
      FROM tickets WHERE centre = $1 AND accepted_at >= $2 AND accepted_at <= $3 AND line = ANY($4::text[])`,
    [centre, dayStart, now, lines],
  );

/** Tickets of units whose limit for 办结 was met today, in time or not, and how long they took since acceptance. */
const readMet = (pool: pg.Pool, { centre, lines, dayStart, now }: FigureScope) =>
  sum<'all' | 'in_time' | 'consult' | 'consult_ms' | 'other_ms'>(
    pool,
    'board-met',
    `SELECT count(*) AS all, count(*) FILTER (WHERE met_at < due_at) AS in_time,
        count(*) FILTER (WHERE type = 'consult') AS consult,
        sum(met_at - accepted_at) FILTER (WHERE type = 'consult') AS consult_ms,
        sum(met_at - accepted_at) FILTER (WHERE type <> 'consult') AS other_ms
      FROM (SELECT type, accepted_at, (clocks ->> 'metAt')::bigint AS met_at, (clocks -> 'close' ->> 'dueAt')::bigint AS due_at
        FROM tickets WHERE centre = $1 AND (clocks ->> 'metAt')::bigint >= $2 AND (clocks ->> 'metAt')::bigint <= $3
          AND (clocks ->> 'metAt') IS NOT NULL AND unit IS NOT NULL AND line = ANY($4::text[])) AS met`,
    [centre, dayStart, now, lines],
  );

const readActs = (pool: pg.Pool, { centre, lines, dayStart, now }: FigureScope) =>
  sum<'sent' | 'returned' | 'missed' | 'reached' | 'solved' | 'satisfied'>(
    pool,
    'board-acts',
    `SELECT count(*) FILTER (WHERE action IN ('dispatch', 'assign')) AS sent,
        count(*) FILTER (WHERE action = 'return') AS returned,
        count(*) FILTER (WHERE action = 'miss_callback') AS missed,
        count(*) FILTER (WHERE reached) AS reached,
        count(*) FILTER (WHERE reached AND solved) AS solved,
        count(*) FILTER (WHERE reached AND satisfied) AS satisfied
      FROM (SELECT e.act ->> 'action' AS action, (e.act -> 'callback' ->> 'reached')::boolean AND e.from_status IS DISTINCT FROM e.to_status AS reached,
          (e.act -> 'callback' ->> 'solved')::boolean AS solved, (e.act -> 'callback' ->> 'satisfied')::boolean AS satisfied
        FROM ticket_events e JOIN tickets t ON t.uid = e.ticket_uid AND t.centre = $1 AND t.line = ANY($4::text[])
        WHERE e.act IS NOT NULL AND e.at >= $2 AND e.at <= $3) AS acts`,
    [centre, dayStart, now, lines],
  );

interface SignRow {
  readonly signed_at: number;
  readonly sent_at: number | null;
  readonly set: string;
  readonly preset: string;
}

/**
 * What units signed today, and what ran out today without being signed. Whether it was in time is counted by the calendar from the dispatch
 * before: a ticket keeps the limit of the stage it is in only.
 */
async function readSigned(pool: pg.Pool, scope: FigureScope, { calendar, presetOf }: ClockRules) {
  const { centre, lines, dayStart, now } = scope;
  const signs = await pool.query<SignRow>({
    name: 'board-signed',
    text: `SELECT e.at AS signed_at, t.clocks ->> 'set' AS set, t.clocks ->> 'preset' AS preset,
        (SELECT max(d.received_at) FROM ticket_events d
          WHERE d.ticket_uid = e.ticket_uid AND d.at <= e.at AND d.act ->> 'action' IN ('dispatch', 'assign')) AS sent_at
      FROM ticket_events e JOIN tickets t ON t.uid = e.ticket_uid AND t.centre = $1 AND t.line = ANY($4::text[]) AND t.clocks IS NOT NULL
      WHERE e.act IS NOT NULL AND e.at >= $2 AND e.at <= $3 AND e.act ->> 'action' = 'sign'`,
    values: [centre, dayStart, now, lines],
  });
  const limited = signs.rows.flatMap(({ signed_at, sent_at, set, preset }) => {
    const span = sent_at === null ? null : presetOf(set, preset).sign;
    return span && sent_at !== null ? [signed_at < startRun(sent_at, span, calendar).dueAt] : [];
  });
  const { count: unsigned } = await sum<'count'>(
    pool,
    'board-unsigned',
    `SELECT count(*) AS count FROM tickets WHERE centre = $1 AND (clocks ->> 'dueAt') IS NOT NULL
        AND (clocks ->> 'dueAt')::bigint <= $3 AND status = 'to_sign' AND line = ANY($4::text[])
        AND (clocks -> 'run' ->> 'dueAt')::bigint BETWEEN $2 AND $3`,
    [centre, dayStart, now, lines],
  );
  return { inTime: limited.filter(Boolean).length, all: limited.length + unsigned };
}
