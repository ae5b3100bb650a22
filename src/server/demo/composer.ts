import categoriesFile from '#resources/categories.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { TicketType } from '#shared/domain/ticket.ts';
import { type Matter, MONTH_PROFILES } from './matters.ts';
import type { Phrases } from './phrases.ts';
import { type Rng, type WeightedIndex, weightedIndex } from './rng.ts';
import { compileTemplate, parseSlotValue, type SlotValue, slotsOf, type Template } from './template.ts';

/** Slots every ticket or place can have; a matter's own slots come behind them. */
const BUILT_IN = [
  'dist',
  'street',
  'road',
  'road2',
  'at',
  'estate',
  'shop',
  'village',
  'station',
  'pass',
  'river',
  'school',
  'hospital',
  'factory',
  'when',
  'who',
  'hi',
  'hiq',
  'dir2',
  'm',
] as const;
export type BuiltInSlot = (typeof BUILT_IN)[number];

/** Slot number of a built-in slot. */
export const SLOT = Object.fromEntries(BUILT_IN.map((name, index) => [name, index])) as Record<BuiltInSlot, number>;

/** A matter with its texts compiled. */
export interface CompiledMatter {
  readonly matter: Matter;
  readonly reportable: boolean;
  drawType(rng: Rng, caseNo: number): TicketType;
  /** Kind of the handling unit from the category tree; null when it depends. */
  readonly unit: string | null;
  /** Id of the special form from the category tree; null for the general one. */
  readonly form: string | null;
  readonly titles: readonly Template[];
  readonly words: readonly Template[];
  readonly contents: readonly Template[];
  readonly answers: readonly Template[];
  readonly replies: readonly Template[];
  /** Slots drawn once per ticket: number and values. */
  readonly drawn: readonly (readonly [slot: number, values: readonly SlotValue[]])[];
  readonly usesWhen: boolean;
  /** Length of the list of slot values. */
  readonly slotCount: number;
}

export interface Composer {
  readonly matters: readonly CompiledMatter[];
  readonly landmarks: Readonly<Record<'road' | 'estate' | 'village', readonly Template[]>>;
  readonly shared: CompiledMatter['drawn'];
  /** How a call about a matter and how a question begins. */
  readonly openers: Readonly<Record<'hi' | 'hiq', readonly SlotValue[]>>;
  compiled(matter: Matter): CompiledMatter;
  /** A matter by line, season and hour; `direct` = one that is answered on the spot. */
  draw(rng: Rng, when: { line: Line; direct: boolean; month: number; hour: number }): CompiledMatter;
}

/**
 * Compiles all texts and the tables to draw matters from.
 * @throws for a text that does not compile and a category code that the tree does not have
 */
export function createComposer(matters: readonly Matter[], phrases: Phrases): Composer {
  const leaves = new Map(listCategories(categoryTreeSchema.parse(categoriesFile)).map((leaf) => [leaf.code, leaf]));
  const sharedNames = Object.keys(phrases.slots);
  const shared = sharedNames.map(
    (name, i) => [BUILT_IN.length + i, (phrases.slots[name] ?? []).map(parseSlotValue)] as const,
  );
  const scopeFor = (own: readonly string[]) => ({
    slot: (name: string) => {
      const index = [...BUILT_IN, ...sharedNames, ...own].indexOf(name);
      return index < 0 ? null : index;
    },
    phrases: (name: string) => (name === 'hi' || name === 'hiq' ? null : (phrases.phrases[name] ?? null)),
  });
  const compile = (texts: readonly string[], own: readonly string[]) =>
    texts.map((text) => compileTemplate(text, scopeFor(own)));

  const compiled = matters.map((matter): CompiledMatter => {
    const own = Object.keys(matter.slots);
    const leaf = leaves.get(matter.code);
    if (!leaf) throw new Error(`Category ${matter.code} is not in resources/categories.json`);
    const texts = {
      titles: compile(matter.titles, own),
      words: compile(matter.words, own),
      contents: compile(matter.contents, own),
      answers: compile(matter.answers, own),
      replies: compile(matter.replies, own),
    };
    const used = new Set(Object.values(texts).flatMap((group) => group.flatMap((template) => [...slotsOf(template)])));
    return {
      matter,
      reportable: matter.types?.report !== undefined || matter.caseTypes?.includes('report') === true,
      drawType: createTypeDrawer(matter),
      unit: leaf.unit,
      form: leaf.form,
      ...texts,
      drawn: own.map((name, i) => [
        BUILT_IN.length + sharedNames.length + i,
        (matter.slots[name] ?? []).map(parseSlotValue),
      ]),
      usesWhen: used.has(SLOT.when),
      slotCount: BUILT_IN.length + sharedNames.length + own.length,
    };
  });
  const byMatter = new Map(compiled.map((entry) => [entry.matter, entry]));
  const { landmarks } = phrases;
  return {
    matters: compiled,
    landmarks: {
      road: compile(landmarks.road, []),
      estate: compile(landmarks.estate, []),
      village: compile(landmarks.village, []),
    },
    shared,
    openers: {
      hi: (phrases.phrases.hi ?? ['']).map(parseSlotValue),
      hiq: (phrases.phrases.hiq ?? ['']).map(parseSlotValue),
    },
    compiled: (matter) => {
      const entry = byMatter.get(matter);
      if (!entry) throw new Error(`Matter ${matter.code} was not compiled`);
      return entry;
    },
    draw: createDrawer(compiled),
  };
}

/** @throws for a matter without types */
function createTypeDrawer({ code, types, caseTypes }: Matter): CompiledMatter['drawType'] {
  if (caseTypes) return (_, caseNo) => caseTypes[caseNo % caseTypes.length] ?? 'other';
  const names = Object.keys(types ?? {}) as TicketType[];
  if (names.length === 0) throw new Error(`Matter ${code} has no types`);
  const index = weightedIndex(names.map((name) => types?.[name] ?? 0));
  return (rng) => names[index.draw(rng)] ?? 'other';
}

const HOURS_WEIGHT = {
  any: { day: 1, night: 1 },
  day: { day: 1, night: 0.15 },
  night: { day: 0.6, night: 3 },
} as const;

/** One table per line, outcome, month and time of day; made when first needed. */
function createDrawer(compiled: readonly CompiledMatter[]): Composer['draw'] {
  const tables = new Map<number, WeightedIndex>();
  const makeTable = (line: Line, direct: boolean, month: number, time: 'day' | 'night') =>
    weightedIndex(
      compiled.map(({ matter, answers, replies }) => {
        if (matter.line !== line || (direct ? answers : replies).length === 0) return 0;
        const share = direct ? matter.direct : 1 - matter.direct;
        const season = MONTH_PROFILES[matter.months][month - 1] ?? 1;
        return matter.weight * share * season * HOURS_WEIGHT[matter.hours][time];
      }),
    );
  return (rng, { line, direct, month, hour }) => {
    const time = hour >= 20 || hour < 6 ? 'night' : 'day';
    const key = month * 8 + (direct ? 4 : 0) + (line === '12350' ? 2 : 0) + (time === 'night' ? 1 : 0);
    let table = tables.get(key);
    if (!table) {
      table = makeTable(line, direct, month, time);
      tables.set(key, table);
    }
    const entry = compiled[table.draw(rng)];
    if (!entry) throw new Error(`No matter for line ${line} in month ${month}`);
    return entry;
  };
}
