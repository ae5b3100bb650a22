import type { Clock } from '#shared/kernel/clock.ts';
import { ServiceError } from '../service-error.ts';

/** So many requests at once, and from then on so many a second. */
interface Rule {
  readonly burst: number;
  readonly perSecond: number;
}

const RULES = {
  /** One address that shows no key: the phones of an office share one. */
  open311Address: { burst: 120, perSecond: 2 },
  open311Key: { burst: 300, perSecond: 5 },
  /** A platform works for all units of a district. */
  unitKey: { burst: 600, perSecond: 10 },
  /** Changes of a seat are told a second apart at most, and calls do not begin and end that often. */
  seatReport: { burst: 60, perSecond: 0.5 },
  /** The board is asked for every few seconds while somebody looks at it. */
  board: { burst: 30, perSecond: 1 },
} as const satisfies Record<string, Rule>;

/** Whoever asked longest ago is forgotten first. */
const MOST_KNOWN = 20_000;

interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** Limits on the requests of other systems and on those that consoles repeat by themselves, by key, console or address, of one server process. */
export class RequestLimits {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a request. @throws ServiceError RATE_LIMITED with the wait */
  take(rule: keyof typeof RULES, who: string): void {
    const { burst, perSecond } = RULES[rule];
    const name = `${rule} ${who}`;
    const now = this.#clock.now();
    const known = this.#buckets.get(name) ?? { left: burst, at: now };
    const left = Math.min(burst, known.left + (Math.max(0, now - known.at) / 1_000) * perSecond);
    const isTaken = left >= 1;
    this.#buckets.delete(name);
    this.#buckets.set(name, { left: isTaken ? left - 1 : left, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST_KNOWN && oldest !== undefined) this.#buckets.delete(oldest);
    if (!isTaken) throw new ServiceError('RATE_LIMITED', undefined, ((1 - left) / perSecond) * 1_000);
  }
}
