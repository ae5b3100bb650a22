import { lowerBound, NumberList } from './number-list.ts';

/** Columns of the table: what a ticket can be filtered by, each value as its number in the dictionary (0 = none). */
export const FACETS = ['status', 'category', 'division', 'unit', 'agent'] as const;
export type Facet = (typeof FACETS)[number];

/** One row; `at` in seconds. */
export type Facets = Readonly<Record<Facet | 'at', number>>;

/** Rows in the middle are kept apart until there are so many, or so large a part of all. */
const MOST_APART = 4_096;
const PART_APART = 1 / 16;
const COLUMNS = ['number', ...FACETS, 'at'] as const;

type Columns = Readonly<Record<(typeof COLUMNS)[number], Uint32Array>>;

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

/** Tickets whose numbers differ in these bits only have their times kept together. */
const BLOCK_BITS = 12;

/** The earliest and the latest time of a block, or an earlier and a later one. */
interface BlockTimes {
  earliest: number;
  latest: number;
}

/**
 * The facets of all indexed tickets in memory, in the order of their numbers (28 bytes each), and per value the numbers of the tickets
 * that have it (20 bytes each). Rows may come in any order; both ends are the quick ones.
 */
export class FacetColumns {
  #columns = makeColumns(1_024);
  /** Places in use, the end not included. */
  #start = 512;
  #end = 512;
  #apart = new Map<number, Facets>();
  /** Per value: tickets that have it, and some that had it before. */
  readonly #lists: Readonly<Record<Facet, Map<number, NumberList>>> = {
    status: new Map(),
    category: new Map(),
    division: new Map(),
    unit: new Map(),
    agent: new Map(),
  };
  readonly #times = new Map<number, BlockTimes>();

  /** Rows in the table. */
  get size(): number {
    return this.#end - this.#start + this.#apart.size;
  }

  /** Places in use; rows kept apart have none before they are merged. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** One column; another one after a change of the table. */
  column(name: Facet | 'at' | 'number'): Uint32Array {
    return this.#columns[name];
  }

  /** Enters a row or replaces it. */
  set(number: number, facets: Facets): void {
    const { number: numbers } = this.#columns;
    this.#widen(number, facets.at);
    if (this.#start === this.#end || number > (numbers[this.#end - 1] ?? 0)) {
      if (this.#end === numbers.length) this.#grow();
      this.#write(this.#end++, number, facets);
    } else if (number < (numbers[this.#start] ?? 0)) {
      if (this.#start === 0) this.#grow();
      this.#write(--this.#start, number, facets);
    } else {
      const place = this.placeOf(number);
      if (numbers[place] === number) this.#write(place, number, facets);
      else {
        this.#apart.set(number, facets);
        if (this.#apart.size > Math.max(MOST_APART, (this.#end - this.#start) * PART_APART)) this.merge();
      }
    }
  }

  /** Numbers that have a value, the lowest first, and some that had it before. */
  having(facet: Facet, value: number): Uint32Array {
    return this.#lists[facet].get(value)?.sorted() ?? new Uint32Array();
  }

  /** How many numbers that is; a few more when some changed. */
  count(facet: Facet, value: number): number {
    return this.#lists[facet].get(value)?.size ?? 0;
  }

  /** Values that some ticket has in a column, or had before. */
  values(facet: Facet): readonly number[] {
    return [...this.#lists[facet].keys()];
  }

  /** The first place in use whose number is not smaller, or the end. */
  placeOf(number: number): number {
    return lowerBound(this.#columns.number, number, this.#start, this.#end);
  }

  /** Where the block of a ticket begins, and whether it may hold times from one on and before another. */
  block(place: number, from: number, to: number): { readonly start: number; readonly mayHold: boolean } {
    const block = Math.floor((this.#columns.number[place] ?? 0) / 2 ** BLOCK_BITS);
    const times = this.#times.get(block);
    const mayHold = times !== undefined && times.latest >= from && times.earliest < to;
    return { start: lowerBound(this.#columns.number, block * 2 ** BLOCK_BITS, this.#start, place), mayHold };
  }

  /** Merges the rows kept apart, from the end on, so that no second copy is needed. */
  merge(): void {
    if (this.#apart.size === 0) return;
    const added = [...this.#apart].sort(([a], [b]) => a - b);
    this.#apart = new Map();
    if (this.#end + added.length > this.#columns.number.length) this.#grow(added.length);
    let from = this.#end;
    this.#end += added.length;
    for (let left = added.length; left > 0; left--) {
      const [number, facets] = added[left - 1] ?? [];
      if (number === undefined || facets === undefined) break;
      const place = lowerBound(this.#columns.number, number, this.#start, from);
      for (const name of COLUMNS) this.#columns[name].copyWithin(place + left, place, from);
      this.#write(place + left - 1, number, facets);
      from = place;
    }
  }

  #write(place: number, number: number, facets: Facets): void {
    this.#columns.number[place] = number;
    this.#columns.at[place] = facets.at;
    for (const facet of FACETS) {
      const value = facets[facet];
      this.#columns[facet][place] = value;
      const list = this.#lists[facet].get(value) ?? new NumberList();
      if (list.size === 0) this.#lists[facet].set(value, list);
      list.add(number);
    }
  }

  #widen(number: number, at: number): void {
    const block = Math.floor(number / 2 ** BLOCK_BITS);
    const times = this.#times.get(block);
    if (!times) this.#times.set(block, { earliest: at, latest: at });
    else {
      times.earliest = Math.min(times.earliest, at);
      times.latest = Math.max(times.latest, at);
    }
  }

  /** Makes room at both ends, a quarter of what is there. */
  #grow(atLeast = 0): void {
    const room = Math.max(1_024, Math.ceil((this.#end - this.#start) / 4), atLeast);
    const length = this.#end - this.#start;
    const columns = makeColumns(length + 2 * room);
    for (const name of COLUMNS) columns[name].set(this.#columns[name].subarray(this.#start, this.#end), room);
    this.#columns = columns;
    this.#start = room;
    this.#end = room + length;
  }
}
