import type { FlowRecord } from '#shared/contract/flows.contract.ts';
import { hideCaller } from '#shared/domain/mask-text.ts';
import { secretsOf, showTicket } from '#shared/domain/masking.ts';
import type { FlowOutcome, FlowReceiver } from '#shared/domain/overlay/flow.ts';
import { type FlowRule, type SentAnswer, sentAnswers, shippedFlowRules } from '#shared/domain/overlay/flow-rules.ts';
import { flowsOf } from '#shared/domain/overlay/flows-of.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { categoryOf } from './unit-view.ts';

/** A row of the table `flows`. */
export interface StoredFlow {
  readonly id: string;
  readonly ticket_uid: string;
  readonly receiver: FlowReceiver;
  readonly rule_id: string | null;
  readonly rule_version: number | null;
  readonly sent_at: number;
  readonly updated_at: number;
  readonly receipt: string | null;
  readonly receipt_at: number | null;
  readonly outcome: FlowOutcome | null;
  readonly result_at: number | null;
}

/** What goes with a call that was handed over: where it is, what happened, and who called, to be called back. */
const OF_A_CALL: FlowRule['sends'] = {
  ticket: ['title', 'content', 'place', 'occurredAt', 'urgency'],
  form: [],
  caller: true,
};
/** Of a rule this build does not know any more nothing but the number is told. */
const NOTHING: FlowRule['sends'] = { ticket: [], form: [], caller: false };

/**
 * What a receiver is told of a ticket: what the rule names as it stands now, without name and number of a caller whom the rule does not name, also
 * where they stand in the place, an answer or what was told. Of a secret caller (保密, 匿名, line 12350) neither is told to anybody, nor a place closer than the district.
 */
export function toFlowRecord(row: StoredFlow, ticket: Ticket): FlowRecord {
  const rule = shippedFlowRules().find(({ id, version }) => id === row.rule_id && version === row.rule_version);
  const sends = rule?.sends ?? (row.rule_id === null ? OF_A_CALL : NOTHING);
  const isCallerTold = sends.caller;
  const { row: shown, masked } = showTicket(ticket, 'unit');
  const { fields } = shown;
  const flow = flowsOf(shown.events).find(({ receiver }) => receiver === row.receiver);
  const secrets = secretsOf(ticket.fields);
  const text = (written: string) => (isCallerTold ? written : hideCaller(written, secrets));
  const { name, gender, kind, phone } = fields.caller;
  const parts = {
    title: text(fields.title),
    content: text(fields.content),
    place: { ...fields.place, address: text(fields.place.address), landmark: text(fields.place.landmark) },
    occurredAt: fields.occurredAt,
    urgency: fields.urgency,
    subject: text(fields.subject),
    demands: fields.demands,
  };
  return {
    id: row.id,
    receiver: row.receiver,
    rule: rule ? { id: rule.id, version: rule.version } : null,
    ticket: {
      uid: ticket.uid,
      number: formatTicketNumber(ticket.number ?? 0, ticket.acceptedAt ?? ticket.createdAt),
      acceptedAt: ticket.acceptedAt,
    },
    sent: {
      category: categoryOf(fields.categoryCode),
      ...Object.fromEntries(sends.ticket.map((part) => [part, parts[part]])),
      ...(isCallerTold ? { caller: masked ? null : { name, gender, kind, phone } } : {}),
      answers: rule ? sentAnswers(fields, rule).map((answer) => toAnswer(answer, rule, text)) : [],
    },
    told: (flow?.told ?? []).map(({ at, text: words, leg }) => ({ at, text: text(words), leg })),
    sentAt: row.sent_at,
    receipt: row.receipt === null ? null : { number: row.receipt, at: row.receipt_at ?? row.updated_at },
    result:
      row.outcome === null
        ? null
        : { outcome: row.outcome, text: text(flow?.result?.text ?? ''), at: row.result_at ?? row.updated_at },
    updatedAt: row.updated_at,
  };
}

/** An answer with the words in it covered, unless the rule sends it to say who somebody else is. */
function toAnswer(
  { field, label, value }: SentAnswer,
  { others }: FlowRule,
  text: (written: string) => string,
): FlowRecord['sent']['answers'][number] {
  if (others.includes(field)) return { field, label, value };
  if (Array.isArray(value)) return { field, label, value: value.map(text) };
  return { field, label, value: typeof value === 'string' ? text(value) : value };
}
