import { describe, expect, it } from 'vitest';
import { mergeDraft, toStorableDraft } from '#renderer/platform/draft-merge.ts';
import { emptyIntake, type IntakeContent, intakeContentSchema } from '#shared/domain/intake.ts';

function draft(data: Record<string, string | number | string[]>, more: Partial<IntakeContent> = {}): IntakeContent {
  return { ...emptyIntake(''), form: { id: 'noise', version: 1, data }, ...more };
}

describe('a special form written in two windows', () => {
  it('is joined field by field', () => {
    const base = draft({ kind: 'traffic', from: '22:00', to: '23:00' });
    const mine = draft({ kind: 'traffic', from: '21:00', to: '23:00' });
    const theirs = draft({ kind: 'traffic', from: '22:00', distance: 30 });
    expect(mergeDraft(base, mine, theirs).form?.data).toEqual({ kind: 'traffic', from: '21:00', distance: 30 });
  });

  it('keeps what was emptied here empty', () => {
    const base = draft({ kind: 'traffic', from: '22:00' });
    expect(mergeDraft(base, draft({ kind: 'traffic' }), draft({ kind: 'road', from: '22:00' })).form?.data).toEqual({
      kind: 'road',
    });
  });

  it('that was changed for another one here stays the other one', () => {
    const base = draft({ kind: 'traffic' });
    const mine = draft({}, { form: { id: 'flood', version: 2, data: { kind: 'road' } } });
    expect(mergeDraft(base, mine, draft({ kind: 'traffic', from: '22:00' })).form).toEqual(mine.form);
  });
});

describe('a value no database keeps', () => {
  const bad = ['a\u0000b', 'a\ud800b', 'x'.repeat(20_001)];

  it.each(bad)('holds back its own field only (%#)', (value) => {
    const stored = draft({ site: '工地', from: '22:00' });
    const { content, refused } = toStorableDraft(draft({ site: value, from: '23:00' }), stored);
    expect(refused).toEqual(['form']);
    expect(content.form?.data).toEqual({ site: '工地', from: '23:00' });
    expect(intakeContentSchema.safeParse(content).success).toBe(true);
  });

  it('is left out when nothing was stored for the field, or for another form', () => {
    const stored = draft({}, { form: { id: 'flood', version: 2, data: { site: '堤防' } } });
    expect(toStorableDraft(draft({ site: 'a\u0000b', from: '23:00' }), stored).content.form?.data).toEqual({
      from: '23:00',
    });
  });
});
