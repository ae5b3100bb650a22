import { findOutboxEntry } from '#main/data/repositories/outbox.repository.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { OP_REFUSALS } from '#shared/sync/refusals.ts';
import type { Op, OpResult } from '#shared/sync/wire.ts';
import type { ModelRow } from './copy-text.ts';
import { type Deed, type Deeds, eventOf, wordsOf } from './deeds.ts';
import type { ModelCentre } from './model-centre.ts';
import type { Tables } from './tables.ts';

/**
 * Every operation was applied, once and with its words, or its author can still read on their console what they wrote and why it was not
 * taken. @throws the first that is neither
 */
export function checkDeeds({ database: { tables } }: ModelCentre, deeds: Deeds): void {
  const answers = Map.groupBy(tables.opLog.values(), ({ op_id }) => String(op_id));
  for (const deed of deeds.all.values()) {
    const results = (answers.get(deed.op.opId) ?? []).map(({ result }) => result as OpResult);
    const isTaken = results.some(({ code }) => code === 'applied' || code === 'merged' || code === 'duplicate');
    if (isTaken) checkTaken(tables, deed);
    else checkVisible(deed);
  }
}

function checkTaken(tables: Tables, { op, self }: Deed): void {
  const eventId = eventOf(op);
  const complain = (what: string) => {
    throw new Error(`${what}: ${op.kind} of ${self.name}, ${JSON.stringify(op.args)}`);
  };
  if (op.kind === 'ticket.create') {
    if (!tables.tickets.has(op.uid)) complain('a ticket that was taken is not there');
    return;
  }
  if (op.kind.startsWith('check.')) {
    if (!JSON.stringify(tables.records.get(op.uid)?.doc ?? {}).includes(idOfCheck(op)))
      complain('a check that was taken is not there');
    return;
  }
  if (eventId === null || !op.kind.startsWith('ticket.')) return;
  const left = (tables.events.get(op.uid) ?? []).filter(({ id }) => id === eventId);
  const words = wordsOf(op);
  if (left.length > 1) complain('an operation had its effect twice');
  if (left.length === 0 && words !== '') complain('words of an operation that was taken are lost');
  if (left[0] && left[0].body !== words && !('reason' in op.args)) complain('words of an operation were changed');
}

function idOfCheck({ args }: Op): string {
  if ('scoreId' in args) return args.scoreId;
  if ('appealId' in args) return args.appealId;
  return 'settleId' in args ? args.settleId : '';
}

/** Refused, with a reason that has a text, the words beside it; or decided by its author and kept among what was decided. */
function checkVisible({ op, self }: Deed): void {
  const { db } = self.work;
  const settled = db.value<string>('SELECT op FROM settled_ops WHERE op_id = ?', op.opId);
  if (settled !== undefined) {
    if (!settled.includes(wordsOf(op)))
      throw new Error(`words of a decided refusal are lost at ${self.name}: ${wordsOf(op)}`);
    return;
  }
  const entry = findOutboxEntry(db, op.opId);
  const isExplained =
    entry !== null && entry.state !== 'waiting' && OP_REFUSALS.some((one) => one === entry.lastError?.code);
  if (!isExplained) {
    throw new Error(
      `an operation is neither taken nor refused: ${op.kind} of ${self.name} is ${entry?.state ?? 'gone'}, ${entry?.lastError?.code ?? 'no reason'}`,
    );
  }
  const { fields } = compareOp(self.work, op.opId);
  const words = wordsOf(op);
  if (op.kind.startsWith('ticket.') && words !== '' && !fields.some(({ mine }) => mine === words)) {
    throw new Error(`a refusal does not show what its author wrote: ${op.kind} of ${self.name}, ${words}`);
  }
}

/** Nobody decided over a decision of somebody else that they had not seen. @param rows the history of one ticket, in order */
export function checkSeen(deeds: Deeds, uid: string, rows: readonly ModelRow[]): void {
  const byEvent = new Map([...deeds.all.values()].map((deed) => [eventOf(deed.op), deed]));
  let last: ModelRow | null = null;
  for (const row of rows.filter(({ act }) => act != null)) {
    const deed = byEvent.get(row.id as never);
    const before = last;
    last = row;
    if (!deed || !before || before.actor_id === row.actor_id || deed.seen.has(String(before.id))) continue;
    // That a citizen was not reached is true whoever else called in vain.
    if (actionOf(row) === 'miss_callback' && actionOf(before) === 'miss_callback') continue;
    throw new Error(
      `a stale decision was taken: ${actionOf(row)} of ${deed.self.name} on ${uid}, after ${actionOf(before)}`,
    );
  }
}

function actionOf({ act }: ModelRow): string {
  return (act as { readonly action: string }).action;
}
