/** The unit that handled a category at a place most often. */
export interface UnitGuess {
  readonly name: string;
  /** Share of the tickets there that it handled (0–1), and how many there were. */
  readonly share: number;
  readonly tickets: number;
}

/** By leaf and division, as precise as there are enough tickets for: street, district, anywhere. */
export type UnitHistory = ReadonlyMap<string, UnitGuess>;

/** Fewer tickets say nothing. */
const FEWEST_TICKETS = 3;
/** A unit that handles less than half of them is not "the" unit. */
const FEWEST_SHARE = 0.5;
const PLACES_PER_STEP = 500;

/** Places to look at for a division code, the most precise first. */
function placesOf(divisionCode: string | null): readonly string[] {
  if (divisionCode === null) return [''];
  return divisionCode.length > 6 ? [divisionCode, divisionCode.slice(0, 6), ''] : [divisionCode, ''];
}

const keyOf = (code: string, place: string) => `${code}@${place}`;

/** Counts which units handled what. */
export interface UnitCounter {
  add(code: string, divisionCode: string | null, unit: string): void;
  /** In steps below a millisecond. */
  finish(): Generator<void, UnitHistory>;
}

export function countUnits(): UnitCounter {
  const counts = new Map<string, Map<string, number>>();
  return {
    add: (code, divisionCode, unit) => {
      for (const place of placesOf(divisionCode)) {
        const key = keyOf(code, place);
        const units = counts.get(key) ?? new Map<string, number>();
        counts.set(key, units.set(unit, (units.get(unit) ?? 0) + 1));
      }
    },
    *finish() {
      const history = new Map<string, UnitGuess>();
      for (const [i, [key, units]] of [...counts].entries()) {
        if (i % PLACES_PER_STEP === 0) yield;
        const [name, most] = [...units].reduce((best, one) => (one[1] > best[1] ? one : best));
        const tickets = [...units.values()].reduce((sum, count) => sum + count, 0);
        if (tickets >= FEWEST_TICKETS && most / tickets >= FEWEST_SHARE) {
          history.set(key, { name, share: most / tickets, tickets });
        }
      }
      return history;
    },
  };
}

/** Who handled a leaf at a place before, or null when the history does not say. */
export function guessUnit(history: UnitHistory, code: string, divisionCode: string | null): UnitGuess | null {
  for (const place of placesOf(divisionCode)) {
    const known = history.get(keyOf(code, place));
    if (known) return known;
  }
  return null;
}
