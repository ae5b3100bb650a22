import type { z } from 'zod';
import {
  ATTACHMENT_PIECE,
  type AttachmentStateView,
  type storedAttachmentSchema,
  type TicketAttachmentView,
  type UnsentAttachmentView,
} from '#shared/contract/attachments.contract.ts';
import { listTicketAttachments } from '#shared/domain/attachment/ticket-attachments.ts';
import { readAttachment, writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import { showTicket } from '#shared/domain/masking.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { DataError } from '../errors.ts';
import {
  findAttachment,
  holdAttachment,
  isInDraft,
  listUnsentAttachments,
  retryAttachments,
  touchAttachment,
} from '../repositories/attachment.repository.ts';
import { wasRevealed } from '../repositories/reveal.repository.ts';
import { attachFiles } from './attach-files.ts';
import { needTicket } from './queue-ticket-op.ts';
import { canWithdraw } from './withdraw.service.ts';
import type { WorkContext } from './work-context.ts';

/** A look behind the mask lasts 30 s on the screen; a large file that was opened in it is read to its end. */
const REVEALED_MS = 120_000;

/**
 * Ends a file that a window handed over: it is encrypted on disk when this returns, and sent once a ticket names it.
 * @throws DataError NOT_FOUND, BAD_INPUT, ATTACHMENT_TYPE, DISK_FULL
 */
export function finishAttachment(ctx: WorkContext, id: string): z.infer<typeof storedAttachmentSchema> {
  const file = ctx.write(() => ctx.fileIntake.finish(id));
  ctx.write(() => holdAttachment(ctx.db, file));
  const { sha256, size, type, name } = file;
  ctx.announce(['attachments']);
  return { sha256, size, type, name, written: writeAttachment({ sha256, size, type, name }) };
}

/**
 * Adds stored files to a ticket. Those it has already are left out.
 * @throws DataError NOT_FOUND when there is no such ticket or a file is not here, BAD_INPUT for what names no file
 */
export function attachToTicket(ctx: WorkContext, uid: TicketId, written: readonly string[]): void {
  const ops: TicketOp[] = [];
  ctx.write(() => {
    ops.length = 0;
    ctx.db.transaction(() => {
      const known = new Set(listTicketAttachments(needTicket(ctx, uid)).map(({ file }) => file.sha256));
      const fresh = written.filter((line) => {
        const file = readAttachment(line);
        if (!file) throw new DataError('BAD_INPUT', 'no file is named');
        if (ctx.files.placeOf(file.sha256) === null) throw new DataError('NOT_FOUND', 'file is not here');
        return !known.has(file.sha256);
      });
      ops.push(...attachFiles(ctx, uid, fresh));
    });
  });
  if (ops.length > 0) ctx.queued(ops);
  ctx.announce(['tickets', 'attachments', 'outbox', 'sync']);
}

/** Where a file is. */
export function stateOfAttachment(ctx: WorkContext, sha256: string): AttachmentStateView {
  const stored = findAttachment(ctx.db, sha256);
  if (!stored) return { sha256, state: 'remote', sentBytes: 0, attempts: 0, problem: null };
  const { state, sentBytes, attempts, lastError } = stored;
  return { sha256, state, sentBytes, attempts, problem: lastError };
}

/** The files of a ticket as this person may see them. @throws DataError NOT_FOUND */
export function listAttachments(
  ctx: WorkContext,
  uid: TicketId,
): { readonly files: readonly TicketAttachmentView[]; readonly hidden: boolean } {
  const ticket = needTicket(ctx, uid);
  const files = seenAttachments(ctx, uid).map(({ file, at, byName, eventId }) => ({
    ...stateOfAttachment(ctx, file.sha256),
    file,
    at,
    byName,
    eventId,
    canTakeBack: eventId !== null && canWithdraw(ticket, eventId, ctx.user.id),
  }));
  return { files, hidden: files.length === 0 && listTicketAttachments(ticket).length > 0 };
}

/** Those of a ticket that this person may open: of a caller who is kept secret none, but during a look behind the mask. */
function seenAttachments(ctx: WorkContext, uid: TicketId) {
  const ticket = needTicket(ctx, uid);
  const isRevealed = wasRevealed(ctx.db, uid, 'form', ctx.user.id, ctx.clock.now() - REVEALED_MS);
  return listTicketAttachments(showTicket(ticket, ctx.user.role, isRevealed ? 'form' : null).row);
}

/**
 * Says no to whoever may not look at a file.
 * @param ticketUid through which it is looked at; null for a file of a draft
 * @throws DataError NOT_FOUND
 */
export function checkSight(ctx: WorkContext, sha256: string, ticketUid: TicketId | null): void {
  const isSeen =
    ticketUid === null
      ? findAttachment(ctx.db, sha256)?.state === 'held' || isInDraft(ctx.db, sha256)
      : seenAttachments(ctx, ticketUid).some(({ file }) => file.sha256 === sha256);
  if (!isSeen) throw new DataError('NOT_FOUND', 'no such file for this person');
}

/**
 * Fetches a file of a ticket or draft that is not here; it stays, encrypted, and opens without a network afterwards.
 * @throws DataError NOT_FOUND, OFFLINE, ATTACHMENT_MISSING, ATTACHMENT_DAMAGED, DISK_FULL
 */
export async function fetchAttachment(ctx: WorkContext, { sha256, name, ticketUid }: FetchRequest): Promise<void> {
  checkSight(ctx, sha256, ticketUid);
  await ctx.fetchFile(sha256, name);
}

interface FetchRequest {
  readonly sha256: string;
  readonly name: string;
  readonly ticketUid: TicketId | null;
}

/** Files the server does not have, with what stands in the way. */
export function listUnsentFiles(ctx: WorkContext): readonly UnsentAttachmentView[] {
  return listUnsentAttachments(ctx.db).map(({ sha256, size, type, name, addedAt }) => ({
    ...stateOfAttachment(ctx, sha256),
    file: { sha256, size, type, name },
    addedAt,
  }));
}

/** Tries everything that was not sent again, at once. */
export function retryUnsent(ctx: WorkContext): void {
  ctx.write(() => retryAttachments(ctx.db));
  ctx.wakeFiles();
  ctx.announce(['attachments']);
}

/**
 * Bytes of a file that is here, from `offset` on, at most {@link ATTACHMENT_PIECE}.
 * @throws DataError NOT_FOUND, ATTACHMENT_MISSING when it has to be fetched first, ATTACHMENT_DAMAGED
 */
export function readAttachmentBytes(
  ctx: WorkContext,
  sha256: string,
  ticketUid: TicketId | null,
  offset: number,
): { readonly bytes: Buffer; readonly size: number } {
  checkSight(ctx, sha256, ticketUid);
  const stored = findAttachment(ctx.db, sha256);
  if (!stored || ctx.files.placeOf(sha256) === null) throw new DataError('ATTACHMENT_MISSING', 'file is not here');
  if (offset === 0) ctx.write(() => touchAttachment(ctx.db, sha256, ctx.clock.now()));
  return { bytes: ctx.files.read(sha256, offset, ATTACHMENT_PIECE), size: stored.size };
}
