import { useEffect, useState } from 'react';
import { createDivisionNames, type DivisionNames } from '#shared/domain/address/division-names.ts';
import { type CategoryEntry, type CategoryTree, listCategories } from '#shared/domain/category.ts';
import { type ClockPreset, type ClockPresetFile, presetsOfSet } from '#shared/domain/clock/clock-preset.ts';
import type { WorkCalendar } from '#shared/domain/clock/work-calendar.ts';
import { type DivisionEntry, type DivisionFile, listDivisions } from '#shared/domain/division.ts';
import { listTags, type TagEntry } from '#shared/domain/tag.ts';
import type { UrgencyRuleFile } from '#shared/domain/urgency-rules.ts';
import { matchEntries, type ReadName } from './picker-match.ts';

/** Categories, tags and divisions with their lookups. */
export interface ReferenceData {
  readonly categories: readonly CategoryEntry[];
  readonly categoryByCode: ReadonlyMap<string, CategoryEntry>;
  /** Limits of a kind of matter in a set of presets; of a set this build does not know, those of the first. */
  readonly clockPreset: (set: string | null, preset: string) => ClockPreset | undefined;
  readonly calendar: WorkCalendar;
  readonly tags: readonly TagEntry[];
  /** By the Chinese name, which is what a ticket keeps. */
  readonly tagByName: ReadonlyMap<string, TagEntry>;
  readonly urgencyRules: UrgencyRuleFile;
  readonly divisions: readonly DivisionEntry[];
  readonly divisionByCode: ReadonlyMap<string, DivisionEntry>;
  /** For finding divisions named in a text. */
  readonly divisionNames: DivisionNames;
}

let loading: Promise<ReferenceData> | null = null;
let loaded: ReferenceData | null = null;

/** Loads the category tree, its rules and the divisions, once. They are not part of the first paint. */
function loadReferenceData(): Promise<ReferenceData> {
  loading ??= Promise.all([
    import('#resources/categories.json'),
    import('#resources/clock-presets.json'),
    import('#resources/tags.json'),
    import('#resources/urgency-rules.json'),
    import('#resources/divisions.json'),
    import('#shared/domain/clock/shipped-calendar.ts'),
  ]).then(([tree, clocks, tagFile, rules, file, { shippedCalendar }]) => {
    const categories = listCategories(tree.default as unknown as CategoryTree);
    const tags = listTags(tagFile.default);
    const divisionFile = file.default as unknown as DivisionFile;
    const divisions = listDivisions(divisionFile);
    loaded = {
      categories,
      categoryByCode: new Map(categories.map((entry) => [entry.code, entry])),
      clockPreset: findPreset(clocks.default as unknown as ClockPresetFile),
      calendar: shippedCalendar(),
      tags,
      tagByName: new Map(tags.map((entry) => [entry.names[1], entry])),
      urgencyRules: rules.default as unknown as UrgencyRuleFile,
      divisions,
      divisionByCode: new Map(divisions.map((entry) => [entry.code, entry])),
      divisionNames: createDivisionNames(divisionFile.province[1], divisions),
    };
    return loaded;
  });
  return loading;
}

function findPreset(file: ClockPresetFile): ReferenceData['clockPreset'] {
  const sets = new Map(file.sets.map((set) => [set.id, presetsOfSet(file, set)]));
  const [first] = sets.values();
  return (set, preset) => (sets.get(set ?? '') ?? first)?.get(preset);
}

/** The reference data, or null until it is there. */
export function useReferenceData(): ReferenceData | null {
  const [data, setData] = useState(loaded);
  useEffect(() => {
    if (!data) void loadReferenceData().then(setData);
  }, [data]);
  return data;
}

/** Names read in one idle moment: some 2 ms. */
const NAMES_AT_A_TIME = 100;
const DRY_RUNS = ['n', 'gl', 'na', '路'] as const;
/** A busy page reads on all the same after this time. */
const IDLE_AT_MOST_MS = 500;

let readings: ReadName | null = null;
let loadingReadings: Promise<ReadName> | null = null;

/** Loads the 拼音 readings, once. */
function loadReadings(): Promise<ReadName> {
  loadingReadings ??= import('./readings.ts').then((module) => {
    readings = module.readName;
    return readings;
  });
  return loadingReadings;
}

/**
 * Loads what the pickers need and reads their names, a few at a time while nothing else is to do: reading all of them with the first
 * letter somebody types would take longer than a frame.
 */
export async function prepareReadings(): Promise<void> {
  const { divisions, categories, tags } = await loadReferenceData();
  const read = await loadReadings();
  const names = new Set([...divisions, ...categories, ...tags].flatMap((entry): readonly string[] => entry.names));
  const idle = () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: IDLE_AT_MOST_MS }));
  for (const batch of chunksOf([...names], NAMES_AT_A_TIME)) {
    await idle();
    for (const name of batch) read(name);
  }
  // What is looked up first runs before the engine has compiled it, and takes several times as long.
  for (const word of DRY_RUNS) {
    await idle();
    matchEntries(divisions, word, read, 1);
  }
}

function* chunksOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}

/** The readings, or null until they are there; `wanted` starts loading them. */
export function useReadings(wanted: boolean): ReadName | null {
  const [read, setRead] = useState<ReadName | null>(() => readings);
  useEffect(() => {
    if (wanted && !read) void loadReadings().then((loadedRead) => setRead(() => loadedRead));
  }, [wanted, read]);
  return read;
}
