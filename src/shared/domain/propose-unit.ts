import type { CategoryEntry } from './category.ts';
import type { UnitBasis } from './ticket-act.ts';
import { nameUnit, STREET_OFFICE } from './unit-name.ts';

/** A unit with the reason why it is the one. */
export interface UnitProposal {
  readonly unit: string;
  readonly basis: Exclude<UnitBasis, 'manual'>;
}

/**
 * 派单 by rule: the default unit of the category at the place; where the category leaves it to the place (属地), its street or town.
 * @param place names from the city down, as far as they are known
 * @returns null when nobody can tell: the owner of the thing decides, or the place is not known closely enough
 */
export function proposeUnit(
  { unit, unitBy }: Pick<CategoryEntry, 'unit' | 'unitBy'>,
  place: readonly string[],
): UnitProposal | null {
  const [city, district, street] = place;
  if (unit === null) {
    return unitBy === 'place' && street !== undefined ? { unit: nameUnit(STREET_OFFICE, place), basis: 'place' } : null;
  }
  // A district's unit without the district is nobody.
  const isKnown = unit === STREET_OFFICE ? street !== undefined : !unit.startsWith('区') || district !== undefined;
  return city !== undefined && isKnown ? { unit: nameUnit(unit, place), basis: 'category' } : null;
}
