import type { DivisionEntry } from '../division.ts';
import type { FoundDivision } from './address-part.ts';

/** Most places offered for an ambiguous name. */
const MOST_CHOICES = 5;

/** True when `inner` lies in `outer` or is the same: codes of children start with the digits of their parent. */
export function isWithin(inner: string, outer: string): boolean {
  return inner.startsWith(outer.endsWith('00') && outer.length === 6 ? outer.slice(0, 4) : outer);
}

/**
 * What the names in an address mean together, each one narrowing the ones before: 鼓楼区 alone may be in two cities, 徐州市鼓楼区 is
 * in one. A name that contradicts the ones before it is left out.
 * @param mentions the bearers of each name, in the order of the text
 * @param centre division code of the own centre; its city settles a name that exists there once, and nothing else does
 */
export function resolveDivision(mentions: readonly (readonly DivisionEntry[])[], centre: string): FoundDivision | null {
  let candidates: readonly DivisionEntry[] | null = null;
  for (const entries of mentions) {
    if (!candidates) candidates = entries;
    else {
      const known: readonly DivisionEntry[] = candidates;
      const below = entries.filter((entry) => known.some((other) => isWithin(entry.code, other.code)));
      const above = known.filter((other) => entries.some((entry) => isWithin(other.code, entry.code)));
      candidates = below.length > 0 ? below : above.length > 0 ? above : known;
    }
  }
  if (!candidates?.[0]) return null;
  const all = candidates.filter((entry) => !hasAncestorIn(entry, candidates ?? []));
  const only = all[0];
  if (all.length === 1 && only) return { kind: 'found', entry: only, basis: 'named' };
  const own = all.filter((entry) => entry.code.startsWith(centre.slice(0, 4)));
  if (own.length === 1 && own[0]) return { kind: 'found', entry: own[0], basis: 'own-city' };
  return { kind: 'ambiguous', choices: (own.length > 1 ? own : all).slice(0, MOST_CHOICES) };
}

/** 淮安 is a city and a district in it: the city is what everybody means. */
function hasAncestorIn(entry: DivisionEntry, others: readonly DivisionEntry[]): boolean {
  return others.some((other) => other !== entry && isWithin(entry.code, other.code));
}

/**
 * The divisions to offer for an address: those it names, unless the one chosen already says the same or more.
 * @param chosen code of the chosen division, null when none is chosen
 */
export function offerDivisions(found: FoundDivision | null, chosen: string | null): readonly DivisionEntry[] {
  if (!found) return [];
  const named = found.kind === 'found' ? [found.entry] : found.choices;
  return chosen !== null && named.some((entry) => isWithin(chosen, entry.code)) ? [] : named;
}
