import { z } from 'zod';
import { wordsSchema } from '../form/form-definition.ts';
import { lineSchema } from '../roles.ts';

const codeSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** What points are taken off for; `points` is the most that can be lost with it. */
const itemSchema = z.strictObject({ id: codeSchema, title: wordsSchema, points: z.number().int().min(1).max(100) });
const sectionSchema = z.strictObject({ id: codeSchema, title: wordsSchema, items: z.array(itemSchema).min(1).max(30) });

/**
 * A score sheet (评分表), one version of it: resources/quality/<id>.v<version>.json. A version that was in use is never edited: what was
 * scored with it is shown with it ever after.
 */
export const scoreSheetSchema = z
  .strictObject({
    id: codeSchema,
    version: z.number().int().positive(),
    /** The lines whose tickets it is for. */
    lines: z.array(lineSchema).min(1),
    title: wordsSchema,
    /** Least points that pass. */
    passMark: z.number().int().min(0),
    /** Where items and points come from. */
    source: z.string().min(1).max(300),
    sections: z.array(sectionSchema).min(1).max(12),
    /** 一票否决: whoever did one of these has no points at all. */
    vetoes: z.array(z.strictObject({ id: codeSchema, title: wordsSchema })).max(12),
  })
  .superRefine((sheet, context) => {
    const seen = new Set<string>();
    const notice = (id: string, path: PropertyKey[]) => {
      if (seen.has(id)) context.addIssue({ code: 'custom', path, message: `${id} is named twice` });
      seen.add(id);
    };
    for (const [s, { items }] of sheet.sections.entries()) {
      for (const [i, { id }] of items.entries()) notice(id, ['sections', s, 'items', i, 'id']);
    }
    for (const [v, { id }] of sheet.vetoes.entries()) notice(id, ['vetoes', v, 'id']);
    if (sheet.passMark > fullMarks(sheet)) {
      context.addIssue({ code: 'custom', path: ['passMark'], message: 'more than the sheet gives' });
    }
  });
export type ScoreSheet = z.infer<typeof scoreSheetSchema>;
export type SheetItem = z.infer<typeof itemSchema>;

/**
 * Reads the file of a score sheet.
 * @param name of the file without its ending
 * @throws Error naming file, place and reason when it is not a good sheet or not the one its name says
 */
export function readSheetFile(name: string, json: unknown): ScoreSheet {
  const path = `resources/quality/${name}.json`;
  const parsed = scoreSheetSchema.safeParse(json);
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const { id, version } = parsed.data;
  if (`${id}.v${version}` !== name) throw new Error(`${path}: holds ${id} version ${version}`);
  return parsed.data;
}

/** Everything a ticket can have on a sheet. */
export function fullMarks({ sections }: Pick<ScoreSheet, 'sections'>): number {
  return sections.reduce((sum, { items }) => sum + items.reduce((points, item) => points + item.points, 0), 0);
}

/** The items of all sections, in their order. */
export function itemsOf({ sections }: ScoreSheet): readonly SheetItem[] {
  return sections.flatMap(({ items }) => items);
}
