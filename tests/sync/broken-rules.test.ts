import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { breakable, mendFunctions } from '#tests/support/sync/model/breakable.ts';
import { BROKEN_DECISIONS } from '#tests/support/sync/model/broken-decisions.ts';
import { BROKEN_RECOVERY } from '#tests/support/sync/model/broken-recovery.ts';
import { BROKEN_RULES } from '#tests/support/sync/model/broken-rules.ts';
import { playDecidingShift } from '#tests/support/sync/model/deciding-shift.ts';
import { playShift } from '#tests/support/sync/model/model-shift.ts';
import { startTime, stopTime } from '#tests/support/sync/model/still-time.ts';

// Short batches: the next one travels while the one before it is on its way.
vi.mock('#shared/sync/protocol.ts', async (original) => ({ ...(await original<object>()), PUSH_MAX_OPS: 2 }));
// A console that was cut off in the middle of its segments goes on with segments.
vi.mock('#shared/sync/segments.ts', async (original) => ({ ...(await original<object>()), SEGMENT_MAX_CHANGES: 100 }));
// Functions of the console that are broken below, one at a time.
vi.mock(import('#main/data/services/recover-ops.service.ts'), async (original) =>
  breakable(await original(), 'recoverOps'),
);
vi.mock(import('#main/data/sync/remove-rows.ts'), async (original) =>
  breakable(await original(), 'isMassDelete', 'sweepScope'),
);
vi.mock(import('#main/data/repositories/held-delete.repository.ts'), async (original) =>
  breakable(await original(), 'holdDelete'),
);
vi.mock(import('#main/data/repositories/scope.repository.ts'), async (original) =>
  breakable(await original(), 'parkRow', 'saveScope'),
);
vi.mock(import('#main/data/repositories/scope-rows.repository.ts'), async (original) =>
  breakable(await original(), 'markAsCome'),
);
vi.mock(import('#main/data/sync/segments/segment-content.ts'), async (original) =>
  breakable(await original(), 'unpackSegment'),
);

const tempFolder = prepareTempFolders();
beforeEach(stopTime);
afterEach(() => {
  mendFunctions();
  startTime();
});

/** Of a shift; who meets what is drawn anew with the ids, so a rule that nobody met in one shift is met in the next. */
const FAULTS = 200;
/** The same for decisions. */
const STEPS = 40;
const MOST_SHIFTS = 20;
const first = Number(process.env.SYNC_SEED ?? 1);
const SEEDS = Array.from({ length: MOST_SHIFTS }, (_, index) => first + index);
/** People who decide meet less often in what one of them must not do: some rules are met in one shift of five. */
const MOST_DECIDING_SHIFTS = 60;
const DECIDING_SEEDS = Array.from({ length: MOST_DECIDING_SHIFTS }, (_, index) => 199 + first + index);

test.each([...BROKEN_RULES, ...BROKEN_RECOVERY])(
  'the simulation notices when this is broken: $rule',
  async ({ breakIt, complaint, disaster = 'none' }) => {
    const play = async () => {
      for (const seed of SEEDS) {
        await playShift({ seed, folder: tempFolder(), faults: FAULTS, disaster, sabotage: breakIt });
        // The next shift begins whole.
        startTime();
        stopTime();
      }
    };
    await expect(play()).rejects.toThrow(complaint);
  },
  300_000,
);

test('without that it has nothing to say', async () => {
  for (const disaster of ['none', 'disk-cloned', 'server-restored', 'cache-lost'] as const) {
    await playShift({ seed: 1, folder: tempFolder(), faults: FAULTS, disaster });
  }
});

test.each(BROKEN_DECISIONS)(
  'the simulation of decisions notices when this is broken: $rule',
  async ({ breakIt, complaint }) => {
    const play = async () => {
      for (const seed of DECIDING_SEEDS) {
        await playDecidingShift({ seed, folder: tempFolder(), steps: STEPS, sabotage: breakIt });
      }
    };
    await expect(play()).rejects.toThrow(complaint);
  },
  300_000,
);
