import { expect, it } from 'vitest';
import type { FormContext } from '#shared/domain/form/form-context.ts';
import { checkForm, recheckForm } from '#shared/domain/form/form-submit.ts';
import { latestForms } from '#shared/domain/form/shipped-forms.ts';
import { isForItself } from '#shared/domain/form/untouched-form.ts';
import { LINES, ROLES } from '#shared/domain/roles.ts';
import { TICKET_TYPES } from '#shared/domain/ticket.ts';

const SURROUNDINGS = TICKET_TYPES.map((type, index) => ({
  now: Date.UTC(2026, index, 27),
  type,
  urgency: index % 2 === 0 ? ('normal' as const) : ('critical' as const),
  categoryCode: index % 2 === 0 ? '010101' : null,
  divisionCode: index % 3 === 0 ? '320102' : null,
  occurredAt: index % 3 === 0 ? Date.UTC(2026, 1, 1) : null,
  address: '某路 1 号',
  subject: index % 2 === 0 ? '' : '某公司',
  anonymous: index % 2 === 0,
  confidential: index % 3 === 0,
}));

it('says of a form nobody has filled in what its own evaluation says, however often and around which ticket', () => {
  for (const form of latestForms()) {
    for (const line of LINES) {
      for (const role of ROLES) {
        for (const around of SURROUNDINGS) {
          for (const rigour of ['complete', 'readable', 'as-is'] as const) {
            const context: FormContext = { ...around, line, role };
            expect(recheckForm(form, {}, context, rigour)).toEqual(checkForm(form, {}, context, rigour));
          }
        }
      }
    }
  }
});

it('knows the general form as one that asks nothing about its ticket, and others that do', () => {
  const alone = latestForms().filter(isForItself);
  expect(alone.map(({ definition }) => definition.id)).toContain('general');
  expect(alone.length).toBeLessThan(latestForms().length);
});
