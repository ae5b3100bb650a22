import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { BROKEN_DECISIONS } from '#tests/support/sync/model/broken-decisions.ts';
import { BROKEN_RULES } from '#tests/support/sync/model/broken-rules.ts';
import { playDecidingShift } from '#tests/support/sync/model/deciding-shift.ts';
import { playShift } from '#tests/support/sync/model/model-shift.ts';
import { startTime, stopTime } from '#tests/support/sync/model/still-time.ts';

// Short batches: the next one travels while the one before it is on its way.
vi.mock('#shared/sync/protocol.ts', async (original) => ({ ...(await original<object>()), PUSH_MAX_OPS: 2 }));

const tempFolder = prepareTempFolders();
beforeEach(stopTime);
afterEach(startTime);

/** Minutes of one core, and never the same twice: played when asked for (FAULT_SHIFTS=1), not with every change. */
const IS_ASKED = process.env.FAULT_SHIFTS === '1';

/** Enough for each of them with its seed. */
const FAULTS = 200;
/** The same for decisions; a rule that nobody met in one shift is met in the next. */
const STEPS = 40;
const MOST_SHIFTS = 6;

test.skipIf(!IS_ASKED).each(BROKEN_RULES)('the simulation notices when this is broken: $rule', async (broken) => {
  const { breakIt, complaint, seed, disaster = 'none' } = broken;
  const plan = { seed: Number(process.env.SYNC_SEED ?? seed), folder: tempFolder(), faults: FAULTS, disaster };
  await expect(playShift({ ...plan, sabotage: breakIt })).rejects.toThrow(complaint);
});

test.skipIf(!IS_ASKED)('without that it has nothing to say', async () => {
  for (const disaster of ['none', 'disk-cloned', 'server-restored'] as const) {
    await playShift({ seed: 1, folder: tempFolder(), faults: FAULTS, disaster });
  }
});

test.skipIf(!IS_ASKED).each(BROKEN_DECISIONS)(
  'the simulation of decisions notices when this is broken: $rule',
  async ({ breakIt, complaint }) => {
    // Whichever of them meets in the first shifts: who decides what is drawn anew with the ids.
    const play = async () => {
      for (let seed = 1; seed <= MOST_SHIFTS; seed++) {
        await playDecidingShift({ seed, folder: tempFolder(), steps: STEPS, sabotage: breakIt });
      }
    };
    await expect(play()).rejects.toThrow(complaint);
  },
  300_000,
);
