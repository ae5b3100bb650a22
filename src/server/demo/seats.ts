import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import type { Line } from '#shared/domain/roles.ts';
import { formatProvisionalNo } from '#shared/domain/ticket-number.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { localTime } from './calendar.ts';
import type { Names } from './names.ts';
import type { Rng } from './rng.ts';

/** A seat of the demo centre and who sits there. */
export interface Seat {
  readonly seat: string;
  readonly name: string;
  readonly userId: UserId | null;
}

export interface Seats {
  pick(rng: Rng, line: Line): Seat;
  /** 暂编号; a seat's numbers of one calendar day run on through the years, so that none comes twice. */
  provisionalNo(seat: Seat, at: number): string;
}

const FIRST_SEAT = 1001;

/**
 * The agents of people.json on seats 1001, 1002 …; those of the demo accounts hold the accounts' seats and names.
 * @param userIds ids of existing accounts by seat
 */
export function createSeats(names: Names, userIds: ReadonlyMap<string, UserId>): Seats {
  const taken = new Set(DEMO_ACCOUNTS.map(({ seat }) => seat));
  const accounts = DEMO_ACCOUNTS.filter(({ role }) => role === 'agent' || role === 'lead');
  const accountNames = new Set(accounts.map(({ name }) => name));
  const others: Seat[] = [];
  let next = FIRST_SEAT;
  for (const name of names.agents) {
    if (accountNames.has(name)) continue;
    while (taken.has(String(next))) next++;
    others.push({ seat: String(next++), name, userId: null });
  }
  const held = accounts.map(({ seat, name, lines }) => ({ seat, name, lines, userId: userIds.get(seat) ?? null }));
  // 班长 take few calls; the two agents of the accounts work like everybody else.
  const ordinary: readonly Seat[] = [...held.filter(({ seat }) => seat < '2000'), ...others];
  const special: readonly Seat[] = [...held.filter(({ lines }) => lines.includes('12350')), ...others.slice(0, 2)];
  const running = new Map<number, number>();
  return {
    pick: (rng, line) => rng.pick(line === '12350' ? special : ordinary),
    provisionalNo: ({ seat }, at) => {
      const { month, day } = localTime(at);
      const key = (Number(seat) * 12 + month) * 31 + day;
      const number = (running.get(key) ?? 0) + 1;
      running.set(key, number);
      return formatProvisionalNo(seat, at, number);
    },
  };
}
