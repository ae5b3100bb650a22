const SPACE = 0x20;
/** Places of the table for so many units of text; it is kept at most a quarter full. */
const SLOTS_PER_UNIT = 8;
const LEAST_SLOTS = 4_096;
/** A larger table, of a text that hardly anybody writes, is given up with the next text. */
const MOST_KEPT = 65_536;

/**
 * Writes index tokens one behind the other into memory that is used again for the next text. A token of its own string each, in a set, took
 * five times as long: a ticket has some three hundred.
 */
export class TokenWriter {
  #units = new Uint16Array(4_096);
  #end = 0;
  /** Open addressing: which units and pairs were written since the last {@link begin}. */
  #keys = new Int32Array(LEAST_SLOTS);
  #texts = new Uint32Array(LEAST_SLOTS);
  #text = 0;
  /** Bits of a hash beyond those that number the places. */
  #shift = 32 - Math.log2(LEAST_SLOTS);

  /** Begins anew. @param length units of the text at most, of which single units and pairs are written */
  begin(length: number): void {
    this.#end = 0;
    const bits = Math.ceil(Math.log2(Math.max(LEAST_SLOTS, length * SLOTS_PER_UNIT)));
    const has = this.#keys.length;
    if (2 ** bits > has || (has > MOST_KEPT && 2 ** bits <= MOST_KEPT) || this.#text === 0xffff_ffff) {
      this.#keys = new Int32Array(2 ** bits);
      this.#texts = new Uint32Array(2 ** bits);
      this.#text = 0;
      this.#shift = 32 - bits;
    }
    this.#text++;
  }

  /** A single unit, unless it was written before. */
  addUnit(unit: number): void {
    if (!this.#isNew(unit)) return;
    this.beginToken();
    this.put(unit);
  }

  /** Two units, unless they were written before. */
  addPair(first: number, second: number): void {
    if (!this.#isNew((first << 16) | second)) return;
    this.beginToken();
    this.put(first);
    this.put(second);
  }

  /** A whole token. */
  addToken(token: string): void {
    this.beginToken();
    for (let i = 0; i < token.length; i++) this.put(token.charCodeAt(i));
  }

  /** What is put from now on is the next token. */
  beginToken(): void {
    if (this.#end > 0) this.put(SPACE);
  }

  put(unit: number): void {
    if (this.#end === this.#units.length) {
      const larger = new Uint16Array(this.#units.length * 2);
      larger.set(this.#units);
      this.#units = larger;
    }
    this.#units[this.#end++] = unit;
  }

  /** Everything written since the last {@link begin}. */
  text(): string {
    return Buffer.from(this.#units.buffer, 0, this.#end * 2).toString('utf16le');
  }

  /** No unit is 0, so that no pair is a single unit. */
  #isNew(key: number): boolean {
    const mask = this.#keys.length - 1;
    // Neighbouring pairs differ in their upper or their lower half only.
    let slot = Math.imul(key, 0x9e37_79b1) >>> this.#shift;
    while (this.#texts[slot] === this.#text) {
      if (this.#keys[slot] === key) return false;
      slot = (slot + 1) & mask;
    }
    this.#texts[slot] = this.#text;
    this.#keys[slot] = key;
    return true;
  }
}
