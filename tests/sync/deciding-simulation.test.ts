import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { playDecidingShift } from '#tests/support/sync/model/deciding-shift.ts';
import { startTime, stopTime } from '#tests/support/sync/model/still-time.ts';

// Short batches: the next one travels while the one before it is on its way, and one of them is rarely the whole outbox.
vi.mock('#shared/sync/protocol.ts', async (original) => ({ ...(await original<object>()), PUSH_MAX_OPS: 3 }));

/**
 * The same seeds in every run; only ids and the order in which the process answers itself differ. Another number in SYNC_SEED plays others,
 * `random` ones nobody has seen. A few shifts belong to every run, many more to FAULT_SHIFTS=1.
 */
const { SYNC_SEED = '20261126' } = process.env;
const seed = SYNC_SEED === 'random' ? randomInt(1, 2 ** 31) : Number(SYNC_SEED);
const SHIFTS = process.env.FAULT_SHIFTS === '1' ? 40 : 4;
const STEPS = 32;

const tempFolder = prepareTempFolders();
const done = new Map<string, number>();
const refused = new Map<string, number>();
beforeEach(stopTime);
afterEach(startTime);

test.each(Array.from({ length: SHIFTS }, (_, index) => seed + index))(
  `six people and a unit decide about the same tickets, cut off and with wrong clocks: one truth, nothing lost (SYNC_SEED=${seed}, shift %i)`,
  { timeout: 120_000, retry: 0 },
  async (shift) => {
    const report = await playDecidingShift({ seed: shift, folder: tempFolder(), steps: STEPS });
    for (const [what, times] of report.done) done.set(what, (done.get(what) ?? 0) + times);
    for (const [what, times] of report.refused) refused.set(what, (refused.get(what) ?? 0) + times);
    expect(report.faults).toBeGreaterThan(STEPS);
  },
);

test('they met each other in every part of the work', () => {
  const told = (counts: ReadonlyMap<string, number>) => JSON.stringify(Object.fromEntries(counts));
  console.info(`SYNC_SEED=${seed}: done ${told(done)}; refused ${told(refused)}`);
  for (const deed of ['dispatch', 'merge', 'order', 'close', 'check.score'])
    expect(done.get(deed), deed).toBeGreaterThan(0);
  expect(done.size).toBeGreaterThan(15);
  expect(refused.get('STATUS_CHANGED')).toBeGreaterThan(2);
});
