import { type IntakeContent, intakeContentSchema } from '#shared/domain/intake.ts';

type Key = keyof IntakeContent;
const KEYS = Object.keys(intakeContentSchema.shape) as Key[];

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Joins a form that was saved from elsewhere with the one on this screen: a part changed here since `base` stays as it is
 * here, every other part is taken from `theirs`.
 */
export function mergeDraft(base: IntakeContent, mine: IntakeContent, theirs: IntakeContent): IntakeContent {
  const merged: Record<string, unknown> = { ...theirs };
  for (const key of KEYS) if (!isEqual(mine[key], base[key])) merged[key] = mine[key];
  return merged as IntakeContent;
}

/** The form as it can be stored, and the parts that cannot be. */
export interface StorableDraft {
  readonly content: IntakeContent;
  readonly refused: readonly Key[];
}

/**
 * Replaces parts that no database keeps exactly (too long, NUL, half of a surrogate pair) by what was stored before, so
 * that one bad field does not keep the rest of the form from being saved.
 */
export function toStorableDraft(content: IntakeContent, stored: IntakeContent): StorableDraft {
  if (intakeContentSchema.safeParse(content).success) return { content, refused: [] };
  const refused = KEYS.filter((key) => !intakeContentSchema.shape[key].safeParse(content[key]).success);
  const kept: Record<string, unknown> = { ...content };
  for (const key of refused) kept[key] = stored[key];
  return { content: kept as IntakeContent, refused };
}
