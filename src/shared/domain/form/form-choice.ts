import type { Line } from '../roles.ts';
import type { CompiledForm } from './compiled-form.ts';
import { latestForm, latestForms } from './shipped-forms.ts';

/** The form of every ticket that needs no other. */
const GENERAL_FORM = 'general';
/** The forms of the special seats (专席): a call on their line opens with them. */
const LINE_FORMS: Partial<Record<Line, string>> = { '12350': 'safety-report-12350' };

/** Whether a form may be used on a line. */
function fitsLine({ definition }: CompiledForm, line: Line): boolean {
  return definition.lines === undefined || definition.lines.includes(line);
}

/** The forms an agent may choose on a line. */
export function formsOfLine(line: Line): readonly CompiledForm[] {
  return latestForms().filter((form) => fitsLine(form, line));
}

/**
 * The form a matter opens with when nobody chose one: that of the line, else that of the category, else the general one.
 * @param ofCategory id of the form the category names, null for none
 */
export function openingForm(ofCategory: string | null, line: Line): CompiledForm | null {
  const wanted = LINE_FORMS[line] ?? ofCategory ?? GENERAL_FORM;
  const form = latestForm(wanted);
  return form && fitsLine(form, line) ? form : latestForm(GENERAL_FORM);
}
