import { expect, test } from 'vitest';
import { ListPicture } from '#renderer/ui/list-picture.ts';
import { VirtualScheduler } from '../../../support/virtual-scheduler.ts';

/** A list whose lines are there from some offsets on only. */
function openList(...there: readonly number[]) {
  const time = new VirtualScheduler();
  const offsets = new Set(there);
  const drawn: number[] = [];
  const picture = new ListPicture({
    isThere: (top) => offsets.has(top),
    draw: (top) => drawn.push(top),
    after: (delayMs, run) => time.after(delayMs, run),
  });
  const arrive = (top: number) => {
    offsets.add(top);
    picture.settle();
  };
  return { picture, drawn, time, arrive };
}

test('a place whose lines are there is drawn at once', () => {
  const { picture, drawn } = openList(32, 64);
  picture.want(32);
  picture.want(64);
  expect(drawn).toEqual([32, 64]);
});

test('a place without its lines is drawn when they come, and nothing with gaps meanwhile', async () => {
  const { picture, drawn, time, arrive } = openList();
  picture.want(9_000);
  await time.advance(100);
  expect(drawn).toEqual([]);
  arrive(9_000);
  await time.advance(10_000);
  expect(drawn).toEqual([9_000]);
});

test('on a long way the newest place that has its lines is drawn, and the way goes on', async () => {
  const { picture, drawn, arrive, time } = openList();
  for (const top of [1_000, 2_000, 3_000]) picture.want(top);
  arrive(2_000);
  expect(drawn).toEqual([2_000]);
  // What was passed before it is over.
  arrive(1_000);
  expect(drawn).toEqual([2_000]);
  arrive(3_000);
  await time.advance(10_000);
  expect(drawn).toEqual([2_000, 3_000]);
});

test('lines that do not come are not waited for endlessly: the newest place is drawn with gaps', async () => {
  const { picture, drawn, time } = openList();
  picture.want(1_000);
  await time.advance(100);
  picture.want(2_000);
  await time.advance(350);
  expect(drawn).toEqual([2_000]);
});

test('after the list has left the screen nothing is drawn any more', async () => {
  const { picture, drawn, time } = openList();
  picture.want(1_000);
  picture.stop();
  await time.advance(10_000);
  expect(drawn).toEqual([]);
});
