import categoriesFile from '#resources/categories.json' with { type: 'json' };
import type { UnitTicket, UnitTicketDetail } from '#shared/contract/units.contract.ts';
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { coOrderDueAt, coOrdersOf } from '#shared/domain/co-order.ts';
import { showTicket } from '#shared/domain/masking.ts';
import { coAnswerOf, coAskedOf } from '#shared/domain/overlay/co-words.ts';
import { isCoStep, mayOverlay } from '#shared/domain/overlay/overlay-rights.ts';
import type { Ticket, TicketEvent } from '#shared/domain/ticket.ts';
import { mayAct, UNIT_ACTIONS } from '#shared/domain/ticket-act.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';

/** What a unit is told of what happened; calls, promises and files stay between the centre and the citizen. */
const TOLD: readonly TicketEvent['kind'][] = ['accepted', 'status', 'reply', 'note', 'remind', 'overlay'];

/** What a later 补充 takes back by naming it. */
const WITHDRAWABLE: readonly TicketEvent['kind'][] = ['note', 'remind', 'attached'];

let names: ReadonlyMap<string, readonly string[]> | null = null;

/** A leaf with its 大类, 中类, 小类; of one this build does not know, no names. Null for no category. */
export function categoryOf(code: string | null): UnitTicket['category'] {
  return code === null ? null : { code, names: [...namesOf(code)] };
}

function namesOf(code: string): readonly string[] {
  names ??= new Map(listCategories(categoryTreeSchema.parse(categoriesFile)).map((leaf) => [leaf.code, leaf.names]));
  return names.get(code) ?? [];
}

/**
 * A ticket as the unit that handles it reads it: what the matter is about and until when, masked as for every account of a unit; of a secret
 * caller neither name nor number, not even masked.
 */
export function toUnitTicket(ticket: Ticket): UnitTicket {
  const { row, masked } = showTicket(ticket, 'unit');
  const { fields, clocks } = row;
  const { name, gender, kind, phone } = fields.caller;
  const { coUnits, round, request, waiting } = handlingOf(row);
  const coOrders = coOrdersOf(row).map(({ id: _id, ...order }) => ({ ...order, dueAt: coOrderDueAt(order, clocks) }));
  return {
    uid: row.uid,
    number: formatTicketNumber(
      forceUnwrap('a stored ticket has no number', row.number),
      row.acceptedAt ?? row.createdAt,
    ),
    version: row.version,
    status: row.status,
    unit: row.unit,
    coUnits,
    coOrders,
    round,
    type: fields.type,
    category: categoryOf(fields.categoryCode),
    title: fields.title,
    content: fields.content,
    demands: fields.demands,
    urgency: fields.urgency,
    markers: fields.markers,
    place: fields.place,
    occurredAt: fields.occurredAt,
    subject: fields.subject,
    caller: masked ? null : { name, gender, kind, phone },
    acceptedAt: row.acceptedAt,
    signBy: clocks?.stage === 'sign' ? (clocks.run?.dueAt ?? null) : null,
    returnBy: mayAct('unit', row.status, 'return') ? (clocks?.returnBy ?? null) : null,
    dueAt: row.dueAt,
    extendedDays: clocks?.extendedDays ?? 0,
    request,
    waitingUntil: waiting?.until ?? null,
    replies: row.replies,
    updatedAt: row.updatedAt,
  };
}

/** The same with what happened to it, oldest first. */
export function toUnitTicketDetail(ticket: Ticket): UnitTicketDetail {
  const { row } = showTicket(ticket, 'unit');
  const takenBack = eventsTakenBack(row.events);
  const steps = row.events
    .filter(({ id, kind, overlay }) => TOLD.includes(kind) && !takenBack.has(id) && !(overlay && 'receiver' in overlay))
    .map(({ at, kind, from, to, text, act, overlay, actorName }) => ({
      at,
      kind,
      action: act?.action ?? overlay?.step ?? null,
      from,
      to,
      unit: isOfUnit(act, overlay) || isUnitOverlay(overlay, actorName, row.unit) ? actorName : null,
      dueAt: overlay?.step === 'order' ? overlay.run.dueAt : null,
      text,
    }));
  const plain = toUnitTicket(ticket);
  const coOrders = plain.coOrders.map((order) => {
    const answer = coAnswerOf(row.events, order);
    return {
      ...order,
      asked: coAskedOf(row.events, order),
      answer: answer && { at: answer.at, text: answer.text },
    };
  });
  return { ...plain, coOrders, steps };
}

/** Whether a unit did it, as 主办 or as 协办. */
function isOfUnit(act: TicketEvent['act'], overlay: TicketEvent['overlay']): boolean {
  if (act) return UNIT_ACTIONS.includes(act.action);
  return overlay !== undefined && isCoStep(overlay.step) && mayOverlay('unit', overlay.step);
}

/** Whether the unit itself began or ended a 等待. */
function isUnitOverlay(overlay: TicketEvent['overlay'], actorName: string, unit: string | null): boolean {
  return (overlay?.step === 'wait' || overlay?.step === 'wait_end') && actorName === unit;
}

/** What somebody added and took back, and the notes that did so: the unit goes by what still holds. */
function eventsTakenBack(events: readonly TicketEvent[]): ReadonlySet<string> {
  const added = new Set<string>(events.flatMap(({ id, kind }) => (WITHDRAWABLE.includes(kind) ? [id] : [])));
  const takes = events.flatMap(({ id, kind, ref }) => (kind === 'note' && added.has(ref) ? [id, ref] : []));
  return new Set(takes);
}
