import { LiveQuery } from './live-query-runner.ts';

/** How a list is asked for; both answers come from the console's own database. */
export interface RowReader<R> {
  /** Row ids of the list after one of them, in order; `next` is where to go on, null at the end. */
  ids(
    limit: number,
    before: number | undefined,
  ): Promise<{ readonly ids: readonly number[]; readonly next: number | null }>;
  /** The lines of some row ids; those that are gone are left out. */
  rows(ids: readonly number[]): Promise<readonly { readonly id: number; readonly row: R }[]>;
}

/** Enough for the first screen; the rest of a long list follows behind it. */
const FIRST_IDS = 200;
const MORE_IDS = 5_000;
/** Lines per question, and how many lines around the ones in sight are fetched too. */
const ROWS_AT_ONCE = 100;
const AROUND = 60;
/** A list is read anew at most this often while a sync announces change after change, in ms. */
const DISTANCE_MS = 400;

interface Line<R> {
  readonly row: R | null;
  /** Reading of the list in which the line was fetched. */
  readonly reading: number;
}

/**
 * A list of any length of which only the ids are held, and the lines around what is in sight. After a change the ids are read
 * anew and exchanged at once; lines stay on the screen until their newer ones are there.
 */
export class RowWindow<R> {
  readonly #source: RowReader<R>;
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #query: LiveQuery<readonly number[]>;
  readonly #lines = new Map<number, Line<R>>();
  #ids: readonly number[] | null = null;
  #reading = 0;
  #isComplete = false;
  #isStopped = false;
  #isFetching = false;
  #from = 0;
  #to = FIRST_IDS / 4;

  constructor(source: RowReader<R>, onChange: () => void, onError: (error: unknown) => void) {
    this.#source = source;
    this.#onChange = onChange;
    this.#onError = onError;
    this.#query = new LiveQuery(
      () => this.#readIds(),
      { onData: (ids) => this.#adopt(ids, true), onError },
      DISTANCE_MS,
    );
  }

  /** Reads the list, or reads it anew. */
  refresh(): void {
    this.#query.run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#query.stop();
  }

  /** False until the first ids are there. */
  get isLoaded(): boolean {
    return this.#ids !== null;
  }

  /** All ids of the list are known. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get length(): number {
    return this.#ids?.length ?? 0;
  }

  /** The line at a place; undefined while it is fetched. */
  at(index: number): R | undefined {
    const id = this.#ids?.[index];
    return id === undefined ? undefined : (this.#lines.get(id)?.row ?? undefined);
  }

  /** Tells which places are in sight; their lines, and some around them, are fetched. */
  show(from: number, to: number): void {
    this.#from = from;
    this.#to = to;
    void this.#fetch();
  }

  async #readIds(): Promise<readonly number[]> {
    const ids: number[] = [];
    let before: number | undefined;
    for (;;) {
      const page = await this.#source.ids(before === undefined ? FIRST_IDS : MORE_IDS, before);
      for (const id of page.ids) ids.push(id);
      if (page.next === null || this.#isStopped) return ids;
      before = page.next;
      // The first reading shows what it has; a later one exchanges the list as a whole.
      if (!this.#isComplete) this.#adopt([...ids], false);
    }
  }

  #adopt(ids: readonly number[], isComplete: boolean): void {
    if (this.#isStopped) return;
    if (isComplete) {
      this.#reading++;
      this.#isComplete = true;
    }
    this.#ids = ids;
    this.#onChange();
    void this.#fetch();
  }

  /** Fetches missing and outdated lines, those in sight first, one question at a time. */
  async #fetch(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      for (let wanted = this.#wanted(); wanted.length > 0 && !this.#isStopped; wanted = this.#wanted()) {
        const reading = this.#reading;
        const rows = await this.#source.rows(wanted);
        if (this.#isStopped) return;
        const found = new Map(rows.map(({ id, row }) => [id, row]));
        for (const id of wanted) this.#lines.set(id, { row: found.get(id) ?? null, reading });
        this.#forget();
        this.#onChange();
      }
    } catch (error) {
      if (!this.#isStopped) this.#onError(error);
    } finally {
      this.#isFetching = false;
    }
  }

  #wanted(): readonly number[] {
    const ids = this.#ids ?? [];
    const wanted: number[] = [];
    const take = (from: number, to: number) => {
      for (let index = Math.max(0, from); index < Math.min(ids.length, to) && wanted.length < ROWS_AT_ONCE; index++) {
        const id = ids[index];
        if (id !== undefined && this.#lines.get(id)?.reading !== this.#reading) wanted.push(id);
      }
    };
    take(this.#from, this.#to);
    // What is in sight is not kept waiting for what is not.
    if (wanted.length === 0) {
      take(this.#to, this.#to + AROUND);
      take(this.#from - AROUND, this.#from);
    }
    return wanted;
  }

  /** Keeps memory small on a long way through a long list. */
  #forget(): void {
    const most = 4_000;
    if (this.#lines.size <= most) return;
    const near = new Set((this.#ids ?? []).slice(Math.max(0, this.#from - 1_000), this.#to + 1_000));
    for (const id of this.#lines.keys()) if (!near.has(id)) this.#lines.delete(id);
  }
}
