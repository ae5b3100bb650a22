import type { SeatDay, SeatPosition, SeatState } from '#shared/domain/board/seat-report.ts';
import { QUICK_ANSWER_MS } from '#shared/domain/board/seat-report.ts';
import { DAY_MS, dayOf, HOUR_MS, startOfDay } from '#shared/domain/clock/beijing-day.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Rng } from '../rng.ts';

/** How long each state lasts, in seconds: believable in a demo, where somebody looks for some minutes. */
const SPANS: Readonly<
  Record<'ready' | 'ringing' | 'talking' | 'held' | 'wrap-up' | 'busy' | 'break', readonly [number, number]>
> = {
  ready: [5, 60],
  ringing: [3, 14],
  talking: [40, 210],
  held: [8, 30],
  'wrap-up': [15, 60],
  busy: [60, 300],
  break: [240, 1_020],
};
const CHANCE = { missed: 0.04, slow: 0.05, held: 0.2, break: 0.04, busy: 0.05, waiting: 0.35, special: 0.1 } as const;
/** Before the day begins nobody has taken a call; later one about every so often. */
const DAY_BEGINS_MS = 8 * HOUR_MS;
const CALL_EVERY_MS = 6 * 60_000;

type Doing = Extract<SeatPosition, keyof typeof SPANS>;

/** An agent who takes calls one after the other, with a break now and then. Nothing of it is a real call, and no ticket comes of it. */
export class SimulatedSeat {
  readonly #rng: Rng;
  readonly #lines: readonly Line[];
  readonly #pace: number;
  #doing: Doing = 'ready';
  #since: number;
  #until: number;
  #call: { readonly line: Line; readonly since: number } | null = null;
  #waiting: { readonly since: number; readonly until: number } | null = null;
  #day: number;
  #counts = new Map<Line, Omit<SeatDay, 'day' | 'line'>>();

  /** @param pace makes all times shorter, for tests */
  constructor(rng: Rng, lines: readonly Line[], now: number, pace = 1) {
    this.#rng = rng;
    this.#lines = lines;
    this.#pace = pace;
    this.#since = now;
    this.#until = now + this.#span('ready');
    this.#day = dayOf(now);
    this.#takeMorning(now);
  }

  /** Goes on to the moment. @returns whether the seat is in another state than before */
  moveTo(now: number): boolean {
    if (dayOf(now) !== this.#day) {
      this.#day = dayOf(now);
      this.#counts = new Map();
    }
    let hasChanged = false;
    if (this.#waiting && now >= this.#waiting.until) {
      this.#waiting = null;
      hasChanged = true;
    }
    while (now >= this.#until) {
      this.#goOn();
      hasChanged = true;
    }
    return hasChanged;
  }

  state(now: number): SeatState {
    const doing = this.#doing;
    return {
      position: doing,
      reason: doing === 'break' ? 'meal' : doing === 'busy' ? 'paperwork' : null,
      forMs: Math.max(0, now - this.#since),
      call: this.#call && { line: this.#call.line, forMs: Math.max(0, now - this.#call.since) },
      waiting: this.#waiting ? [{ line: '12345', count: 1, longestMs: Math.max(0, now - this.#waiting.since) }] : [],
    };
  }

  days(): readonly SeatDay[] {
    const day = new Date(this.#day * DAY_MS).toISOString().slice(0, 10);
    return [...this.#counts].map(([line, counts]) => ({ day, line, ...counts }));
  }

  #goOn(): void {
    const at = this.#until;
    if (this.#doing === 'ready') this.#leaveReady(at);
    else if (this.#doing === 'ringing') this.#answer(at);
    else if (this.#doing === 'talking' && this.#rng.chance(CHANCE.held)) this.#enter('held', at);
    else if (this.#doing === 'talking' || this.#doing === 'held') this.#hangUp(at);
    else this.#enter('ready', at);
  }

  #leaveReady(at: number): void {
    if (this.#rng.chance(CHANCE.break)) this.#enter('break', at);
    else if (this.#rng.chance(CHANCE.busy)) this.#enter('busy', at);
    else this.#ring(at);
  }

  #ring(at: number): void {
    const line = this.#rng.chance(CHANCE.special) ? (this.#lines.at(-1) ?? '12345') : '12345';
    this.#call = { line, since: at };
    this.#enter('ringing', at);
  }

  #answer(at: number): void {
    const { line, since } = this.#call ?? { line: '12345' as const, since: at };
    const isMissed = this.#rng.chance(CHANCE.missed);
    this.#count(
      line,
      isMissed ? null : (at - since) / this.#pace + (this.#rng.chance(CHANCE.slow) ? QUICK_ANSWER_MS : 0),
    );
    if (isMissed) this.#call = null;
    this.#enter(isMissed ? 'ready' : 'talking', at);
    if (!isMissed && this.#rng.chance(CHANCE.waiting)) {
      this.#waiting = { since: at, until: at + Math.round(this.#rng.between(5_000, 50_000) * this.#pace) };
    }
  }

  #hangUp(at: number): void {
    this.#call = null;
    this.#enter('wrap-up', at);
  }

  #enter(doing: Doing, at: number): void {
    this.#doing = doing;
    this.#since = at;
    this.#until = at + this.#span(doing);
  }

  #span(doing: Doing): number {
    const [from, to] = SPANS[doing];
    return Math.max(1, Math.round(this.#rng.between(from * 1_000, to * 1_000) * this.#pace));
  }

  #count(line: Line, waitMs: number | null): void {
    const known = this.#counts.get(line) ?? { offered: 0, answered: 0, answeredQuickly: 0, waitMs: 0 };
    this.#counts.set(line, {
      offered: known.offered + 1,
      answered: known.answered + (waitMs === null ? 0 : 1),
      answeredQuickly: known.answeredQuickly + (waitMs !== null && waitMs <= QUICK_ANSWER_MS ? 1 : 0),
      waitMs: known.waitMs + Math.round(waitMs ?? 0),
    });
  }

  /** The calls of the shift so far: a demo that is opened in the afternoon has had a morning. */
  #takeMorning(now: number): void {
    const passed = now - startOfDay(this.#day) - DAY_BEGINS_MS;
    for (let calls = Math.floor(passed / CALL_EVERY_MS); calls > 0; calls--) {
      const line = this.#rng.chance(CHANCE.special) ? (this.#lines.at(-1) ?? '12345') : '12345';
      const wait = this.#rng.between(3_000, 14_000) + (this.#rng.chance(CHANCE.slow) ? QUICK_ANSWER_MS : 0);
      this.#count(line, this.#rng.chance(CHANCE.missed) ? null : wait);
    }
  }
}
