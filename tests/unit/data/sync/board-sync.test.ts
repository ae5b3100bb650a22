import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BoardSync, createBoardSync } from '#main/data/sync/board-sync.ts';
import type { Board } from '#shared/contract/board.contract.ts';
import type { Topic } from '#shared/contract/topics.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const BOARD: Board = {
  asOf: START,
  seats: [],
  waiting: { count: 0, longestMs: 0 },
  dayStart: START,
  figures: [],
  alarms: [],
};
let work: TestWork;
let announced: Topic[];
let errors: unknown[];
let isFull: boolean;
let board: BoardSync;

beforeEach(() => {
  work = openTestWork(tempFolder());
  announced = [];
  errors = [];
  isFull = false;
  board = open();
});
afterEach(() => {
  work.db.close();
});

function open(): BoardSync {
  return createBoardSync({
    db: work.db,
    clock: work.clock,
    user: { ...AGENT, role: 'lead' },
    elapsed: () => 0,
    timeouts: { helloMs: 1, pushMs: 1, pullMs: 1 },
    announce: (topics) => announced.push(...topics),
    isOnline: () => true,
    onError: (error) => errors.push(error),
    write: (run) => {
      if (isFull) throw new Error('DISK_FULL');
      return run();
    },
    client: { get: async () => ({ kind: 'answer', value: BOARD }) } as never,
  });
}

test('the board the server told is kept for the next time without a network', async () => {
  expect(await board.refresh()).toBe(true);
  board.stop();
  expect(open().get()).toEqual({ board: BOARD, receivedAt: START });
});

test('on a full disk the board goes on: what the server tells is shown, only not kept', async () => {
  isFull = true;
  expect(await board.refresh()).toBe(true);
  expect(board.get()).toEqual({ board: BOARD, receivedAt: START });
  expect(announced).toEqual(['board']);
  expect(errors).toEqual([new Error('DISK_FULL')]);
  board.stop();
  expect(open().get().board).toBeNull();
});
