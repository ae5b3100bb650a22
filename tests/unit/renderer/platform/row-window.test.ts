import { expect, test } from 'vitest';
import { type RowReader, RowWindow } from '#renderer/platform/row-window.ts';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { until } from '#tests/support/data/until.ts';

/** A list of lines whose titles are their ids, as the data process would give it. */
function openList(size: number) {
  const list = Array.from({ length: size }, (_, i) => size - i);
  const title = new Map<number, string>();
  const asked: number[][] = [];
  const source: RowReader<TicketSummary> = {
    ids: async (limit, before) => {
      const start = before === undefined ? 0 : list.indexOf(before) + 1;
      const ids = list.slice(start, start + limit);
      return { ids, next: start + limit < list.length ? (ids.at(-1) ?? null) : null };
    },
    rows: async (ids) => {
      asked.push([...ids]);
      return ids
        .filter((id) => list.includes(id))
        .map((id) => ({ id, row: { title: title.get(id) ?? `第${id}件` } as TicketSummary }));
    },
  };
  const errors: unknown[] = [];
  const window = new RowWindow(
    source,
    () => {},
    (error) => errors.push(error),
  );
  return { list, title, asked, source, window, errors };
}

const titles = (window: RowWindow<TicketSummary>, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => window.at(from + i)?.title);

test('a list of 100,000 knows its length, and the lines of any place are there without those before them', async () => {
  const { window, asked } = openList(100_000);
  window.show(0, 30);
  window.refresh();
  await until('complete', () => window.isComplete);
  expect(window.length).toBe(100_000);
  await until('first lines', () => window.at(29) !== undefined);
  window.show(70_000, 70_030);
  await until('lines in the middle', () => window.at(70_029) !== undefined);
  expect(titles(window, 70_000, 70_003)).toEqual(['第30000件', '第29999件', '第29998件']);
  await until('those around them', () => window.at(69_940) !== undefined && window.at(70_089) !== undefined);
  expect(asked.flat().length).toBeLessThan(1_000);
  window.stop();
});

test('after a change, lines stay until their newer ones are there; a new ticket moves the others down', async () => {
  const { window, list, title, source } = openList(50);
  window.show(0, 10);
  window.refresh();
  await until('lines', () => window.at(9) !== undefined);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const rows = source.rows.bind(source);
  source.rows = async (ids) => {
    await held;
    return rows(ids);
  };
  list.unshift(51);
  title.set(50, '改过');
  window.refresh();
  await until('exchanged', () => window.length === 51);
  expect(titles(window, 0, 3)).toEqual([undefined, '第50件', '第49件']);
  release();
  await until('newer', () => window.at(0) !== undefined && window.at(1)?.title === '改过');
  window.stop();
});

test('a line that is gone leaves its place empty until the list is read anew', async () => {
  const { window, list } = openList(20);
  window.show(0, 5);
  list.splice(2, 1, 999);
  window.refresh();
  await until('lines', () => window.at(4) !== undefined);
  expect(window.at(2)?.title).toBe('第999件');
  window.stop();
});

test('many announcements in a row read the list a few times, not once each', async () => {
  const { window, source } = openList(10);
  let readings = 0;
  const ids = source.ids.bind(source);
  source.ids = (limit, before) => {
    readings++;
    return ids(limit, before);
  };
  for (let i = 0; i < 50; i++) window.refresh();
  await until('read', () => window.isComplete);
  expect(readings).toBe(1);
  window.stop();
});

test('a failure is told and the lines that are there stay', async () => {
  const { window, source, errors } = openList(10);
  window.refresh();
  await until('lines', () => window.at(9) !== undefined);
  source.rows = () => Promise.reject(new Error('closed'));
  window.refresh();
  await until('told', () => errors.length > 0);
  expect(window.at(0)?.title).toBe('第10件');
  window.stop();
});
