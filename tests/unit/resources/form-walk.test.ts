import { expect, test } from 'vitest';
import { evaluateForm } from '#shared/domain/form/form-evaluate.ts';
import { initialData } from '#shared/domain/form/form-submit.ts';
import { findForm, formVersions, latestForms } from '#shared/domain/form/shipped-forms.ts';
import { planRounds, typedFields } from '#tests/support/form-walk.ts';
import { around } from './shipped-form.ts';

const forms = latestForms().flatMap(({ definition: { id } }) =>
  formVersions(id).map((version) => [`${id} v${version}`, id, version] as const),
);

test.each(forms)('%s asks each of its questions for some answers', (_, id, version) => {
  const form = findForm(id, version);
  if (!form) throw new Error(`no form ${id}`);
  const rounds = planRounds(form, [around(), around({ role: 'lead' })]);
  const fresh = rounds.flatMap((round) => round.fresh);
  expect(fresh.toSorted()).toEqual([...typedFields(form)].toSorted());
  // The answers themselves are ones a person can give: each question stands there, and takes them.
  for (const { context, answers, asked } of rounds) {
    const state = evaluateForm(form, { ...initialData(form, context), ...Object.fromEntries(answers) }, context);
    for (const [name] of answers) {
      expect(state.fields.get(name)).toMatchObject({ visible: true, enabled: true });
      expect(state.fields.get(name)?.value, name).not.toBeNull();
    }
    expect(asked.filter((name) => state.fields.get(name)?.visible !== true)).toEqual([]);
  }
  expect(rounds.length).toBeLessThan(12);
});
