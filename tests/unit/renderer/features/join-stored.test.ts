import { describe, expect, it } from 'vitest';
import { joinStored } from '#renderer/features/intake/join-stored.ts';
import { emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';

const ANI = '13800004720';
const blank = emptyIntake(ANI);
const stored: IntakeContent = {
  ...blank,
  content: '小区门口积水三天未退',
  title: '积水',
  caller: { ...blank.caller, name: '赵先生', confidential: true },
};

describe('a form that was blank while the data process looked for its draft', () => {
  it('shows what is stored when nothing was written meanwhile', () => {
    expect(joinStored(ANI, blank, stored)).toEqual(stored);
  });

  it('keeps what was written meanwhile when the draft is new', () => {
    const typed = { ...blank, content: '路灯不亮' };
    expect(joinStored(ANI, typed, emptyIntake(ANI))).toEqual(typed);
  });

  it('loses no word of either: texts follow each other, what only one has is taken, a known name overwrites none', () => {
    const typed: IntakeContent = {
      ...blank,
      content: '水已经进了楼道',
      originalWords: '老人出不了门',
      caller: { ...blank.caller, name: '赵某' },
    };
    const joined = joinStored(ANI, typed, stored);
    expect(joined.content).toBe('小区门口积水三天未退\n水已经进了楼道');
    expect(joined.originalWords).toBe('老人出不了门');
    expect(joined.title).toBe('积水');
    expect(joined.caller).toMatchObject({ name: '赵先生', confidential: true });
  });

  it('does not repeat words that were saved already', () => {
    expect(joinStored(ANI, { ...blank, content: '积水三天' }, stored).content).toBe(stored.content);
  });
});
