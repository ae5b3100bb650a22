import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import { compileForm } from '#shared/domain/form/form-compile.ts';
import type { FormContext } from '#shared/domain/form/form-context.ts';
import { describeFault } from '#shared/domain/form/form-faults.ts';

/** 2026-06-18 10:00 in Beijing. */
export const NOON_ISH = Date.UTC(2026, 5, 18, 2);

/** A word in both languages, for forms whose words do not matter. */
export function words(text: string) {
  return { zh: text, en: text };
}

/** A field definition with what every field has to say. */
export function field(id: string, type: string, more: object = {}) {
  return { id, type, label: words(id), personal: 'none', ...more };
}

export function option(value: string) {
  return { value, label: words(value) };
}

/** A form file with one section of these fields. */
export function formFile(fields: readonly object[], more: object = {}) {
  return {
    id: 'sample',
    version: 1,
    name: words('sample'),
    sections: [{ id: 'facts', title: words('facts'), fields }],
    ...more,
  };
}

/** Compiles a form that is expected to be good. */
export function compiled(file: unknown): CompiledForm {
  const form = compileForm(file);
  if (!form.ok) throw new Error(form.error.map(describeFault).join('\n'));
  return form.value;
}

/** The surroundings of an ordinary ticket. */
export function context(more: Partial<FormContext> = {}): FormContext {
  return {
    now: NOON_ISH,
    line: '12345',
    type: 'report',
    urgency: 'normal',
    categoryCode: null,
    divisionCode: null,
    occurredAt: null,
    address: '',
    subject: '',
    anonymous: false,
    confidential: false,
    role: 'agent',
    ...more,
  };
}
