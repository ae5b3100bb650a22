import { expect, test } from 'vitest';
import { emptyIntake } from '#shared/domain/intake.ts';
import { fillCaller, joinIntakes } from '#shared/domain/join-intakes.ts';
import { sampleIntake } from '#tests/support/data/samples.ts';

const PHONE = '13800001234';
const nobody = emptyIntake(PHONE).caller;
const known = { name: '王芳', gender: 'female', kind: 'person', confidential: false } as const;

test('保密 and 匿名 that the first seat was told are kept when the second one has written a name', () => {
  const mine = { ...emptyIntake(PHONE), caller: { ...nobody, name: '王芳' }, markers: ['repeat' as const] };
  const theirs = sampleIntake({
    caller: { ...nobody, name: '王小芳', gender: 'female', confidential: true, anonymous: true },
    markers: ['confidential'],
  });
  expect(joinIntakes(mine, theirs)).toMatchObject({
    caller: { name: '王芳', gender: 'female', confidential: true, anonymous: true },
    markers: ['repeat', 'confidential'],
  });
  expect(joinIntakes(theirs, mine).caller).toMatchObject({ name: '王小芳', confidential: true, anonymous: true });
});

test('a place is taken from both: the division of one, the address of the other', () => {
  const mine = emptyIntake(PHONE);
  mine.place = { ...mine.place, divisionCode: '320106' };
  const theirs = sampleIntake();
  theirs.place = { divisionCode: '320102', address: '中央路260号', landmark: '东门', coordinates: null };
  expect(joinIntakes(mine, theirs).place).toMatchObject({
    divisionCode: '320106',
    address: '中央路260号',
    landmark: '东门',
  });
});

test('what is known of a caller fills what is empty and takes no 保密 back', () => {
  expect(fillCaller(nobody, known)).toMatchObject(known);
  const ticked = { ...nobody, confidential: true };
  expect(fillCaller(ticked, known)).toEqual(ticked);
  expect(fillCaller({ ...nobody, anonymous: true }, known)).toEqual({ ...nobody, anonymous: true });
  // A name the agent has written stays; that the number is a secret one is still taken over.
  const named = { ...nobody, name: '王方', gender: 'male' as const };
  expect(fillCaller(named, { ...known, confidential: true })).toEqual({ ...named, confidential: true });
  // Nobody in particular is known under the number.
  const several = { name: '', gender: 'unknown', kind: 'person', confidential: true } as const;
  expect(fillCaller({ ...nobody, kind: 'organisation' }, several)).toEqual({
    ...nobody,
    kind: 'organisation',
    confidential: true,
  });
});

test('files of both seats stay, one that both attached once', () => {
  const line = (hash: string, name: string) => `${hash.repeat(64)} 12 image/png ${name}`;
  const mine = { ...emptyIntake(PHONE), attachments: [line('a', '1.png'), line('b', '2.png')] };
  const theirs = sampleIntake({ attachments: [line('b', '门口.png'), line('c', '3.png')] });
  expect(joinIntakes(mine, theirs).attachments).toEqual([...mine.attachments, line('c', '3.png')]);
});

test('what the colleague promised stays in the words when both promised', () => {
  const promise = { text: '今天回电', dueAt: null, byName: '' };
  const mine = { ...emptyIntake(PHONE), content: '路灯不亮', promise };
  const dueAt = Date.UTC(2026, 5, 19, 10);
  const theirs = sampleIntake({ promise: { text: '周五前修好', dueAt, byName: '周启明' } });
  const joined = joinIntakes(mine, theirs);
  expect(joined.promise).toEqual(promise);
  expect(joined.content).toBe('路灯不亮\n承诺（周启明）：周五前修好，期限 2026-06-19 18:00');
  expect(joinIntakes(mine, { ...theirs, promise }).content).toBe('路灯不亮');
  // Empty words are no promise.
  expect(joinIntakes({ ...mine, promise: { ...promise, text: ' ' } }, theirs).promise).toEqual(theirs.promise);
});
