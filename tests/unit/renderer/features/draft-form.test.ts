import { describe, expect, it } from 'vitest';
import {
  changeForm,
  type DraftForm,
  draftFormProblems,
  fillDraft,
  fillField,
  readDraftForm,
  toSubmittable,
} from '#renderer/features/intake/form/draft-form.ts';
import type { FormLibrary } from '#renderer/platform/form-library.ts';
import { formsOfLine, openingForm } from '#shared/domain/form/form-choice.ts';
import { findForm, formVersions, latestForm, latestForms } from '#shared/domain/form/shipped-forms.ts';
import { emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import type { Line } from '#shared/domain/roles.ts';
import { sampleCall } from '#tests/support/data/samples.ts';

const library: FormLibrary = {
  find: findForm,
  all: latestForms,
  versions: formVersions,
  ofLine: formsOfLine,
  opening: openingForm,
};
const CREATED = Date.UTC(2026, 5, 18, 2);

function draft(content: Partial<IntakeContent> = {}, line: Line = '12345') {
  return {
    content: { ...emptyIntake('13800000000'), ...content },
    call: { ...sampleCall('13800000000'), line },
    createdAt: CREATED,
  };
}

function read(facts: ReturnType<typeof draft>, ofCategory: string | null = null): DraftForm {
  const form = readDraftForm(library, facts, 'agent', ofCategory);
  if (!form) throw new Error('there are forms');
  return form;
}

function form(id: string) {
  const found = latestForm(id);
  if (!found) throw new Error(id);
  return found;
}

describe('the form a draft opens with', () => {
  it.each<[string | null, Line, string]>([
    [null, '12345', 'general'],
    ['noise', '12345', 'noise'],
    ['form-of-tomorrow', '12345', 'general'],
    [null, '12350', 'safety-report-12350'],
    ['noise', '12350', 'safety-report-12350'],
    // A 12350 category on the ordinary line: the report belongs to the special seat.
    ['safety-report-12350', '12345', 'general'],
  ])('category form %j on line %s: %s', (ofCategory, line, id) => {
    expect(read(draft({}, line), ofCategory).filled.id).toBe(id);
  });

  it('follows the category while nobody touched it, and is kept from the first answer on', () => {
    expect(read(draft(), 'noise')).toMatchObject({ isKept: false, filled: { id: 'noise' } });
    expect(read(draft(), 'flood')).toMatchObject({ isKept: false, filled: { id: 'flood', version: 2 } });
    const kept = draft({ form: fillField(read(draft(), 'noise').filled, 'kind', 'traffic') });
    expect(read(kept, 'flood')).toMatchObject({ isKept: true, filled: { id: 'noise', data: { kind: 'traffic' } } });
  });

  it('knows what the ticket says already', () => {
    const facts = draft({ categoryCode: '080104', subject: '某舞蹈队' });
    expect(read(facts, 'noise').filled.data).toMatchObject({ kind: 'square' });
    expect(read(draft({ categoryCode: '030105' }), 'flood').filled.data).toEqual({
      kind: 'farmland',
      observedAt: CREATED,
    });
  });

  it('an emptied answer stays empty', () => {
    const filled = fillField(read(draft({ categoryCode: '080104' }), 'noise').filled, 'kind', null);
    expect(read(draft({ categoryCode: '080104', form: filled }), 'noise').filled.data).toEqual({});
  });
});

describe('changing the form', () => {
  const noise = { id: 'noise', version: 1, data: { kind: 'traffic', from: '22:00' } };

  it('puts what was filled in aside and finds it again', () => {
    const before = draft({ form: noise });
    const changed = draft(changeForm(read(before, 'flood'), form('wage-arrears'), before, 'agent'));
    expect(read(changed, 'flood').filled.id).toBe('wage-arrears');
    expect(changed.content.otherForms).toEqual([noise]);
    expect(read(changed, 'flood').aside).toEqual([noise]);
    const back = changeForm(read(changed, 'flood'), form('noise'), changed, 'agent');
    expect(back).toEqual({ form: noise, otherForms: [] });
  });

  it('an untouched form leaves nothing aside', () => {
    const before = draft();
    expect(changeForm(read(before, 'noise'), form('flood'), before, 'agent').otherForms).toEqual([]);
  });

  it('back to the form of the category follows the category again', () => {
    const before = draft({ form: { id: 'general', version: 1, data: {} } });
    expect(changeForm(read(before, 'noise'), form('noise'), before, 'agent').form).toBeNull();
  });

  it('an older version that was put aside comes back as it was', () => {
    const old = { id: 'flood', version: 1, data: { kind: 'road', depth: 'knee' } };
    const before = draft({ form: noise, otherForms: [old] });
    expect(changeForm(read(before), form('flood'), before, 'agent').form).toEqual(old);
  });
});

describe('leaving the seat', () => {
  it('says what is missing when the matter goes on, and nothing when it is answered or handed over', () => {
    const facts = draft({ form: { id: 'flood', version: 2, data: { kind: 'road' } } });
    const codes = (outcome: 'submit' | 'direct_answer' | 'hand_off') =>
      draftFormProblems(read(facts), outcome).map((problem) => `${problem.field} ${problem.code}`);
    expect(codes('submit')).toEqual(['trapped REQUIRED']);
    expect(codes('direct_answer')).toEqual([]);
    expect(codes('hand_off')).toEqual([]);
  });

  it('a form this console does not have is left for the server to judge', () => {
    const facts = draft({ form: { id: 'flood', version: 9, data: { depth: '?' } } });
    expect(read(facts).known).toBeNull();
    expect(draftFormProblems(read(facts), 'submit')).toEqual([]);
    expect(toSubmittable(read(facts)).data).toEqual({ depth: '?' });
  });

  it('an answer nobody sees and no database keeps does not hold the draft back', () => {
    const data = { kind: 'dike', trapped: false, depth: 'a\u0000b', direction: '东面' };
    const facts = draft({ form: { id: 'flood', version: 2, data } });
    expect(toSubmittable(read(facts)).data).toEqual({ kind: 'dike', trapped: false, direction: '东面' });
  });
});

describe('a file that was being stored while its form was out of sight', () => {
  const attach = (before: unknown) => [...(Array.isArray(before) ? before : []), 'second'];
  const drawn = { id: 'noise', version: 1, data: { photos: ['first'] } };

  it('comes to what was answered meanwhile', () => {
    const now = { ...drawn, data: { photos: ['first'], source: 'shop' } };
    expect(fillDraft(draft().content, now, drawn, ['photos', attach])).toEqual({
      form: { ...drawn, data: { photos: ['first', 'second'], source: 'shop' } },
    });
  });

  it('comes to its own form when another one was chosen meanwhile', () => {
    const aside = { ...drawn, data: { photos: ['first'], source: 'shop' } };
    const { content } = draft({ otherForms: [aside] });
    const now = { id: 'general', version: 1, data: {} };
    expect(fillDraft(content, now, drawn, ['photos', attach])).toEqual({
      otherForms: [{ ...drawn, data: { photos: ['first', 'second'], source: 'shop' } }],
    });
  });
});
