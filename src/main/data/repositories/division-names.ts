import file from '#resources/divisions.json' with { type: 'json' };
import { createDivisionNames, type DivisionNames } from '#shared/domain/address/division-names.ts';
import { type DivisionFile, listDivisions } from '#shared/domain/division.ts';

const divisionFile = file as unknown as DivisionFile;
const divisions = listDivisions(divisionFile);
const paths: ReadonlyMap<string, string> = new Map(divisions.map((entry) => [entry.code, entry.names.join('')]));

/** For finding divisions named in a text. */
export const DIVISION_NAMES: DivisionNames = createDivisionNames(divisionFile.province[1], divisions);

/** City, district and street of a division code in one word, empty when the code is unknown. */
export function divisionPath(code: string | null): string {
  return (code !== null && paths.get(code)) || '';
}

/** True when some division is called so, or part of it is. */
export function isPartOfDivision(text: string): boolean {
  for (const path of paths.values()) if (path.includes(text)) return true;
  return false;
}
