/** The place of the first number that is not smaller than the wanted one, from `low` on, before `high`; `high` when there is none. */
export function lowerBound(numbers: Uint32Array, wanted: number, low: number, high: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Numbers in their order, each once. They may be added in any order; both ends are the quick ones. */
export class NumberList {
  #items = new Uint32Array(16);
  /** Places in use, the end not included. */
  #start = 8;
  #end = 8;
  /** Numbers for the middle, put there when somebody asks. */
  #waiting: number[] = [];

  /** Numbers in the list, or a few more: one that was added twice may count twice. */
  get size(): number {
    return this.#end - this.#start + this.#waiting.length;
  }

  add(number: number): void {
    const [first, last] = [this.#items[this.#start] ?? 0, this.#items[this.#end - 1] ?? 0];
    if (this.#start === this.#end || number > last) {
      if (this.#end === this.#items.length) this.#grow(0);
      this.#items[this.#end++] = number;
    } else if (number < first) {
      if (this.#start === 0) this.#grow(0);
      this.#items[--this.#start] = number;
    } else if (number !== first && number !== last) this.#waiting.push(number);
  }

  /** All numbers, the lowest first; valid until the next one is added. */
  sorted(): Uint32Array {
    if (this.#waiting.length > 0) this.#merge();
    return this.#items.subarray(this.#start, this.#end);
  }

  #merge(): void {
    const added = [...new Set(this.#waiting)]
      .sort((a, b) => a - b)
      .filter((number) => this.#items[lowerBound(this.#items, number, this.#start, this.#end)] !== number);
    this.#waiting = [];
    if (this.#end + added.length > this.#items.length) this.#grow(added.length);
    const items = this.#items;
    let from = this.#end;
    this.#end += added.length;
    for (let left = added.length; left > 0; left--) {
      const number = added[left - 1] ?? 0;
      const place = lowerBound(items, number, this.#start, from);
      items.copyWithin(place + left, place, from);
      items[place + left - 1] = number;
      from = place;
    }
  }

  /** Makes room at both ends, a quarter of what is there. */
  #grow(atLeast: number): void {
    const length = this.#end - this.#start;
    const room = Math.max(16, length >> 2, atLeast);
    const items = new Uint32Array(length + 2 * room);
    items.set(this.#items.subarray(this.#start, this.#end), room);
    this.#items = items;
    this.#start = room;
    this.#end = room + length;
  }
}
