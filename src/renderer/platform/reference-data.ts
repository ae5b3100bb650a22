import { useEffect, useState } from 'react';
import { type CategoryEntry, type CategoryTree, listCategories } from '#shared/domain/category.ts';
import { type DivisionEntry, type DivisionFile, listDivisions } from '#shared/domain/division.ts';
import type { ReadName } from './picker-match.ts';

/** Categories and divisions with their lookup by code. */
export interface ReferenceData {
  readonly categories: readonly CategoryEntry[];
  readonly categoryByCode: ReadonlyMap<string, CategoryEntry>;
  readonly divisions: readonly DivisionEntry[];
  readonly divisionByCode: ReadonlyMap<string, DivisionEntry>;
}

let loading: Promise<ReferenceData> | null = null;
let loaded: ReferenceData | null = null;

/** Loads the category tree and the divisions, once. They are not part of the first paint. */
export function loadReferenceData(): Promise<ReferenceData> {
  loading ??= Promise.all([import('#resources/categories.json'), import('#resources/divisions.json')]).then(
    ([tree, file]) => {
      const categories = listCategories(tree.default as unknown as CategoryTree);
      const divisions = listDivisions(file.default as unknown as DivisionFile);
      loaded = {
        categories,
        categoryByCode: new Map(categories.map((entry) => [entry.code, entry])),
        divisions,
        divisionByCode: new Map(divisions.map((entry) => [entry.code, entry])),
      };
      return loaded;
    },
  );
  return loading;
}

/** The reference data, or null until it is there. */
export function useReferenceData(): ReferenceData | null {
  const [data, setData] = useState(loaded);
  useEffect(() => {
    if (!data) void loadReferenceData().then(setData);
  }, [data]);
  return data;
}

let readings: ReadName | null = null;
let loadingReadings: Promise<ReadName> | null = null;

/** Loads the 拼音 readings, once. */
export function loadReadings(): Promise<ReadName> {
  loadingReadings ??= import('./readings.ts').then((module) => {
    readings = module.readName;
    return readings;
  });
  return loadingReadings;
}

/** The readings, or null until they are there; `wanted` starts loading them. */
export function useReadings(wanted: boolean): ReadName | null {
  const [read, setRead] = useState<ReadName | null>(() => readings);
  useEffect(() => {
    if (wanted && !read) void loadReadings().then((loadedRead) => setRead(() => loadedRead));
  }, [wanted, read]);
  return read;
}
