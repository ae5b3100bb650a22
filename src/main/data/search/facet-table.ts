import { FACETS, type Facet, FacetColumns, type Facets } from './facet-columns.ts';
import { lowerBound } from './number-list.ts';

/** Which dictionary numbers a filter lets through; null = all. Times in seconds, `to` not included. */
export type FacetFilter = Readonly<Record<Facet, ReadonlySet<number> | null>> & {
  readonly from: number | null;
  readonly to: number | null;
};

/** What one column has to hold: one of the allowed values, or a value inside a span. */
interface Condition {
  readonly facet: Facet | 'at';
  readonly values: ReadonlySet<number>;
  readonly column: Uint32Array;
  readonly allowed: Uint8Array | null;
  readonly from: number;
  readonly to: number;
  /** Rows that meet it, or a few more. */
  readonly rows: number;
}

/** A condition that is one of the facets, so that there are lists of what meets it. */
type ListedCondition = Condition & { readonly facet: Facet };

/** Numbers of matching tickets, the highest first; `isAll` when there are no others. */
export interface Collected {
  readonly numbers: readonly number[];
  readonly isAll: boolean;
}

/** Looking one number of a list up costs as much as so many rows of a walk. */
const LIST_COST = 8;
/** Rows of a walk that all matching tickets of a filter may cost. */
const MOST_FOR_ALL = 48_000;
/** Rows looked at together. */
const STRETCH = 4_096;

function meets({ column, allowed, from, to }: Condition, place: number): boolean {
  const value = column[place] ?? 0;
  return allowed ? allowed[value] === 1 : value >= from && value < to;
}

function meetsAll(conditions: readonly Condition[], place: number): boolean {
  for (const condition of conditions) if (!meets(condition, place)) return false;
  return true;
}

/** Writes the places of a stretch that meet a condition, the last first. @returns how many there are */
function scan({ column, allowed, from, to }: Condition, start: number, end: number, places: Uint32Array): number {
  let kept = 0;
  for (let place = end - 1; place >= start; place--) {
    const value = column[place] ?? 0;
    if (allowed ? allowed[value] === 1 : value >= from && value < to) places[kept++] = place;
  }
  return kept;
}

/** Every ticket that matches a filter, the newest first. */
export interface AllMatching {
  readonly numbers: readonly number[];
  /** Rows from the newest of them to the oldest. */
  readonly rows: number;
  /** Rows that are newer than all of them. */
  readonly newer: number;
}

/**
 * Filters all indexed tickets in memory. What few tickets have is read off the list of the rarest value; what many have is soon found
 * by a walk from the newest ticket on; days are found by the times of whole blocks.
 */
export class FacetTable {
  readonly #rows = new FacetColumns();

  /** Rows in the table. */
  get size(): number {
    return this.#rows.size;
  }

  /** Enters a row or replaces it. */
  set(number: number, facets: Facets): void {
    this.#rows.set(number, facets);
  }

  /** Numbers of matching tickets up to `below`, the highest first, at most `most`. */
  collect(filter: FacetFilter, most: number, below = Number.MAX_SAFE_INTEGER): Collected {
    this.#rows.merge();
    const conditions = this.#conditionsOf(filter);
    const listed = rarestList(conditions);
    const isQuicker = listed !== null && listed.rows * LIST_COST < this.#walkedRows(conditions, most);
    return isQuicker ? this.#collectListed(listed, conditions, most, below) : this.#walk(conditions, most, below);
  }

  /** All matching tickets, the newest first; null when they are many or hard to find. */
  all(filter: FacetFilter): AllMatching | null {
    this.#rows.merge();
    const conditions = this.#conditionsOf(filter);
    const listed = rarestList(conditions);
    const cost = Math.min((listed?.rows ?? Infinity) * LIST_COST, this.#walkedRows(conditions, Infinity));
    if (cost > MOST_FOR_ALL) return null;
    const { numbers } = this.collect(filter, Infinity);
    const newest = this.#rows.placeOf(numbers[0] ?? 0);
    const rows = newest - this.#rows.placeOf(numbers.at(-1) ?? 0) + 1;
    return { numbers, rows, newer: this.#rows.placeOf(Number.MAX_SAFE_INTEGER) - 1 - newest };
  }

  /** Share of the rows (0–1) that is guessed to match: as if no value had to do with another. */
  share(filter: FacetFilter): number {
    return this.#shareOf(this.#conditionsOf(filter));
  }

  /** A test of single tickets, quick when asked in falling order; false for a ticket that is not in the table. */
  tester(filter: FacetFilter): (number: number) => boolean {
    this.#rows.merge();
    const conditions = this.#conditionsOf(filter);
    const placeOf = this.#placeFinder();
    return (number) => {
      const place = placeOf(number);
      return place >= 0 && meetsAll(conditions, place);
    };
  }

  /** Dictionary numbers that some ticket has in a column. */
  used(facet: Facet): ReadonlySet<number> {
    this.#rows.merge();
    const column = this.#rows.column(facet);
    return new Set(
      this.#rows.values(facet).filter((value) => {
        const placeOf = this.#placeFinder();
        return this.#rows.having(facet, value).findLast((number) => column[placeOf(number)] === value) !== undefined;
      }),
    );
  }

  /** What a filter asks of the columns, the rarest first. */
  #conditionsOf(filter: FacetFilter): readonly Condition[] {
    const conditions: Condition[] = [];
    for (const facet of FACETS) {
      const values = filter[facet];
      if (!values) continue;
      const allowed = new Uint8Array(Math.max(0, ...values) + 1);
      let rows = 0;
      for (const value of values) {
        allowed[value] = 1;
        rows += this.#rows.count(facet, value);
      }
      conditions.push({ facet, values, column: this.#rows.column(facet), allowed, from: 0, to: 0, rows });
    }
    if (filter.from !== null || filter.to !== null) {
      const [from, to] = [filter.from ?? 0, filter.to ?? Number.MAX_SAFE_INTEGER];
      let rows = 0;
      this.#eachBlock(Number.MAX_SAFE_INTEGER, from, to, (start, end) => {
        rows += end - start;
        return true;
      });
      const column = this.#rows.column('at');
      conditions.push({ facet: 'at', values: new Set(), column, allowed: null, from, to, rows });
    }
    return conditions.sort((a, b) => a.rows - b.rows);
  }

  #shareOf(conditions: readonly Condition[]): number {
    const size = Math.max(1, this.#rows.size);
    return conditions.reduce((product, { rows }) => product * Math.min(1, rows / size), 1);
  }

  /** Rows that a walk looks at before it has found enough. */
  #walkedRows(conditions: readonly Condition[], most: number): number {
    const timed = conditions.find(({ facet }) => facet === 'at')?.rows ?? this.#rows.size;
    return Math.min(timed, most / Math.max(this.#shareOf(conditions), Number.EPSILON));
  }

  #collectListed(listed: ListedCondition, conditions: readonly Condition[], most: number, below: number): Collected {
    const { facet, values, column } = listed;
    const others = conditions.filter((condition) => condition !== listed);
    const found: number[] = [];
    // Of several lists each may have the newest tickets.
    const enough = values.size === 1 ? most + 1 : Infinity;
    for (const value of values) {
      const numbers = this.#rows.having(facet, value);
      const placeOf = this.#placeFinder();
      for (let i = lowerBound(numbers, below + 1, 0, numbers.length) - 1; i >= 0 && found.length < enough; i--) {
        const number = numbers[i] ?? 0;
        const place = placeOf(number);
        if (place < 0 || column[place] !== value) continue;
        if (meetsAll(others, place)) found.push(number);
      }
    }
    if (values.size > 1) found.sort((a, b) => b - a);
    return { numbers: found.length > most ? found.slice(0, most) : found, isAll: found.length <= most };
  }

  #walk(conditions: readonly Condition[], most: number, below: number): Collected {
    const timed = conditions.find(({ facet }) => facet === 'at');
    const [first, ...others] = conditions;
    const numbers = this.#rows.column('number');
    const found: number[] = [];
    const places = new Uint32Array(STRETCH);
    const isThrough = this.#eachBlock(below, timed?.from ?? 0, timed?.to ?? Number.MAX_SAFE_INTEGER, (start, end) => {
      const count = first ? scan(first, start, end, places) : end - start;
      for (let i = 0; i < count; i++) {
        const place = first ? (places[i] ?? 0) : end - 1 - i;
        if (!meetsAll(others, place)) continue;
        if (found.length === most) return false;
        found.push(numbers[place] ?? 0);
      }
      return true;
    });
    return { numbers: found, isAll: isThrough };
  }

  /** Goes through the blocks that may hold a time, the newest first, as long as `look` says true. @returns whether all were seen */
  #eachBlock(below: number, from: number, to: number, look: (start: number, end: number) => boolean): boolean {
    for (let end = this.#rows.placeOf(below + 1); end > this.#rows.start; ) {
      const { start, mayHold } = this.#rows.block(end - 1, from, to);
      if (mayHold && !look(start, end)) return false;
      end = start;
    }
    return true;
  }

  /** Finds places of numbers, quick when asked in falling order; -1 for a number that is not in the table. */
  #placeFinder(): (number: number) => number {
    const numbers = this.#rows.column('number');
    const { start, end } = this.#rows;
    let top = end;
    return (number) => {
      if (top === start || (numbers[top - 1] ?? 0) < number) top = end;
      // Most numbers follow each other without a gap.
      const near = top - 1 - ((numbers[top - 1] ?? 0) - number);
      if (near >= start && numbers[near] === number) {
        top = near + 1;
        return near;
      }
      let step = 1;
      while (top - step >= start && (numbers[top - step] ?? 0) > number) step *= 2;
      const place = lowerBound(numbers, number, Math.max(start, top - step), top - (step >> 1));
      top = Math.min(end, place + 1);
      return place < end && numbers[place] === number ? place : -1;
    };
  }
}

/** The condition whose lists are shortest; times have none. */
function rarestList(conditions: readonly Condition[]): ListedCondition | null {
  return conditions.find((condition): condition is ListedCondition => condition.facet !== 'at') ?? null;
}
