import { z } from 'zod';
import { LIMITS } from './ticket.ts';

const tagSchema = z.strictObject({
  code: z.string().regex(/^\d{4}$/),
  /** What a ticket keeps: other centres and old exports read it without this file. */
  name: z.string().min(1).max(LIMITS.tag),
  en: z.string().min(1),
});
/** Tags (second axis beside the category) in resources/tags.json: who, where, when, which policy topic, what circumstances. */
export const tagFileSchema = z.strictObject({
  version: z.number().int().positive(),
  groups: z
    .array(
      z.strictObject({
        code: z.string().regex(/^\d{2}$/),
        name: z.string().min(1),
        en: z.string().min(1),
        tags: z.array(tagSchema).min(1),
      }),
    )
    .min(1),
});
export type TagFile = z.infer<typeof tagFileSchema>;

/** A tag with its group, as the picker uses it. */
export interface TagEntry {
  readonly code: string;
  readonly names: readonly [string, string];
  readonly en: readonly [string, string];
}

/** All tags in file order. */
export function listTags(file: TagFile): readonly TagEntry[] {
  return file.groups.flatMap((group) =>
    group.tags.map((tag) => ({
      code: tag.code,
      names: [group.name, tag.name] as const,
      en: [group.en, tag.en] as const,
    })),
  );
}
