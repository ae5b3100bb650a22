import {
  deleteNoteDraft,
  listNoteDrafts,
  type NoteDraft,
  saveNoteDraft,
} from '../repositories/note-draft.repository.ts';
import type { WorkContext } from './work-context.ts';

/** Notes begun on tickets and not sent. */
export function getNoteDrafts(ctx: WorkContext): readonly NoteDraft[] {
  return listNoteDrafts(ctx.db);
}

/** Keeps the text begun for a ticket, none when it is empty; on disk when this returns. */
export function keepNoteDraft(ctx: WorkContext, draft: NoteDraft): void {
  ctx.write(() =>
    ctx.db.transaction(() => {
      if (draft.text === '') deleteNoteDraft(ctx.db, draft.uid);
      else saveNoteDraft(ctx.db, draft, ctx.clock.now());
    }),
  );
}
