import type pg from 'pg';
import type { Board } from '#shared/contract/board.contract.ts';
import type { Accepted, Figure } from '#shared/domain/board/board.ts';
import { type AlarmFacts, criticalAllowedMs, findAlarms } from '#shared/domain/board/board-alarms.ts';
import { seesBoard } from '#shared/domain/board/seat-report.ts';
import { shippedBoardRules } from '#shared/domain/board/shipped-board-rules.ts';
import { DAY_MS, dayOf, startOfDay } from '#shared/domain/clock/beijing-day.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Actor } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import { readTicketFacts } from './board-alarm-facts.ts';
import { type FigureScope, readFigures } from './board-figures.ts';
import { readSeats } from './board-seats.ts';

/** Figures are counted anew this often at most, however many watch the board; seats are read every time. */
const COUNT_EVERY_MS = 5_000;
/** Groups of lines somebody watches: each centre has a handful. */
const MOST_GROUPS = 500;

type Counted = Pick<AlarmFacts, 'critical' | 'overdueOrders' | 'newOverdue'> & {
  readonly figures: readonly Figure[];
  readonly accepted: Accepted;
};

/** Reads boards (值班看板) for one server process. */
export class BoardReader {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #counted = new Map<string, { readonly at: number; readonly counted: Promise<Counted> }>();

  constructor(pool: pg.Pool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** The board of the reader's centre and lines. @throws ServiceError FORBIDDEN for roles that do not watch it */
  async read(actor: Actor): Promise<Board> {
    if (!seesBoard(actor.role)) throw new ServiceError('FORBIDDEN');
    const now = this.#clock.now();
    const dayStart = startOfDay(dayOf(now));
    const day = new Date(dayOf(now) * DAY_MS).toISOString().slice(0, 10);
    const { centre, lines } = actor;
    const [{ seats, waiting }, { figures, accepted, ...tickets }] = await Promise.all([
      readSeats(this.#pool, actor, now),
      this.#count({ centre, lines: lines.toSorted(), dayStart, day, now }),
    ]);
    const alarms = findAlarms(shippedBoardRules(), { now, seats, waiting, ...tickets });
    return { asOf: now, seats, waiting, dayStart, figures: [...figures], accepted, alarms: [...alarms] };
  }

  #count(scope: FigureScope): Promise<Counted> {
    const key = `${scope.centre} ${scope.lines.join(' ')} ${scope.day}`;
    const known = this.#counted.get(key);
    if (known && scope.now - known.at < COUNT_EVERY_MS) return known.counted;
    const counted = this.#countAnew(scope);
    this.#counted.set(key, { at: scope.now, counted });
    // A question that failed is asked again.
    counted.catch(() => this.#counted.delete(key));
    if (this.#counted.size > MOST_GROUPS) this.#counted.clear();
    return counted;
  }

  async #countAnew(scope: FigureScope): Promise<Counted> {
    const counted = await readFigures(this.#pool, scope, shippedClockRules());
    return { ...counted, ...(await readTicketFacts(this.#pool, scope, criticalAllowedMs(shippedBoardRules()))) };
  }
}
