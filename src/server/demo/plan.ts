import { DAY_MS, HOUR_MS, localTime, startOfDay } from './calendar.ts';
import type { Matter } from './matters.ts';
import { MONTH_PROFILES } from './matters.ts';
import { createRng, type Rng, weightedIndex } from './rng.ts';

export const PAST_DAYS = 730;
const MONTH_WEIGHT = [0.9, 0.78, 1, 1, 1.02, 1.12, 1.22, 1.14, 1.04, 0.92, 0.98, 1];
const WEEKDAY_WEIGHT = [0.74, 1.14, 1.08, 1.05, 1.04, 1.02, 0.82];
const HOUR_WEIGHT = [
  0.6, 0.4, 0.25, 0.2, 0.2, 0.4, 1, 2.2, 5, 8.2, 8.6, 7.4, 4.6, 4.8, 6.8, 7.6, 7.2, 5.6, 4.4, 4.2, 3.8, 3.2, 2.2, 1.2,
];
const SHARE_WITHOUT_CALLER = 0.04;
const SHARE_12350 = 0.015;
/** Share of 12350 callers who leave no name at all. */
const SHARE_ANONYMOUS_12350 = 0.35;
/** Visits per secret caller of 12350. */
const VISITS_12350 = 1.35;
/** One cluster to so many tickets. */
const TICKETS_PER_CLUSTER = 400;

/** With 31 bits of position a citizen's number has to fit into the rest of a double's 53. */
const MOST_CITIZENS = 2 ** 21;

/** The caller of a ticket who is not in the citizen records. */
export const NOBODY = -1;

/** A matter that hits many people at one place within days. */
export interface ClusterPlan {
  readonly matter: Matter;
  /** Ticket indexes, oldest first. */
  readonly members: readonly number[];
}

/** When, on which line and by whom each ticket is made; tickets are counted from the oldest. */
export interface DemoPlan {
  /** Epoch milliseconds, ascending. */
  readonly createdAt: Float64Array;
  /** 1 = line 12350. */
  readonly special: Uint8Array;
  /** Citizen index or {@link NOBODY}. */
  readonly caller: Int32Array;
  /** Cluster index or -1. */
  readonly cluster: Int16Array;
  readonly clusters: readonly ClusterPlan[];
  /** True for citizens who only call line 12350. Does not depend on `now`, like the order of the citizens. */
  isSecret(citizen: number): boolean;
}

/**
 * Plans the whole past of the centre. Who calls which ticket depends on the seed alone; times depend on `now` too.
 * @throws when the tickets cannot be shared out so that every citizen has between 1 and 30
 */
export function planCentre(
  seed: number,
  now: number,
  ticketCount: number,
  citizenCount: number,
  matters: readonly Matter[],
): DemoPlan {
  const rng = createRng(seed, 2);
  const special = new Uint8Array(ticketCount);
  const caller = new Int32Array(ticketCount);
  for (let i = 0; i < ticketCount; i++) {
    special[i] = rng.chance(SHARE_12350) ? 1 : 0;
    if (rng.chance(special[i] ? SHARE_ANONYMOUS_12350 : SHARE_WITHOUT_CALLER)) caller[i] = NOBODY;
  }
  const secret = assignCallers(rng, caller, special, citizenCount);
  const createdAt = drawTimes(createRng(seed, 3), now, ticketCount);
  const { cluster, clusters } = planClusters(createRng(seed, 4), createdAt, special, matters);
  return { createdAt, special, caller, cluster, clusters, isSecret: (citizen) => secret[citizen] === 1 };
}

/**
 * Gives every ticket that has a caller one of the citizens: most call once or twice, some 5 to 30 times, half of a
 * person's calls close together. Citizens are numbered by their first ticket.
 * @returns 1 for each citizen who calls 12350
 */
function assignCallers(rng: Rng, caller: Int32Array, special: Uint8Array, citizenCount: number): Uint8Array {
  const openTickets: [ordinary: number[], special: number[]] = [[], []];
  for (let i = 0; i < caller.length; i++) {
    if (caller[i] !== NOBODY) openTickets[special[i] ? 1 : 0].push(i);
  }
  const secretCount = Math.max(1, Math.round(openTickets[1].length / VISITS_12350));
  const ordinaryCount = citizenCount - secretCount;
  const visit = (tickets: readonly number[], counts: readonly number[], firstCitizen: number) => {
    // Position in the two years and citizen packed into one number: sorting a typed array is quick.
    const visits = new Float64Array(tickets.length);
    let filled = 0;
    for (const [i, count] of counts.entries()) {
      const centre = rng.next();
      for (let k = 0; k < count; k++) {
        const near = k > 0 && rng.chance(0.5);
        const position = near ? Math.min(0.999999, Math.max(0, centre + (rng.next() - 0.5) * 0.06)) : rng.next();
        visits[filled++] = Math.floor((k === 0 ? centre : position) * 2 ** 31) * MOST_CITIZENS + firstCitizen + i;
      }
    }
    visits.sort();
    for (const [k, ticket] of tickets.entries()) caller[ticket] = (visits[k] ?? 0) % MOST_CITIZENS;
  };
  visit(openTickets[0], drawVisitCounts(rng, ordinaryCount, openTickets[0].length), 0);
  visit(openTickets[1], drawVisitCounts(rng, secretCount, openTickets[1].length, [1, 1, 1, 2]), ordinaryCount);
  return numberByFirstTicket(caller, citizenCount, (citizen) => citizen >= ordinaryCount);
}

/** Renumbers the citizens in place so that they ascend with their first tickets. */
function numberByFirstTicket(caller: Int32Array, citizenCount: number, isSecret: (old: number) => boolean): Uint8Array {
  const numberOf = new Int32Array(citizenCount).fill(-1);
  const secret = new Uint8Array(citizenCount);
  let next = 0;
  for (let i = 0; i < caller.length; i++) {
    const old = caller[i] ?? NOBODY;
    if (old === NOBODY) continue;
    if (numberOf[old] === -1) {
      secret[next] = isSecret(old) ? 1 : 0;
      numberOf[old] = next++;
    }
    caller[i] = numberOf[old] ?? NOBODY;
  }
  if (next !== citizenCount) throw new Error(`Only ${next} of ${citizenCount} citizens have a ticket`);
  return secret;
}

const VISIT_CLASSES = weightedIndex([48, 21, 12, 8.5, 6.5, 2.8, 1.2]);
const VISIT_RANGES = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 5],
  [6, 9],
  [10, 16],
  [17, 29],
] as const;

/** How often each citizen calls; the sum is exactly `total`. */
function drawVisitCounts(rng: Rng, citizens: number, total: number, choices?: readonly number[]): readonly number[] {
  if (total < citizens || total > 30 * citizens) throw new Error(`${total} tickets do not suit ${citizens} citizens`);
  let sum = 0;
  const counts = Array.from({ length: citizens }, () => {
    const [from, to] = VISIT_RANGES[VISIT_CLASSES.draw(rng)] ?? [1, 1];
    const count = choices ? rng.pick(choices) : rng.between(from, to);
    sum += count;
    return count;
  });
  while (sum !== total) {
    const i = rng.int(citizens);
    const count = counts[i] ?? 1;
    const step = Math.sign(total - sum);
    if (count + step < 1 || count + step > 30) continue;
    counts[i] = count + step;
    sum += step;
  }
  return counts;
}

/** Times of the tickets by season, weekday, hour and the ups and downs of single days; all before `now`. */
function drawTimes(rng: Rng, now: number, count: number): Float64Array {
  const begin = startOfDay(now) - PAST_DAYS * DAY_MS;
  const last = now - 5 * 60_000;
  const hours = Math.ceil((last - begin) / HOUR_MS);
  const sums = new Float64Array(hours + 1);
  let dayWeight = 0;
  for (let hour = 0; hour < hours; hour++) {
    if (hour % 24 === 0) {
      const { month, weekday } = localTime(begin + hour * HOUR_MS);
      const growth = 0.85 + (0.3 * hour) / hours;
      dayWeight = (MONTH_WEIGHT[month - 1] ?? 1) * (WEEKDAY_WEIGHT[weekday] ?? 1) * growth * (0.85 + rng.next() * 0.3);
    }
    const part = Math.min(1, (last - begin) / HOUR_MS - hour);
    sums[hour + 1] = (sums[hour] ?? 0) + dayWeight * (HOUR_WEIGHT[hour % 24] ?? 1) * part;
  }
  const total = sums[hours] ?? 0;
  const targets = new Float64Array(count);
  for (let i = 0; i < count; i++) targets[i] = rng.next() * total;
  targets.sort();
  let hour = 0;
  return targets.map((target) => {
    while (hour < hours - 1 && (sums[hour + 1] ?? 0) <= target) hour++;
    const low = sums[hour] ?? 0;
    const share = (target - low) / ((sums[hour + 1] ?? 0) - low);
    return Math.min(last, Math.round(begin + (hour + share) * HOUR_MS));
  });
}

/** Chooses tickets that speak of one matter at one place within a few days. */
function planClusters(rng: Rng, createdAt: Float64Array, special: Uint8Array, matters: readonly Matter[]) {
  const candidates = matters.filter((matter) => matter.cluster);
  const byMonth = Array.from({ length: 12 }, (_, month) =>
    weightedIndex(candidates.map((m) => (m.cluster?.weight ?? 0) * (MONTH_PROFILES[m.months][month] ?? 1))),
  );
  const cluster = new Int16Array(createdAt.length).fill(-1);
  const clusters: ClusterPlan[] = [];
  const end = createdAt.at(-1) ?? 0;
  const count = Math.floor(createdAt.length / TICKETS_PER_CLUSTER);
  for (let id = 0; id < count; id++) {
    // The last three begin within the last days, so that a fresh centre has something going on.
    const recent = id >= count - 3;
    let at = recent ? indexAt(createdAt, end - (6 - (count - id)) * 0.8 * DAY_MS) : rng.int(createdAt.length);
    const { month } = localTime(createdAt[at] ?? 0);
    const matter = candidates[byMonth[month - 1]?.draw(rng) ?? 0];
    if (!matter?.cluster) continue;
    const { size, days } = matter.cluster;
    const wanted = rng.between(size[0], size[1]);
    const until = (createdAt[at] ?? 0) + (days[0] + rng.next() * (days[1] - days[0])) * DAY_MS;
    const span = Math.max(wanted, indexAt(createdAt, until) - at);
    const members: number[] = [];
    for (; members.length < wanted && at < createdAt.length; at += 1 + rng.int(Math.ceil((1.6 * span) / wanted))) {
      if (cluster[at] !== -1 || special[at]) continue;
      cluster[at] = clusters.length;
      members.push(at);
    }
    clusters.push({ matter, members });
  }
  return { cluster, clusters };
}

/** First ticket at or after a moment. */
function indexAt(createdAt: Float64Array, at: number): number {
  let low = 0;
  let high = createdAt.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((createdAt[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
