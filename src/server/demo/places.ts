import { z } from 'zod';
import placesFile from '#resources/demo/places.json' with { type: 'json' };
import divisionsFile from '#resources/divisions.json' with { type: 'json' };
import { DEMO_CENTRE } from '#shared/domain/demo.ts';
import { divisionFileSchema } from '#shared/domain/division.ts';
import type { Names } from './names.ts';
import { createRng, type Rng, weightedIndex } from './rng.ts';

const names = z.array(z.string().min(1)).min(1);
/** Streets of the demo city with roads (real names) and villages (invented). */
export const placesSchema = z.strictObject({
  districts: z.array(
    z.strictObject({
      name: z.string(),
      /** Share of the calls. */
      weight: z.number().positive(),
      rivers: names,
      stations: names,
      underpasses: names,
      streets: z.array(z.strictObject({ name: z.string(), roads: names.min(2), villages: names.optional() })).min(1),
    }),
  ),
});

export interface Street {
  readonly index: number;
  readonly code: string;
  readonly name: string;
  readonly district: District;
  readonly roads: readonly string[];
  readonly villages: readonly string[];
  /** Invented housing estates. */
  readonly estates: readonly string[];
}

export interface District {
  readonly code: string;
  readonly name: string;
  readonly rivers: readonly string[];
  readonly stations: readonly string[];
  readonly underpasses: readonly string[];
}

export interface DemoCity {
  readonly streets: readonly Street[];
  /** A street by the calls of its district. */
  drawStreet(rng: Rng): Street;
  /** A street that has villages. */
  drawRuralStreet(rng: Rng): Street;
}

const ESTATES_PER_STREET = 6;
/** Estates are the same whatever the seed, so that scenarios may name them. */
const ESTATE_SEED = 320100;

/**
 * The demo city out of resources/demo/places.json and the codes of resources/divisions.json.
 * @throws when a file does not fit its schema or names a street that the divisions do not have
 */
export function loadCity(lists: Names): DemoCity {
  const parsed = placesSchema.safeParse(placesFile);
  if (!parsed.success) throw new Error(`resources/demo/places.json: ${z.prettifyError(parsed.error)}`);
  const codes = loadCodes();
  const rng = createRng(ESTATE_SEED, 0);
  const streets: Street[] = [];
  const weights: number[] = [];
  const usedEstates = new Set<string>();
  const inventEstate = () => {
    while (true) {
      const estate = rng.pick(lists.estates.first) + rng.pick(lists.estates.last);
      if (usedEstates.has(estate)) continue;
      usedEstates.add(estate);
      return estate;
    }
  };
  for (const district of parsed.data.districts) {
    const { streets: districtStreets, weight, ...rest } = district;
    const shared: District = { ...rest, code: codeOf(codes, district.name) };
    for (const { name, roads, villages = [] } of districtStreets) {
      const code = codeOf(codes, `${district.name}/${name}`);
      // The name list has about as many estates as the city needs, so the last streets may share names with others.
      if (usedEstates.size > lists.estates.first.length * lists.estates.last.length * 0.8) usedEstates.clear();
      const estates = Array.from({ length: ESTATES_PER_STREET }, inventEstate);
      streets.push({ index: streets.length, code, name, district: shared, roads, villages, estates });
      weights.push(weight / districtStreets.length);
    }
  }
  const drawer = weightedIndex(weights);
  const rural = streets.filter((street) => street.villages.length > 0);
  const drawStreet = (chance: Rng): Street => streets[drawer.draw(chance)] ?? chance.pick(streets);
  return { streets, drawStreet, drawRuralStreet: (chance) => chance.pick(rural) };
}

/** Codes of the demo city by "district" and "district/street". */
function loadCodes(): ReadonlyMap<string, string> {
  const city = divisionFileSchema.parse(divisionsFile).cities.find(([code]) => code === DEMO_CENTRE);
  const codes = new Map<string, string>();
  for (const [districtCode, district, streets] of city?.[2] ?? []) {
    codes.set(district, districtCode);
    for (const [code, street] of streets) codes.set(`${district}/${street}`, code);
  }
  return codes;
}

function codeOf(codes: ReadonlyMap<string, string>, name: string): string {
  const code = codes.get(name);
  if (!code) throw new Error(`resources/demo/places.json: ${name} is not in resources/divisions.json`);
  return code;
}
