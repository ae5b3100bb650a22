import {
  adoptAttachment,
  findAttachment,
  forgetAttachment,
  listAbandoned,
  listEvictable,
} from '../repositories/attachment.repository.ts';
import type { WorkContext } from './work-context.ts';

/** A file taken off a draft again stays this long: taking it off may be undone. */
export const ABANDONED_AFTER_MS = 7 * 86_400_000;
/** Copies of what the server has: those not looked at for so long go … */
export const UNUSED_AFTER_MS = 30 * 86_400_000;
/** … and the least recently used ones above this size, bytes. */
export const MOST_KEPT_BYTES = 500 * 1024 * 1024;

type SweepContext = Pick<WorkContext, 'db' | 'files' | 'clock' | 'write'>;

/** Writes files down again whose rows went with a lost cache. Nothing of them is ever deleted for want of a ticket that names them. */
export function adoptFoundAttachments({ db, files, write }: SweepContext): void {
  const missing = files.list().filter(({ sha256 }) => !findAttachment(db, sha256));
  if (missing.length === 0) return;
  write(() =>
    db.transaction(() => {
      for (const file of missing) adoptAttachment(db, file, file.place === 'kept');
    }),
  );
}

/**
 * Makes room. Copies of what the server has go by age and size; a file that only this console has goes only when it was taken off every
 * draft a week ago and no operation ever named it. Row first: a kill in between leaves a file that is written down again, never a row
 * without its file.
 * @returns how many files went
 */
export function sweepAttachments({ db, files, clock, write }: SweepContext): number {
  const now = clock.now();
  const abandoned = listAbandoned(db, now - ABANDONED_AFTER_MS);
  for (const sha256 of abandoned) {
    write(() => forgetAttachment(db, sha256));
    files.dropUnsent(sha256);
  }
  const copies = listEvictable(db);
  let bytes = copies.reduce((sum, { size }) => sum + size, 0);
  let gone = 0;
  for (const { sha256, size, usedAt } of copies) {
    if (bytes <= MOST_KEPT_BYTES && usedAt >= now - UNUSED_AFTER_MS) break;
    // A kill came between the server's answer and the move.
    if (files.placeOf(sha256) === 'unsent') files.settle(sha256);
    write(() => forgetAttachment(db, sha256));
    files.dropKept(sha256);
    bytes -= size;
    gone += 1;
  }
  return abandoned.length + gone;
}
