import type { ComparedField, ComparedValue } from '#shared/contract/attention.contract.ts';
import { readAttachment } from '#shared/domain/form/attachment-ref.ts';
import { isCoStep } from '#shared/domain/overlay/overlay-rights.ts';
import { type Overlay, type OverlayStep, refOf } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket, TicketFields } from '#shared/domain/ticket.ts';
import type { ActAction } from '#shared/domain/ticket-act.ts';
import {
  AMENDABLE_FIELDS,
  type AmendedField,
  amendedFields,
  changeOfField,
  clashingFields,
  lastEditOf,
  valueOfField,
} from '#shared/domain/ticket-amendment.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { type TicketStatus, TRANSITIONS } from '#shared/domain/ticket-status.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import type { ReadableDb } from '../../db/sqlite.ts';
import { findTicket } from '../../repositories/ticket.repository.ts';

type By = ComparedField['by'];

/** Fields a person may write anew while merging, as text. */
const TEXTS: ReadonlySet<string> = new Set(['title', 'content', 'originalWords', 'subject']);

/** A refused operation on a ticket, field by field. @param server the ticket as the server holds it and this person may see it */
export function compareTicketOp(db: ReadableDb, op: TicketOp, server: Ticket | null): readonly ComparedField[] {
  switch (op.kind) {
    case 'ticket.create':
      return compareCreation(op.args.fields, server);
    case 'ticket.note':
      return [compareNote(op, server)];
    case 'ticket.link':
    case 'ticket.unlink':
      return [compareLink(db, op, server)];
    case 'ticket.amend':
      return compareAmendment(op, server);
    case 'ticket.act':
      return compareDecision(db, op, server);
    case 'ticket.overlay':
      return compareOverlay(op, server);
    default:
      return assertNever(op, 'ticket operation');
  }
}

/** Who made a ticket and when, unless somebody has changed that field since. */
function byOf(server: Ticket | null, field: string): By {
  if (!server) return null;
  const edit = lastEditOf(server.events, field);
  return edit ? { name: edit.actorName, at: edit.at } : { name: server.createdByName, at: server.createdAt };
}

function compareCreation(fields: TicketFields, server: Ticket | null): readonly ComparedField[] {
  const answer = fields.answer === null ? [] : [{ field: 'answer', mine: fields.answer }];
  return [...AMENDABLE_FIELDS.map((field) => ({ field, mine: fields[field] as ComparedValue })), ...answer]
    .filter(({ mine }) => mine !== null && mine !== '')
    .map(({ field, mine }) => ({
      field,
      mine,
      ...(server ? { theirs: toCompared(Reflect.get(server.fields, field)) } : {}),
      isClash: false,
      by: byOf(server, field),
      isText: false,
    }));
}

function compareNote({ args }: OpOf<'ticket.note'>, server: Ticket | null): ComparedField {
  const isFile = args.kind === 'attached';
  const last = server?.events.at(-1);
  return {
    field: `note.${args.kind}`,
    mine: isFile ? (readAttachment(args.text)?.name ?? '') : args.text,
    isClash: false,
    by: last ? { name: last.actorName, at: last.at } : null,
    // What only names an event or a code is not written anew.
    isText: args.kind === 'note' || args.kind === 'remind' || args.kind === 'promise',
  };
}

function compareLink(db: ReadableDb, op: OpOf<'ticket.link' | 'ticket.unlink'>, server: Ticket | null): ComparedField {
  const link = server?.link ?? null;
  return {
    field: 'parent',
    mine: op.kind === 'ticket.link' ? numberOf(db, op.args.parentUid) : null,
    ...(server ? { theirs: link && numberOf(db, link.parentUid) } : {}),
    isClash: link?.state === 'merged',
    by: link ? { name: link.byName, at: link.at } : null,
    isText: false,
  };
}

function numberOf(db: ReadableDb, uid: string): string {
  const ticket = findTicket(db, uid)?.ticket;
  return ticket ? displayNumber(ticket) : uid;
}

/** The number a ticket is called by. */
export function displayNumber({ number, acceptedAt, createdAt, provisionalNo }: Ticket): string {
  return number === null ? provisionalNo : formatTicketNumber(number, acceptedAt ?? createdAt);
}

function compareAmendment({ args }: OpOf<'ticket.amend'>, server: Ticket | null): readonly ComparedField[] {
  const clashes = server ? clashingFields(server.fields, args.changes) : [];
  return amendedFields(args.changes).map((field: AmendedField) => {
    const { from, to } = changeOfField(args.changes, field);
    // Of tags it is said which were taken off and which were put on.
    const theirs = server && valueOfField(server.fields, field);
    return {
      field,
      before: toCompared(from),
      mine: toCompared(to),
      ...(server ? { theirs: toCompared(theirs) } : {}),
      isClash: clashes.includes(field),
      by: byOf(server, field),
      isText: TEXTS.has(field),
    };
  });
}

/** A decision beside what somebody else decided meanwhile. */
function compareDecision(
  db: ReadableDb,
  { args }: OpOf<'ticket.act'>,
  server: Ticket | null,
): readonly ComparedField[] {
  const { act, from, words } = args;
  const last = server?.events.findLast(({ to }) => to === server.status) ?? null;
  const theirs = server?.events.findLast(({ act: decided }) => decided !== undefined) ?? null;
  const isClash = server !== null && server.status !== from;
  // A step by rule may have followed from what somebody decided: the decision and its words are theirs, the state is the rule's.
  const by = last && { name: last.actorName, at: last.at };
  const decider = theirs && isClash ? { name: theirs.actorName, at: theirs.at } : by;
  const reason = isClash ? (theirs?.text ?? '') : '';
  const unit = 'unit' in act ? act.unit : null;
  const rows: readonly (Pick<ComparedField, 'field' | 'mine' | 'before'> & { readonly theirs: ComparedValue })[] = [
    { field: 'action', mine: act.action, theirs: isClash ? (theirs?.act?.action ?? null) : null },
    { field: 'status', before: from, mine: targetOf(act.action, from), theirs: server?.status ?? null },
    ...(act.action === 'merge'
      ? [
          {
            field: 'parent',
            mine: numberOf(db, act.parentUid),
            theirs: server?.link ? numberOf(db, server.link.parentUid) : null,
          },
        ]
      : []),
    ...(unit === null ? [] : [{ field: 'unit', mine: unit, theirs: server?.unit ?? null }]),
    // Why they decided as they did is read by somebody who gave no reason, too.
    ...(words === '' && reason === '' ? [] : [{ field: 'words', mine: words, theirs: reason }]),
  ];
  return rows.map(({ theirs: held, ...row }) => ({
    ...row,
    ...(server ? { theirs: held } : {}),
    isClash: isClash && row.field !== 'words',
    by: row.field === 'action' || row.field === 'words' ? decider : by,
    isText: false,
  }));
}

/** A 督办, 批示 or 权属 step beside what somebody else wrote meanwhile about the same. */
function compareOverlay({ args }: OpOf<'ticket.overlay'>, server: Ticket | null): readonly ComparedField[] {
  const { step, words } = args;
  const ref = refOf(step);
  const theirs =
    server?.events.findLast(
      ({ overlay }) =>
        overlay?.step === step.step &&
        // Some ends name what they end, some do not.
        (refOf(overlay) === ref || refOf(overlay) === '' || ref === '') &&
        partyOf(overlay) === partyOf(step),
    ) ?? null;
  const by = theirs && { name: theirs.actorName, at: theirs.at };
  const plain = { isClash: theirs !== null && step.step !== 'order', by, isText: false };
  return [
    { ...plain, field: 'overlay', mine: step.step, ...(server ? { theirs: theirs?.overlay?.step ?? null } : {}) },
    { ...plain, field: 'words', mine: words, ...(server ? { theirs: theirs?.text ?? null } : {}) },
  ];
}

/** Whose 协办单 a step is about, or which receiver of a 流转 or 移交; empty for other steps. */
function partyOf(step: OverlayStep | Overlay): string {
  if ('receiver' in step) return step.receiver;
  return 'unit' in step && isCoStep(step.step) ? step.unit : '';
}

/** Where a decision would have led. */
function targetOf(action: ActAction, from: TicketStatus): TicketStatus | null {
  return TRANSITIONS.find((one) => one.action === action && one.from.includes(from))?.to ?? null;
}

/** A value of a ticket as it is shown beside another. */
function toCompared(value: unknown): ComparedValue {
  return (value ?? null) as ComparedValue;
}
