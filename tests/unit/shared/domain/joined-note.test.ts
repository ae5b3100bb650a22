import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { joinedNotes } from '#shared/domain/joined-note.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { isStorableText } from '#shared/kernel/text.ts';
import { sampleCall, sampleIntake } from '#tests/support/data/samples.ts';

const place = { divisionCode: '320106', address: '中央路260号', landmark: '东面农田旁', coordinates: null };
const NAMES = { division: () => '鼓楼区', category: () => '路灯' };
const notesOf = (changes: Partial<IntakeContent>, call = sampleCall('13800001234')) =>
  joinedNotes({ content: sampleIntake({ place, ...changes }), call }, NAMES);

describe('a draft as a note on another ticket', () => {
  it('holds everything that was told', () => {
    expect(notesOf({ subject: '路灯管理处' })).toEqual([
      [
        '路灯不亮',
        '中央路260号门口的路灯坏了两年，晚上看不见路。',
        '原话：灯都坏了两年了',
        '来电人：王芳，138 0000 1234',
        '地点：中央路260号，东面农田旁',
        '涉事主体：路灯管理处',
      ].join('\n'),
    ]);
  });

  it('says when it happened, also as it was typed', () => {
    expect(notesOf({ occurredAt: Date.UTC(2026, 5, 18, 1) })[0]).toContain('事发时间：2026-06-18 09:00');
    expect(notesOf({ occurredText: '上个礼拜' })[0]).toContain('事发时间：上个礼拜');
  });

  const flood = { id: 'flood', version: 2, data: { kind: 'road', depth: 45, trapped: false } };
  const wage = {
    id: 'wage-arrears',
    version: 1,
    data: { employer: '金陵第八建筑公司', kinds: ['wage', 'overtime'], people: 37, total: 186400, foreman: '孙大勇' },
  };

  it('holds the answers of the form, with what was asked', () => {
    for (const line of ['积水深度：45', '人员被困：否']) expect(notesOf({ form: flood })[0]).toContain(line);
    const [wages = ''] = notesOf({ form: wage });
    for (const line of ['单位名称：金陵第八建筑公司', '涉及人数：37人', '班组长：孙大勇'])
      expect(wages).toContain(line);
    expect(notesOf({ title: '', content: '', originalWords: '', form: wage })[0]).toContain('金陵第八建筑公司');
  });

  it('of a secret caller holds no answer that says something about a person', () => {
    const [note = ''] = notesOf({ form: wage, caller: { ...sampleIntake().caller, confidential: true } });
    expect(note).toContain('单位名称：金陵第八建筑公司');
    for (const secret of ['孙大勇', '186400']) expect(note).not.toContain(secret);
  });

  it('is nothing when nothing was told', () => {
    expect(notesOf({ title: ' ', content: '\n', originalWords: '' })).toEqual([]);
  });

  it.each([
    ['asked for it', { caller: { ...sampleIntake().caller, confidential: true } }, undefined],
    ['gave no name', { caller: { ...sampleIntake().caller, anonymous: true } }, undefined],
    ['was marked', { markers: ['confidential' as const] }, undefined],
    ['called 12350', {}, { ...sampleCall('13800001234'), line: '12350' as const }],
  ])('keeps a caller secret who %s', (_, changes, call) => {
    const content = '王芳说中央路260号门口灯坏了，电话13800001234';
    const [note = ''] = notesOf({ content, originalWords: '打一三八零零零零幺二三四', ...changes }, call);
    expect(note).toMatch(/来电人：(?:保密|匿名)/);
    for (const secret of ['王芳', '13800001234', '0000 1234', '零零幺二三四', '中央路260号', '农田']) {
      expect(note).not.toContain(secret);
    }
  });

  it('loses nothing of a text of any length, and cuts no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 400 }), (text, times) => {
        const content = `始${text.replaceAll('\u0000', '').repeat(times)}`.slice(0, LIMITS.longText);
        if (!isStorableText(content)) return;
        const notes = notesOf({ content });
        expect(notes.join('')).toContain(content.trim());
        expect(notes.every((note) => note.length <= LIMITS.longText && note.length > 0 && isStorableText(note))).toBe(
          true,
        );
      }),
    );
  });
});
