import { z } from 'zod';
import { MOST_VIEWS, type TicketView, ticketViewSchema } from '#shared/domain/ticket-view.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import type { WorkContext } from './work-context.ts';

const VIEWS = 'ticket-views';
const viewsSchema = z.array(ticketViewSchema);

/** The views this person keeps, in the order in which they were made. */
export function listViews(db: ReadableDb): readonly TicketView[] {
  const text = findSetting(db, VIEWS);
  if (text === null) return [];
  // One that a later build wrote and this one does not understand is left out, not lost: it is kept until it is written over.
  const entries = z.array(z.unknown()).parse(JSON.parse(text));
  return entries.flatMap((entry) => {
    const view = ticketViewSchema.safeParse(entry);
    return view.success ? [view.data] : [];
  });
}

/**
 * Keeps a view. One of the same place and name is replaced: saving again under a name means that one.
 * @throws DataError BAD_INPUT when there are too many
 */
export function saveView(ctx: WorkContext, view: TicketView): void {
  ctx.write(() => {
    const views = listViews(ctx.db);
    const isSame = (each: TicketView) => each.id === view.id || (each.place === view.place && each.name === view.name);
    const place = views.findIndex(isSame);
    const others = views.filter((each) => !isSame(each));
    if (others.length >= MOST_VIEWS) throw new DataError('BAD_INPUT', `more than ${MOST_VIEWS} views`);
    write(ctx, place < 0 ? [...others, view] : others.toSpliced(place, 0, view));
  });
  ctx.announce(['session']);
}

/** Forgets a view; one that is gone already is no fault. */
export function removeView(ctx: WorkContext, id: string): void {
  ctx.write(() =>
    write(
      ctx,
      listViews(ctx.db).filter((view) => view.id !== id),
    ),
  );
  ctx.announce(['session']);
}

function write(ctx: WorkContext, views: readonly TicketView[]): void {
  saveSetting(ctx.db, VIEWS, JSON.stringify(viewsSchema.parse(views)));
}
