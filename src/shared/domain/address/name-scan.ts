import {
  hasWordAt,
  isCapital,
  isDigit,
  isPlainHan,
  NamesByStart,
  PairFilter,
  UnitSet,
  unitAt,
} from './address-text.ts';
import {
  ADDRESS_WORDS,
  NAME_BORDER,
  NAME_BORDER_STARTS,
  NAME_ENDINGS,
  type NameEnding,
  NO_NAME_CHARACTERS,
  TEXT_WORDS,
} from './address-words.ts';
import { isDivisionBorder } from './division-border.ts';
import type { DivisionNames } from './division-names.ts';

const MIDDLE_DOT = 0xb7;

/** Chinese characters of the basic plane (rare ones are halves of pairs, and no part of names here), capitals, digits. */
function isNameUnit(unit: number): boolean {
  return (unit >= 0x3400 && unit <= 0x9fff) || isCapital(unit) || isDigit(unit) || unit === MIDDLE_DOT;
}

function unitsThat(is: (unit: number) => boolean): UnitSet {
  return new UnitSet(Array.from({ length: 0x10000 }, (_, unit) => unit).filter(is));
}

const textWords = new NamesByStart(TEXT_WORDS.map((text) => ({ text })));
const wordStarts = new PairFilter(ADDRESS_WORDS);
const shortEndings = new UnitSet(
  [...NAME_ENDINGS].filter(([, list]) => list.some(({ ending }) => ending.length === 1)).map(([start]) => start),
);
/** No name has one of these in it. */
const outside = unitsThat((unit) => !isNameUnit(unit) || NO_NAME_CHARACTERS.has(unit));
/** Where a name may end or break off, apart from the names of divisions; most characters are none of these. */
const stops = UnitSet.union(
  outside,
  shortEndings,
  unitsThat((unit) => isDigit(unit) || isCapital(unit)),
);

/** A word of the sentence around an address at a position; 0 when there is none. */
export function textWordLength(text: string, position: number): number {
  return textWords.at(text, position)?.text.length ?? 0;
}

/** After a weak ending a name may only stop here. */
function isNameBorder(text: string, at: number): boolean {
  const unit = unitAt(text, at);
  if (unit < 0x80) return true;
  return (!isPlainHan(unit) || NAME_BORDER_STARTS.has(unit)) && NAME_BORDER.test(text.slice(at, at + 4));
}

/** A text this long is no address; the rest of it is not looked at for names. */
const LONGEST_SCANNED = 20_000;

/**
 * What the positions of a text are to the names in it: where a name may end, and across what none runs. A parser asks from the beginning
 * to the end, and no position is looked at twice for that.
 */
export class NameScan {
  readonly text: string;
  /** Where a word that matters to the parser may start. */
  readonly starts: PairFilter;
  readonly #names: DivisionNames | null;
  readonly #end: number;
  /** Between these two no name ends or breaks off. */
  #from = 0;
  #stop = 0;
  /** The ending at the stop, null where names break off. */
  #ending: NameEnding | null = null;

  /** @param names no other name runs across those of divisions */
  constructor(text: string, names: DivisionNames | null) {
    this.text = text;
    this.starts = names?.starts ?? wordStarts;
    this.#names = names;
    this.#end = Math.min(text.length, LONGEST_SCANNED);
  }

  /** The ending that starts at a position. */
  endingAt(at: number): NameEnding | null {
    const { text } = this;
    if (at === this.#stop && this.#ending) return this.#ending;
    const unit = unitAt(text, at);
    const isStart = shortEndings.has(unit) || wordStarts.may(unit, unitAt(text, at + 1));
    if (!isStart || at >= this.#end) return null;
    for (const ending of NAME_ENDINGS.get(unit) ?? []) {
      if (!hasWordAt(text, ending.ending, at)) continue;
      const after = at + ending.length;
      if (ending.notBefore.has(unitAt(text, after)) || (ending.isWeak && !isNameBorder(text, after))) continue;
      return ending;
    }
    return null;
  }

  /** No name starts at this position. */
  isOutside(at: number): boolean {
    return at < this.#end && (outside.has(unitAt(this.text, at)) || textWordLength(this.text, at) > 0);
  }

  /** The first position from this one on where a name of at most so many characters before its ending may start. */
  nextStart(position: number, longest: number): number {
    if (position < this.#from || position >= this.#stop) this.#look(position);
    return this.#ending === null ? this.#stop : Math.max(position, this.#stop - longest);
  }

  /** Where the next ending behind a position starts; -1 when there is something before it that no name runs across. */
  endAfter(position: number): number {
    if (position < this.#from || position >= this.#stop) this.#look(position);
    return this.#ending === null ? -1 : this.#stop;
  }

  #look(position: number): void {
    this.#from = position;
    this.#ending = null;
    const { text, starts } = this;
    let at = position + 1;
    let next = unitAt(text, at);
    for (; at < this.#end; at++) {
      const unit = next;
      next = unitAt(text, at + 1);
      if (!stops.has(unit) && !starts.may(unit, next)) continue;
      if (this.#isBreak(at)) break;
      this.#ending = this.endingAt(at);
      if (this.#ending) break;
    }
    this.#stop = at;
  }

  #isBreak(at: number): boolean {
    const { text } = this;
    // Digits belong to the beginning of a name (1912街区), later they are numbers of houses.
    const before = unitAt(text, at - 1);
    const isNumber = isDigit(unitAt(text, at)) && !isDigit(before) && !isCapital(before);
    return isNumber || this.isOutside(at) || isDivisionBorder(text, at, this.#names);
  }
}
