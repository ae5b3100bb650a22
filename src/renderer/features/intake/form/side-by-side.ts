import type { FieldState } from '#shared/domain/form/form-evaluate.ts';

/** So many choices stand side by side; more are a list. */
const MOST = 4;

/** Whether a choice is drawn as a group of radio buttons. */
export function isSideBySide({ field, options }: FieldState): boolean {
  if (field.type !== 'single-choice' && field.type !== 'dependent-choice') return false;
  return options.length > 0 && options.length <= MOST;
}
