/** Columns of the table: what a ticket can be filtered by, each value as its number in the dictionary (0 = none). */
export const FACETS = ['status', 'category', 'division', 'unit', 'agent'] as const;
export type Facet = (typeof FACETS)[number];

/** One row; `at` in seconds. */
export type Facets = Readonly<Record<Facet | 'at', number>>;

/** Which dictionary numbers a filter lets through; null = all. Times in seconds, `to` not included. */
export type FacetFilter = Readonly<Record<Facet, ReadonlySet<number> | null>> & {
  readonly from: number | null;
  readonly to: number | null;
};

/** Rows in the middle are kept apart until there are so many, or so large a part of all. */
const MOST_APART = 4_096;
const PART_APART = 1 / 16;
const COLUMNS = [...FACETS, 'at'] as const;

type Columns = Readonly<Record<Facet | 'at' | 'number', Uint32Array>>;

function makeColumns(capacity: number): Columns {
  const column = () => new Uint32Array(capacity);
  return {
    number: column(),
    status: column(),
    category: column(),
    division: column(),
    unit: column(),
    agent: column(),
    at: column(),
  };
}

/** What one column has to hold: one of the allowed values, or a value inside a span. */
interface Condition {
  readonly column: Uint32Array;
  readonly allowed: Uint8Array | null;
  readonly from: number;
  readonly to: number;
}

/** Places looked at together: a loop over a column costs a few nanoseconds a row, a call per row several times that. */
const BLOCK = 4_096;

/** Keeps the places that meet a condition, in their order. @returns how many there are */
function narrow({ column, allowed, from, to }: Condition, places: Uint32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const place = places[i] ?? 0;
    const value = column[place] ?? 0;
    if (allowed ? allowed[value] === 1 : value >= from && value < to) places[kept++] = place;
  }
  return kept;
}

/**
 * The facets of all indexed tickets in memory, in the order of their numbers (28 bytes each): a filter, however rare what it asks
 * for, is answered by one walk over plain arrays, a million rows in some milliseconds. An index per facet would be quick for
 * one of them and slow for two that seldom come together. Rows may come in any order; both ends are the quick ones.
 */
export class FacetTable {
  #columns = makeColumns(1_024);
  /** Places in use, the end not included. */
  #start = 512;
  #end = 512;
  #apart = new Map<number, Facets>();

  /** Rows in the table. */
  get size(): number {
    return this.#end - this.#start + this.#apart.size;
  }

  /** Enters a row or replaces it. */
  set(number: number, facets: Facets): void {
    const { number: numbers } = this.#columns;
    if (this.#start === this.#end || number > (numbers[this.#end - 1] ?? 0)) {
      if (this.#end === numbers.length) this.#grow();
      this.#write(this.#end++, number, facets);
    } else if (number < (numbers[this.#start] ?? 0)) {
      if (this.#start === 0) this.#grow();
      this.#write(--this.#start, number, facets);
    } else {
      const place = this.#placeOf(number);
      if (numbers[place] === number) this.#write(place, number, facets);
      else {
        this.#apart.set(number, facets);
        if (this.#apart.size > Math.max(MOST_APART, (this.#end - this.#start) * PART_APART)) this.#merge();
      }
    }
  }

  /** Numbers of matching tickets up to `below`, the highest first, at most `most`; `isAll` when there are no others. */
  collect(
    filter: FacetFilter,
    most: number,
    below = Number.MAX_SAFE_INTEGER,
  ): { readonly numbers: readonly number[]; readonly isAll: boolean } {
    this.#merge();
    const conditions = this.#conditionsOf(filter);
    const { number: numbers } = this.#columns;
    const found: number[] = [];
    const places = new Uint32Array(BLOCK);
    for (let end = this.#placeOf(below + 1); end > this.#start; end -= BLOCK) {
      let count = Math.min(BLOCK, end - this.#start);
      for (let i = 0; i < count; i++) places[i] = end - 1 - i;
      for (const condition of conditions) count = narrow(condition, places, count);
      for (let i = 0; i < count; i++) {
        if (found.length === most) return { numbers: found, isAll: false };
        found.push(numbers[places[i] ?? 0] ?? 0);
      }
    }
    return { numbers: found, isAll: true };
  }

  /** A test of single tickets, quick when asked in falling order; false for a ticket that is not in the table. */
  tester(filter: FacetFilter): (number: number) => boolean {
    this.#merge();
    const conditions = this.#conditionsOf(filter);
    const { number: numbers } = this.#columns;
    const [start, end] = [this.#start, this.#end];
    const one = new Uint32Array(1);
    let top = end;
    return (number) => {
      if (top === start || (numbers[top - 1] ?? 0) < number) top = end;
      let step = 1;
      while (top - step >= start && (numbers[top - step] ?? 0) > number) step *= 2;
      const place = lowerBound(numbers, number, Math.max(start, top - step), top - (step >> 1));
      top = Math.min(end, place + 1);
      if (place >= end || numbers[place] !== number) return false;
      one[0] = place;
      return conditions.every((condition) => narrow(condition, one, 1) === 1);
    };
  }

  /** Dictionary numbers that some ticket has in a column. */
  used(facet: Facet): ReadonlySet<number> {
    this.#merge();
    return new Set(this.#columns[facet].subarray(this.#start, this.#end));
  }

  #conditionsOf(filter: FacetFilter): readonly Condition[] {
    const conditions: Condition[] = [];
    for (const facet of FACETS) {
      const wanted = filter[facet];
      if (!wanted) continue;
      const allowed = new Uint8Array(Math.max(0, ...wanted) + 1);
      for (const value of wanted) allowed[value] = 1;
      conditions.push({ column: this.#columns[facet], allowed, from: 0, to: 0 });
    }
    const { from, to } = filter;
    if (from !== null || to !== null) {
      const span = { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER };
      conditions.push({ column: this.#columns.at, allowed: null, ...span });
    }
    return conditions;
  }

  /** The first place in use whose number is not smaller, or the end. */
  #placeOf(number: number): number {
    return lowerBound(this.#columns.number, number, this.#start, this.#end);
  }

  #write(place: number, number: number, facets: Facets): void {
    this.#columns.number[place] = number;
    for (const name of COLUMNS) this.#columns[name][place] = facets[name];
  }

  /** Makes room at both ends, a quarter of what is there. */
  #grow(atLeast = 0): void {
    const room = Math.max(1_024, Math.ceil((this.#end - this.#start) / 4), atLeast);
    const length = this.#end - this.#start;
    const columns = makeColumns(length + 2 * room);
    for (const name of [...COLUMNS, 'number'] as const) {
      columns[name].set(this.#columns[name].subarray(this.#start, this.#end), room);
    }
    this.#columns = columns;
    this.#start = room;
    this.#end = room + length;
  }

  /** Merges the rows kept apart, from the end on, so that no second copy is needed. */
  #merge(): void {
    if (this.#apart.size === 0) return;
    const added = [...this.#apart].sort(([a], [b]) => a - b);
    this.#apart = new Map();
    if (this.#end + added.length > this.#columns.number.length) this.#grow(added.length);
    const columns = this.#columns;
    let from = this.#end - 1;
    this.#end += added.length;
    let place = this.#end - 1;
    for (const [number, facets] of added.reverse()) {
      while ((columns.number[from] ?? 0) > number) {
        for (const name of [...COLUMNS, 'number'] as const) columns[name][place] = columns[name][from] ?? 0;
        place--;
        from--;
      }
      this.#write(place--, number, facets);
    }
  }
}

/** The first place from `low` on, before `high`, whose number is not smaller than the wanted one; `high` when there is none. */
function lowerBound(numbers: Uint32Array, wanted: number, low: number, high: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
