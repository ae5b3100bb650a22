import { expect, test } from 'vitest';
import { saveSetting } from '#main/data/repositories/identity.repository.ts';
import { listViews, removeView, saveView } from '#main/data/services/view.service.ts';
import { MOST_VIEWS, NO_CONDITIONS, type TicketView } from '#shared/domain/ticket-view.ts';
import { newId } from '#shared/kernel/ids.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import { START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

function view(name: string, over: Partial<TicketView> = {}): TicketView {
  const conditions = { ...NO_CONDITIONS, division: '320106', period: 'today' as const };
  return { id: newId(START), name, place: 'dispatch', query: '', conditions, sort: 'due', acrossSort: 'due', ...over };
}

test('a view is there after the next start with everything that was chosen', () => {
  const folder = tempFolder();
  const { ctx, db } = openTestWork(folder);
  const kept = view('鼓楼区最急');
  saveView(ctx, kept);
  expect(listViews(db)).toEqual([kept]);
});

test('saving under a name again means the view of that name, in its place', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const [first, second] = [view('今天'), view('最急')];
  saveView(ctx, first);
  saveView(ctx, second);
  const anew = view('今天', { sort: 'oldest' });
  saveView(ctx, anew);
  // A search may have the same name: they are never offered beside each other.
  saveView(ctx, view('今天', { place: 'search', query: '路灯' }));
  expect(listViews(db).map(({ name, sort, place }) => [name, sort, place])).toEqual([
    ['今天', 'oldest', 'dispatch'],
    ['最急', 'due', 'dispatch'],
    ['今天', 'due', 'search'],
  ]);
});

test('a removed view is gone and can be kept again; removing it twice is no fault', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const kept = view('今天');
  saveView(ctx, kept);
  removeView(ctx, kept.id);
  removeView(ctx, kept.id);
  expect(listViews(db)).toEqual([]);
  saveView(ctx, kept);
  expect(listViews(db)).toEqual([kept]);
});

test('a view of before has the own order of its list; one of a list of 质检 is kept like any other', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const { acrossSort, ...before } = view('超期', { place: 'overdue', sort: 'newest' });
  saveSetting(db, 'ticket-views', JSON.stringify([before]));
  expect(listViews(db)).toEqual([{ ...before, acrossSort }]);
  saveView(ctx, view('玄武待质检', { place: 'to_check', sort: 'newest' }));
  expect(listViews(db).map(({ place, sort }) => [place, sort])).toEqual([
    ['overdue', 'newest'],
    ['to_check', 'newest'],
  ]);
});

test('there are not more views than a person can look through, and one of a later build does no harm', () => {
  const { ctx, db } = openTestWork(tempFolder());
  for (let index = 0; index < MOST_VIEWS; index++) saveView(ctx, view(`视图 ${index}`));
  expect(() => saveView(ctx, view('再一个'))).toThrowError(expect.objectContaining({ code: 'BAD_INPUT' }));
  saveSetting(db, 'ticket-views', JSON.stringify([{ ...view('今天'), place: 'later' }, view('最急')]));
  expect(listViews(db).map(({ name }) => name)).toEqual(['最急']);
});
