import { optionsOfAnswer } from './answer-options.ts';
import { readAttachment } from './attachment-ref.ts';
import type { FormField, FormOption, Words } from './form-definition.ts';
import type { FormValue } from './form-value.ts';
import { findForm } from './shipped-forms.ts';
import type { TicketForm } from './ticket-form.ts';

const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** One answer of a form as people read it: what was asked and what was said. */
export interface FormAnswer {
  readonly field: FormField;
  /** One text; of several choices or files one each. */
  readonly texts: readonly Words[];
}

/** Names of codes a form may hold. */
export interface CodeNames {
  readonly division: (code: string) => string;
  readonly category: (code: string) => string;
}

/**
 * The answers of a ticket's form in words, in its order and with the words of the version it was written with; none of a form that this
 * build does not have.
 */
export function formAnswers(form: TicketForm, names: CodeNames): readonly FormAnswer[] {
  const known = findForm(form.id, form.version);
  if (!known) return [];
  return known.sections.flatMap((section) =>
    section.fields.flatMap(({ field }) => {
      const value = Object.hasOwn(form.data, field.id) ? (form.data[field.id] ?? null) : null;
      const texts = answerTexts(field, value, optionsOfAnswer(field, form.data), names).filter(({ zh }) => zh !== '');
      return texts.length === 0 ? [] : [{ field, texts }];
    }),
  );
}

function answerTexts(
  field: FormField,
  value: FormValue,
  options: readonly FormOption[],
  names: CodeNames,
): readonly Words[] {
  if (value === null) return [];
  if (typeof value === 'boolean') return [value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }];
  if (typeof value === 'number') return [numberText(field, value)];
  const label = (one: string) => options.find((option) => option.value === one)?.label ?? same(one);
  if (Array.isArray(value)) {
    return field.type === 'attachment' ? value.map((one) => same(readAttachment(one)?.name ?? '')) : value.map(label);
  }
  if (field.type === 'division') return [same(names.division(value))];
  if (field.type === 'category') return [same(names.category(value))];
  return [label(value)];
}

/** A number without thousands separators, so that it is found as it was typed. */
function numberText(field: FormField, value: number): Words {
  if (field.type === 'date-time') {
    return same(new Date(value + BEIJING_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' '));
  }
  if (field.type === 'money' || (field.type === 'computed' && field.result === 'money')) {
    return { zh: `${value}元`, en: `${value} yuan` };
  }
  const unit = 'unit' in field ? field.unit : undefined;
  return unit ? { zh: `${value}${unit.zh}`, en: `${value} ${unit.en}` } : same(String(value));
}

function same(text: string): Words {
  return { zh: text, en: text };
}
