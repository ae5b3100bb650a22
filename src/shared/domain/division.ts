import { z } from 'zod';

/**
 * Division file (resources/divisions.json): nested [code, name, children?] for city → district → street,
 * codes as in GB/T 2260 (6 digits) and 9 digits for streets and towns.
 */
export const divisionFileSchema = z.strictObject({
  source: z.string().min(1),
  province: z.tuple([z.string(), z.string()]),
  cities: z.array(
    z.tuple([
      z.string(),
      z.string(),
      z.array(z.tuple([z.string(), z.string(), z.array(z.tuple([z.string(), z.string()]))])),
    ]),
  ),
});
export type DivisionFile = z.infer<typeof divisionFileSchema>;

export interface DivisionEntry {
  readonly code: string;
  readonly level: 'city' | 'district' | 'street';
  /** City, district, street names down to this entry. */
  readonly names: readonly string[];
}

/** All divisions of the file, parents before children. */
export function listDivisions(file: DivisionFile): readonly DivisionEntry[] {
  return file.cities.flatMap(([cityCode, city, districts]): DivisionEntry[] => [
    { code: cityCode, level: 'city', names: [city] },
    ...districts.flatMap(([districtCode, district, streets]): DivisionEntry[] => [
      { code: districtCode, level: 'district', names: [city, district] },
      ...streets.map(([code, street]): DivisionEntry => ({ code, level: 'street', names: [city, district, street] })),
    ]),
  ]);
}

/** What the codes of everything inside a division begin with: 320100 is the city, 320106 a district, nine digits a street. */
export function divisionPrefix(code: string): string {
  return code.replace(/^(\d{2})0000$/, '$1').replace(/^(\d{4})00$/, '$1');
}
