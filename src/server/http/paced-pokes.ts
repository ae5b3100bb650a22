import type { Poke } from '../sync/pokes.ts';

/**
 * A console is told of changes about this often at most. A busy centre writes many times a second, every poke makes every console
 * pull, and nobody reads a list faster than this (docs/scale.md: a sixth of the processor time of a province's servers).
 */
const TELL_EVERY_MS = 5_000;

export interface PacedPokesOptions {
  readonly write: (poke: Poke) => void;
  /** Told at once, however busy it is: what somebody waits for with a citizen on the line. */
  readonly isUrgent: (scope: string) => boolean;
  /** 0 ≤ random < 1: consoles that were told together are not told together again. */
  readonly random: () => number;
}

/** The pokes of one console's stream: the first at once, what follows soon after it gathered by scope. */
export class PacedPokes {
  readonly #options: PacedPokesOptions;
  /** Scope → seq of what the console was not told yet. */
  readonly #waiting = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  /** Told a moment ago: `#timer` runs until the next telling. */
  #isResting = false;

  constructor(options: PacedPokesOptions) {
    this.#options = options;
  }

  /** What one commit, or several at once, changed: a ticket and its person are one piece of news. */
  add(pokes: readonly Poke[]): void {
    if (pokes.length === 0) return;
    for (const { scope, seq } of pokes) this.#waiting.set(scope, Math.max(seq, this.#waiting.get(scope) ?? 0));
    if (!this.#isResting || pokes.some(({ scope }) => this.#options.isUrgent(scope))) this.#tell();
  }

  /** Nothing is told any more. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#isResting = true;
  }

  #tell(): void {
    for (const [scope, seq] of this.#waiting) this.#options.write({ scope, seq });
    this.#waiting.clear();
    this.#isResting = true;
    this.#timer ??= setTimeout(() => this.#rest(), TELL_EVERY_MS * (0.8 + 0.4 * this.#options.random()));
  }

  #rest(): void {
    this.#timer = null;
    this.#isResting = false;
    if (this.#waiting.size > 0) this.#tell();
  }
}
