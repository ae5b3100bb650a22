import { expect, test } from 'vitest';
import {
  addPhones,
  isPhone,
  isTouched,
  type PersonForm,
  problemOf,
  toChanges,
  toForm,
  toPhoneRows,
  withWritten,
} from '#renderer/features/citizen/person-form.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { START, sampleCitizen } from '#tests/support/data/samples.ts';

const citizen = sampleCitizen({
  name: '王芳',
  phones: ['13800001234', '02584000001'],
  remark: '下午在家',
  flags: [{ id: newId<EventId>(START), kind: 'care', text: '', until: null, at: START, byName: '林晓雯' }],
});

/** What a form says after changes, when the record is seen or masked. */
function changesOf(part: Partial<PersonForm>, masked = false) {
  const before = toForm(citizen, masked, '');
  return toChanges({ ...before, ...part }, before, masked);
}

test('what was not touched is not sent', () => {
  expect(changesOf({})).toEqual({});
  expect(changesOf({}, true)).toEqual({});
  expect(changesOf({ name: '王方 ' })).toEqual({ name: '王方' });
  expect(changesOf({ hearing: true })).toEqual({ needs: { hearing: true, language: '' } });
  expect(changesOf({ ageBand: 'senior', confidential: true })).toEqual({ ageBand: 'senior', confidential: true });
});

test('empty texts of a masked record keep what is there; of a seen one they empty it', () => {
  expect(changesOf({ remark: '' })).toEqual({ remark: '' });
  expect(changesOf({ remark: '', name: '' }, true)).toEqual({});
  expect(changesOf({ remark: '请慢慢说' }, true)).toEqual({ remark: '请慢慢说' });
});

test('numbers are named by their place in the record, in the order of the form', () => {
  const { phones } = toForm(citizen, false, '');
  const [first, second] = phones;
  if (!first || !second) throw new Error('two numbers');
  expect(changesOf({ phones: [second, first] })).toEqual({ phones: { kept: [1, 0], added: [] } });
  expect(changesOf({ phones: [first, { kind: 'added', written: '139 0000 5678' }] })).toEqual({
    phones: { kept: [0], added: ['139 0000 5678'] },
  });
});

test('flags are taken off and put on', () => {
  const [flag] = citizen.fields.flags;
  if (!flag) throw new Error('a flag');
  const added = { kind: 'threat' as const, text: '言语威胁', until: null };
  expect(changesOf({ removedFlags: [flag.id], addedFlags: [added] })).toEqual({
    flags: { removed: [flag.id], added: [added] },
  });
});

test('somebody new begins with the number they call from', () => {
  const before = toForm(null, false, '13900005678');
  expect(problemOf(before, before, false)).toBeNull();
  expect(toChanges({ ...before, name: '李雷' }, before, false)).toEqual({
    name: '李雷',
    phones: { kept: [], added: ['139 0000 5678'] },
  });
});

test('a person needs a name or a number, and every number has digits', () => {
  const form = toForm(citizen, false, '');
  expect(problemOf({ ...form, name: ' ', phones: [] }, form, false)).toBe('nobody');
  expect(problemOf({ ...form, name: ' ', phones: [] }, form, true)).toBeNull();
  expect(problemOf({ ...form, phones: [{ kind: 'added', written: '电话' }] }, form, false)).toBe('phone');
});

test('保密 is taken away for a reason only', () => {
  const before = toForm({ ...citizen, fields: { ...citizen.fields, confidential: true } }, false, '');
  const lifted = { ...before, confidential: false };
  expect(problemOf(lifted, before, false)).toBe('lift');
  expect(problemOf({ ...lifted, liftReason: ' ' }, before, false)).toBe('lift');
  expect(problemOf({ ...lifted, liftReason: '本人来电要求' }, before, false)).toBeNull();
  // It is no change like the others.
  expect(toChanges(lifted, before, false)).toEqual({});
});

test('several numbers written at once are a row each, with their extensions', () => {
  expect(isPhone('13700001111、025-84000001转801')).toBe(true);
  expect(toPhoneRows('13700001111、025-84000001转801')).toEqual([
    { kind: 'added', written: '137 0000 1111' },
    { kind: 'added', written: '025-8400 0001-801' },
  ]);
  expect(toPhoneRows(' 025-84000001转801 ')).toEqual([{ kind: 'added', written: '025-84000001转801' }]);
  expect(isPhone('13700001111、2')).toBe(false);
});

test('a number that is still being typed is not left behind', () => {
  const form = toForm(citizen, false, '');
  const written = { ...form, written: '025-84000009' };
  expect(toChanges(withWritten(written), form, false).phones?.added).toEqual(['025-84000009']);
  expect(withWritten({ ...form, written: '25' }).phones).toEqual(form.phones);
  expect(problemOf({ ...form, written: '25' }, form, false)).toBe('written');
  expect(problemOf({ ...form, written: '1'.repeat(31) }, form, false)).toBe('written');
  expect(problemOf({ ...form, written: '025-84000001' }, form, false)).toBeNull();
  expect(problemOf({ ...form, written: ' ' }, form, false)).toBeNull();
});

test('numbers beyond the tenth stay written and keep the form from being saved', () => {
  const form = toForm(citizen, false, '');
  const nine = Array.from({ length: 9 }, (_, i) => ({ kind: 'added', written: `1370000110${i}` }) as const);
  const result = addPhones(nine, '13700001111、13700002222、13700003333');
  expect(result.phones).toHaveLength(10);
  expect(result.written).toBe('137 0000 2222、137 0000 3333');
  expect(problemOf({ ...form, ...result }, form, false)).toBe('written');
  const typed = { ...form, phones: nine, written: '13700001111、13700002222' };
  expect(problemOf(typed, form, false)).toBe('written');
  expect(addPhones(nine, '13700001111').written).toBe('');
});

test('whatever was typed is asked about before the dialog goes, and words of a flag before saving', () => {
  const form = toForm(citizen, false, '');
  expect(isTouched({ ...form }, form)).toBe(false);
  for (const part of [{ name: '王方' }, { written: '1' }, { flagText: '独居' }]) {
    expect(isTouched({ ...form, ...part }, form)).toBe(true);
  }
  expect(problemOf({ ...form, flagText: '独居' }, form, false)).toBe('flag');
  expect(problemOf({ ...form, flagText: ' ' }, form, false)).toBeNull();
});
