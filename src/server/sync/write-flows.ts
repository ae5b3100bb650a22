import type pg from 'pg';
import { beginningOf } from '#shared/domain/overlay/flows-of.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { EventInsert } from './batch.ts';
import { enqueueDeliveries } from './webhook-deliveries.ts';

/** What a receiver's system is told: that something went to it, or that a 更正 changed it. What it is is read with the key. */
export interface FlowNews {
  readonly event: 'flow.sent' | 'flow.changed';
  /** Epoch ms. */
  readonly at: number;
  readonly flow: { readonly id: string; readonly receiver: string };
}

type Events = readonly Pick<EventInsert, 'ticketUid' | 'event'>[];

/**
 * Writes down what went to receivers, with the events that say so and in their transaction: a row once per ticket and receiver, its receipt and
 * result, and what the receivers' systems are to be told. A 更正 changes what was sent before. Called when the tickets are there.
 */
export async function writeFlows(client: pg.ClientBase, events: Events, now: number): Promise<void> {
  const edited = events.filter(({ event }) => event.kind === 'edited').map(({ ticketUid }) => ticketUid);
  // Before new ones begin: those are told as they stand by now.
  if (edited.length > 0) await change(client, edited, now);
  const begun = events.flatMap(({ ticketUid, event }) => {
    const begins = beginningOf(event);
    if (!begins || begins.kind === 'not_enabled') return [];
    const rule = event.overlay?.step === 'flow' ? event.overlay.rule : null;
    return [
      {
        id: newId<string>(now),
        ticket_uid: ticketUid,
        receiver: begins.receiver,
        rule_id: rule?.id ?? null,
        rule_version: rule?.version ?? null,
      },
    ];
  });
  if (begun.length > 0) await begin(client, begun, now);
  const answered = events.flatMap(({ ticketUid, event }) => answerOf(ticketUid, event, now));
  if (answered.length === 0) return;
  await client.query({
    name: 'answer-flows',
    text: `UPDATE flows f SET updated_at = $2, receipt = coalesce(f.receipt, a.receipt), receipt_at = coalesce(f.receipt_at, a.receipt_at),
        outcome = coalesce(f.outcome, a.outcome), result_at = coalesce(f.result_at, a.result_at)
      FROM json_to_recordset($1::json) AS a(ticket_uid uuid, receiver text, receipt text, receipt_at bigint, outcome text, result_at bigint)
      WHERE f.ticket_uid = a.ticket_uid AND f.receiver = a.receiver`,
    values: [JSON.stringify(merged(answered)), now],
  });
}

interface Answer {
  readonly ticket_uid: string;
  readonly receiver: string;
  readonly receipt?: string;
  readonly receipt_at?: number;
  readonly outcome?: string;
  readonly result_at?: number;
}

function answerOf(ticket_uid: string, { overlay }: EventInsert['event'], now: number): readonly Answer[] {
  switch (overlay?.step) {
    case 'hand_over':
      return [{ ticket_uid, receiver: overlay.receiver }];
    case 'flow_receipt':
      return [{ ticket_uid, receiver: overlay.receiver, receipt: overlay.number, receipt_at: now }];
    case 'flow_result':
      return [{ ticket_uid, receiver: overlay.receiver, outcome: overlay.outcome, result_at: now }];
    default:
      return [];
  }
}

/** One row per flow: an UPDATE takes only one of several for the same row. */
function merged(answers: readonly Answer[]): readonly Answer[] {
  const byFlow = new Map<string, Answer>();
  for (const answer of answers) {
    const key = `${answer.ticket_uid}/${answer.receiver}`;
    byFlow.set(key, { ...answer, ...byFlow.get(key) });
  }
  return [...byFlow.values()];
}

async function begin(client: pg.ClientBase, begun: readonly object[], now: number): Promise<void> {
  // When it was sent is the server's time: the clock of a console may be wrong.
  const made = await client.query<Told>({
    name: 'begin-flows',
    text: `WITH told AS (
        INSERT INTO flows (id, ticket_uid, centre, line, receiver, rule_id, rule_version, sent_at, updated_at)
        SELECT b.id, t.uid, t.centre, t.line, b.receiver, b.rule_id, b.rule_version, $2, $2
        FROM json_to_recordset($1::json) AS b(id uuid, ticket_uid uuid, receiver text, rule_id text, rule_version integer)
          JOIN tickets t ON t.uid = b.ticket_uid
        ON CONFLICT (ticket_uid, receiver) DO NOTHING RETURNING id, receiver, centre, line) ${LISTENING}`,
    values: [JSON.stringify(begun), now],
  });
  await announce(client, 'flow.sent', made.rows, now);
}

async function change(client: pg.ClientBase, ticketUids: readonly string[], now: number): Promise<void> {
  const changed = await client.query<Told>({
    name: 'change-flows',
    text: `WITH told AS (
        UPDATE flows SET updated_at = $2 WHERE ticket_uid = ANY($1::uuid[]) RETURNING id, receiver, centre, line) ${LISTENING}`,
    values: [ticketUids, now],
  });
  await announce(client, 'flow.changed', changed.rows, now);
}

interface Told {
  readonly id: string;
  readonly receiver: string;
  readonly webhooks: readonly string[];
}

/** The flows of `told` that somebody's system listens for. */
const LISTENING = `SELECT m.id, m.receiver, array_agg(w.id) AS webhooks FROM told m
        JOIN unit_keys k ON k.kind = 'flow' AND k.revoked_at IS NULL AND k.centre = m.centre AND m.line = ANY(k.lines) AND m.receiver = ANY(k.units)
        JOIN unit_webhooks w ON w.key_id = k.id AND w.removed_at IS NULL
      GROUP BY m.id, m.receiver`;

async function announce(
  client: pg.ClientBase,
  event: FlowNews['event'],
  told: readonly Told[],
  now: number,
): Promise<void> {
  const news = told.flatMap(({ id, receiver, webhooks }) =>
    webhooks.map((webhook_id) => {
      const body: FlowNews = { event, at: now, flow: { id, receiver } };
      return { id: newId<string>(now), webhook_id, body: JSON.stringify(body) };
    }),
  );
  await enqueueDeliveries(client, news, now);
}
