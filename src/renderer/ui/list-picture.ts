/** Longest time a place that was scrolled to waits for its lines before it is drawn with gaps, in ms. */
export const PATIENCE_MS = 400;
/** Places remembered while none of them has its lines; a drag along a scrollbar passes hundreds. */
const MOST_WISHES = 50;

export interface ListPictureParts {
  /** True when every line in sight from this offset (px) on is there. */
  isThere(top: number): boolean;
  /** Draws the list from this offset (px) on. */
  draw(top: number): void;
  /** Runs something later; gives what calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * Which part of a long list is drawn while somebody scrolls: the newest place they came by whose lines are there. So the picture
 * never runs ahead of its lines, and on a long way shows real ones in passing. A place whose lines keep the console waiting is
 * drawn with gaps in the end, so that the picture never seems stuck.
 */
export class ListPicture {
  readonly #parts: ListPictureParts;
  /** Where somebody scrolled to since the last drawing, oldest first. */
  #wishes: number[] = [];
  #callOff: (() => void) | null = null;

  constructor(parts: ListPictureParts) {
    this.#parts = parts;
  }

  /** Somebody scrolled to an offset (px). */
  want(top: number): void {
    this.#wishes.push(top);
    if (this.#wishes.length > MOST_WISHES) this.#wishes.shift();
    this.settle();
  }

  /** Lines came, or went: draws what can be drawn now. */
  settle(): void {
    const index = this.#wishes.findLastIndex((top) => this.#parts.isThere(top));
    if (index >= 0) this.#draw(index);
    if (this.#wishes.length > 0) {
      this.#callOff ??= this.#parts.after(PATIENCE_MS, () => {
        this.#callOff = null;
        if (this.#wishes.length > 0) this.#draw(this.#wishes.length - 1);
      });
    }
  }

  /** Ends the waiting. */
  stop(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#wishes = [];
  }

  #draw(index: number): void {
    const top = this.#wishes[index] ?? 0;
    this.#wishes = this.#wishes.slice(index + 1);
    // What is still wanted waits from this picture on.
    this.#callOff?.();
    this.#callOff = null;
    this.#parts.draw(top);
  }
}
