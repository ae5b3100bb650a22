import { describe, expect, it } from 'vitest';
import { decideRestart, NO_RESTARTS, type RestartHistory } from '#main/host/restart-policy.ts';

/** Plays ends of the data process one after the other; each number is how long it had worked, null = never got ready. */
function play(runs: readonly (number | null)[]): (number | 'give-up')[] {
  let history: RestartHistory = NO_RESTARTS;
  const delays: (number | 'give-up')[] = [];
  for (const ranMs of runs) {
    const decision = decideRestart(history, ranMs);
    if (decision.kind === 'give-up') return [...delays, 'give-up'];
    delays.push(decision.delayMs);
    history = decision.history;
  }
  return delays;
}

describe('after the data process ended unasked', () => {
  it('one that had worked starts again at once, however often', () => {
    expect(play(Array<number>(50).fill(2_000))).toEqual(Array<number>(50).fill(0));
  });

  it('one that fails at its start is tried more and more slowly, then given up', () => {
    expect(play([null, null, null, null, null])).toEqual([100, 200, 400, 800, 'give-up']);
  });

  it('one that dies right after its start counts as failing at its start', () => {
    expect(play([5, 20, 0, null, 999])).toEqual([100, 200, 400, 800, 'give-up']);
  });

  it('a run that lasted wipes the slate', () => {
    expect(play([null, null, null, 60_000, null])).toEqual([100, 200, 400, 0, 100]);
  });
});
