import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PacedPokes } from '#server/http/paced-pokes.ts';
import type { Poke } from '#server/sync/pokes.ts';

const TICKETS = '320100:tickets:12345';
const CITIZENS = '320100:citizens';
const SEAT = '320100:seat:1001';

let told: Poke[];
let pokes: PacedPokes;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  pokes = new PacedPokes({
    write: (poke) => void told.push(poke),
    isUrgent: (scope) => scope === SEAT,
    random: () => 0.5,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what a console is told of changes', () => {
  it('hears of the first change at once', () => {
    pokes.add([{ scope: TICKETS, seq: 7 }]);
    expect(told).toEqual([{ scope: TICKETS, seq: 7 }]);
  });

  it('hears at once of everything that one commit changed', () => {
    pokes.add([
      { scope: TICKETS, seq: 7 },
      { scope: CITIZENS, seq: 2 },
    ]);
    expect(told).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(2);
  });

  it('hears of what follows within five seconds once for each scope, with its newest seq', () => {
    pokes.add([{ scope: TICKETS, seq: 1 }]);
    for (let seq = 2; seq <= 600; seq++) pokes.add([{ scope: TICKETS, seq }]);
    pokes.add([{ scope: CITIZENS, seq: 3 }]);
    pokes.add([{ scope: TICKETS, seq: 599 }]);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(5_000);
    expect(told.slice(1)).toEqual([
      { scope: TICKETS, seq: 600 },
      { scope: CITIZENS, seq: 3 },
    ]);
  });

  it('is told again and again while changes go on, and at once after a rest', () => {
    for (let second = 0; second < 20; second++) {
      pokes.add([{ scope: TICKETS, seq: second + 1 }]);
      vi.advanceTimersByTime(1_000);
    }
    expect(told.map(({ seq }) => seq)).toEqual([1, 5, 10, 15, 20]);
    vi.advanceTimersByTime(10_000);
    pokes.add([{ scope: TICKETS, seq: 99 }]);
    expect(told.at(-1)).toEqual({ scope: TICKETS, seq: 99 });
  });

  it('hears of what is for its own seat at once, with everything that waited', () => {
    pokes.add([{ scope: TICKETS, seq: 1 }]);
    pokes.add([{ scope: TICKETS, seq: 2 }]);
    pokes.add([{ scope: SEAT, seq: 1 }]);
    expect(told.slice(1)).toEqual([
      { scope: TICKETS, seq: 2 },
      { scope: SEAT, seq: 1 },
    ]);
  });

  it('hears nothing after its stream ended', () => {
    pokes.add([{ scope: TICKETS, seq: 1 }]);
    pokes.add([{ scope: TICKETS, seq: 2 }]);
    pokes.close();
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(1);
  });
});
