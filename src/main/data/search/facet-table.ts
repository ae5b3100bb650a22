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
    const matches = this.#compile(filter);
    const numbers: number[] = [];
    for (let place = this.#placeOf(below + 1) - 1; place >= this.#start; place--) {
      if (!matches(place)) continue;
      if (numbers.length === most) return { numbers, isAll: false };
      numbers.push(this.#columns.number[place] ?? 0);
    }
    return { numbers, isAll: true };
  }

  /** A test of single tickets, quick when asked in falling order; false for a ticket that is not in the table. */
  tester(filter: FacetFilter): (number: number) => boolean {
    this.#merge();
    const matches = this.#compile(filter);
    const { number: numbers } = this.#columns;
    const [start, end] = [this.#start, this.#end];
    let top = end;
    return (number) => {
      if (top === start || (numbers[top - 1] ?? 0) < number) top = end;
      let step = 1;
      while (top - step >= start && (numbers[top - step] ?? 0) > number) step *= 2;
      const place = lowerBound(numbers, number, Math.max(start, top - step), top - (step >> 1));
      top = Math.min(end, place + 1);
      return place < end && numbers[place] === number && matches(place);
    };
  }

  /** Dictionary numbers that some ticket has in a column. */
  used(facet: Facet): ReadonlySet<number> {
    this.#merge();
    return new Set(this.#columns[facet].subarray(this.#start, this.#end));
  }

  /** A test of one place. Two conditions are common and get a function of their own; a list of tests costs a call each. */
  #compile(filter: FacetFilter): (place: number) => boolean {
    const tests: ((place: number) => boolean)[] = [];
    for (const facet of FACETS) {
      const wanted = filter[facet];
      if (!wanted) continue;
      const column = this.#columns[facet];
      const [only] = wanted;
      if (wanted.size === 1) tests.push((place) => column[place] === only);
      else {
        const allowed = new Uint8Array(Math.max(0, ...wanted) + 1);
        for (const value of wanted) allowed[value] = 1;
        tests.push((place) => allowed[column[place] ?? 0] === 1);
      }
    }
    const { at } = this.#columns;
    const { from, to } = filter;
    if (from !== null) tests.push((place) => (at[place] ?? 0) >= from);
    if (to !== null) tests.push((place) => (at[place] ?? 0) < to);
    const [first, second, third] = tests;
    if (!first) return () => true;
    if (!second) return first;
    if (!third) return (place) => first(place) && second(place);
    return (place) => tests.every((test) => test(place));
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
