import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import type { FormContext } from '#shared/domain/form/form-context.ts';
import { latestForm } from '#shared/domain/form/shipped-forms.ts';

/** 2026-06-18 23:30 in Beijing. */
export const NOW = Date.UTC(2026, 5, 18, 15, 30);
/** The surroundings of an ordinary ticket that night. */
export const around = (more: Partial<FormContext> = {}): FormContext => ({
  now: NOW,
  line: '12345',
  type: 'complaint',
  urgency: 'normal',
  categoryCode: null,
  divisionCode: '320106',
  occurredAt: null,
  address: '',
  subject: '',
  anonymous: false,
  confidential: false,
  role: 'agent',
  ...more,
});

/** The newest version of a form. */
export function form(id: string): CompiledForm {
  const found = latestForm(id);
  if (!found) throw new Error(`no form ${id}`);
  return found;
}
