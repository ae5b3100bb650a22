import { expect, test } from 'vitest';
import { emptyIntake, intakeContentSchema, isUntouchedIntake } from '#shared/domain/intake.ts';

/** The form as it comes back from the disk. */
const stored = (phone: string) => intakeContentSchema.parse(emptyIntake(phone));

test('a form nobody wrote into is untouched, also after its way through the disk', () => {
  expect(isUntouchedIntake(emptyIntake('13900001111'), '13900001111')).toBe(true);
  expect(isUntouchedIntake(stored('13900001111'), '13900001111')).toBe(true);
  expect(isUntouchedIntake(stored('13900001111'), '+86 139 0000 1111')).toBe(true);
  expect(isUntouchedIntake(emptyIntake(''), '')).toBe(true);
});

test('one letter, one tick or another number is touched, and so is what cannot be kept', () => {
  const form = stored('13900001111');
  expect(isUntouchedIntake({ ...form, title: '路' }, '13900001111')).toBe(false);
  expect(isUntouchedIntake({ ...form, caller: { ...form.caller, confidential: true } }, '13900001111')).toBe(false);
  expect(isUntouchedIntake(form, '13900002222')).toBe(false);
  expect(isUntouchedIntake({ ...form, title: '\ud800' }, '13900001111')).toBe(false);
});
