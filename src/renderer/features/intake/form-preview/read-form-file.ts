import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import { compileForm } from '#shared/domain/form/form-compile.ts';
import type { FormFault } from '#shared/domain/form/form-faults.ts';
import { err, type Result } from '#shared/kernel/result.ts';

/** Larger files are something else, in bytes. */
export const MAX_FORM_FILE = 1024 * 1024;

/** Where JSON stops being JSON, as `line` and `column` from 1. */
export interface JsonPlace {
  readonly line: number;
  readonly column: number;
}

/** The place a JSON error names, in the text it is about; the start when it names none. */
export function placeInText(text: string, at: number): JsonPlace {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Reads the text of a form file: the form, or every fault with its place. */
export function readFormText(text: string): Result<CompiledForm, readonly FormFault[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // Engines say it as "at position 12"; an error at the end of the text has no position.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const at = position === undefined ? text.length : Number(position);
    return err([{ path: '', code: 'NOT_JSON', found: '', expected: '', at }]);
  }
  return compileForm(json);
}
