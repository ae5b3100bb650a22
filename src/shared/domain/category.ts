import { z } from 'zod';
import { type Urgency, urgencySchema } from './ticket.ts';

/**
 * Who decides the handling unit of a leaf without a default one: `place` 属地 (the street or town), `owner` 权属单位 (whoever
 * owns the thing; unclear until a 研判), `subject` 被反映单位 (the office or firm the matter is about).
 */
export const UNIT_RULES = ['place', 'owner', 'subject'] as const;
export type UnitRule = (typeof UNIT_RULES)[number];

/** Id of a clock preset (resources/clock-presets.json) or of a special form. */
const slugSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const named = { name: z.string().min(1), en: z.string().min(1) };

/** One leaf of the category tree (大类 / 中类 / 小类), data in resources/categories.json. */
const categoryLeafSchema = z
  .strictObject({
    code: z.string().regex(/^\d{6}$/),
    ...named,
    /** Kind of the default handling unit (区城管局): the place of the ticket makes a name of it (`nameUnit`). */
    unit: z.string().min(1).optional(),
    unitBy: z.enum(UNIT_RULES).optional(),
    /** Instead of the group's. */
    clock: slugSchema.optional(),
    form: slugSchema.optional(),
    /** Proposed when the leaf is chosen; 一般 where it is left out. */
    urgency: urgencySchema.optional(),
  })
  .refine((leaf) => (leaf.unit === undefined) !== (leaf.unitBy === undefined), {
    message: 'a leaf has either a unit or a rule who decides it',
    path: ['unit'],
  });
const categoryGroupSchema = z.strictObject({
  code: z.string().regex(/^\d{4}$/),
  ...named,
  /** Clock preset and special form of the leaves that do not name their own. */
  clock: slugSchema,
  form: slugSchema.optional(),
  leaves: z.array(categoryLeafSchema).min(1),
});
const categoryRootSchema = z.strictObject({
  code: z.string().regex(/^\d{2}$/),
  ...named,
  groups: z.array(categoryGroupSchema).min(1),
});
/** The file: codes of children start with the code of their parent. */
export const categoryTreeSchema = z.strictObject({
  version: z.number().int().positive(),
  roots: z.array(categoryRootSchema).min(1),
});
export type CategoryTree = z.infer<typeof categoryTreeSchema>;

/** A leaf with its path and rules, as pickers and lists use it. */
export interface CategoryEntry {
  readonly code: string;
  readonly names: readonly [string, string, string];
  readonly en: readonly [string, string, string];
  /** Kind of the default unit, null when `unitBy` says who decides. */
  readonly unit: string | null;
  readonly unitBy: UnitRule | null;
  /** Id of the clock preset. */
  readonly clock: string;
  /** Id of the special form, null for the general one. */
  readonly form: string | null;
  /** Urgency to propose when nothing in the text asks for more. */
  readonly urgency: Urgency;
}

/** All leaves of the tree in file order, with what they take over from their group. */
export function listCategories(tree: CategoryTree): readonly CategoryEntry[] {
  return tree.roots.flatMap((root) =>
    root.groups.flatMap((group) =>
      group.leaves.map((leaf) => ({
        code: leaf.code,
        names: [root.name, group.name, leaf.name] as const,
        en: [root.en, group.en, leaf.en] as const,
        unit: leaf.unit ?? null,
        unitBy: leaf.unitBy ?? null,
        clock: leaf.clock ?? group.clock,
        form: leaf.form ?? group.form ?? null,
        urgency: leaf.urgency ?? 'normal',
      })),
    ),
  );
}
