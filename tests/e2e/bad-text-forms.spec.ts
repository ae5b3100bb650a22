import { isSideBySide } from '#renderer/features/intake/form/side-by-side.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatMinute } from '#renderer/ui/format-time.ts';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import { evaluateForm, type FieldState } from '#shared/domain/form/form-evaluate.ts';
import { initialData } from '#shared/domain/form/form-submit.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import { findForm, formVersions, latestForms } from '#shared/domain/form/shipped-forms.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import { type FormRound, planRounds, typedFields } from '../support/form-walk.ts';
import { expectNothingRan, expectPicker, expectSaid, LONG_TEXT, REFUSED_TEXTS } from '../support/guarded-fields.ts';
import { ODD_TEXT, type TextTry, tryTexts } from '../support/odd-text.ts';
import { context } from '../unit/shared/domain/form/form-samples.ts';
import { AGENT, expect, test } from './world.ts';

const FORMS: readonly CompiledForm[] = latestForms().flatMap(({ definition: { id } }) =>
  formVersions(id).map((version) => forceUnwrap(`${id} v${version}`, findForm(id, version))),
);
/** The ordinary ticket that a form is tried with, seen by an agent, and by a 班长 where a question is theirs. */
const CONTEXTS = (['agent', 'lead'] as const).map((role) => context({ now: Date.now(), type: 'help', role }));

const nameOf = ({ definition: { id, version } }: CompiledForm, field: string) => `${id} v${version} ${field}`;

/** What a person types for an answer. */
function writtenOf({ field, options }: FieldState, value: FormValue): string {
  if (field.type === 'date-time') return formatMinute(Number(value));
  return options.find((option) => option.value === value)?.label.zh ?? String(value);
}

/** Answers a question as a person does: a click on a choice, a name of a list, words. */
async function answer(seat: Seat, state: FieldState, value: FormValue): Promise<void> {
  const { field } = state;
  const testId = TEST_IDS.formField(field.id);
  const written = writtenOf(state, value);
  const pick = async (option: string) => {
    await seat.get(testId).fill(written);
    await seat.get(option).click();
  };
  switch (field.type) {
    case 'yes-no':
      return seat.get(`${testId}-${value === true ? 'yes' : 'no'}`).check({ force: true });
    case 'multiple-choice':
      for (const one of value as readonly string[]) await seat.get(`${testId}-${one}`).check({ force: true });
      return;
    case 'single-choice':
    case 'dependent-choice':
      if (isSideBySide(state)) return seat.get(`${testId}-${String(value)}`).check({ force: true });
      return pick(TEST_IDS.formOption(String(value)));
    case 'unit':
      return pick(TEST_IDS.formOption(String(value)));
    case 'division':
      return pick(TEST_IDS.intakeDivisionOption(String(value)));
    case 'category':
      return pick(TEST_IDS.intakeCategoryOption(String(value)));
    default:
      return seat.get(testId).fill(written);
  }
}

const TRIES: readonly TextTry[] = [
  ...REFUSED_TEXTS,
  { what: 'long', text: LONG_TEXT, outcome: 'either' },
  { what: 'odd', text: ODD_TEXT, outcome: 'either' },
];

/** A question keeps every text as it was typed, or refuses it with a message and leaves it there; one that is chosen takes none by itself. */
async function tryField(seat: Seat, id: string, what: string): Promise<'choice' | 'text' | 'shaped'> {
  const field = seat.get(TEST_IDS.formField(id));
  if ((await field.getAttribute('aria-haspopup')) === 'listbox') {
    await expectPicker(field);
    return 'choice';
  }
  const results = await tryTexts(field, TRIES, { keptIn: TEST_IDS.formPreviewData });
  for (const result of results) {
    if (result.isInvalid || result.outcome === 'refused') expectSaid(result, /\S/, what);
    else expect(result, `${what}: ${result.what}`).toMatchObject({ length: result.text.length, isKept: true });
  }
  // Days, numbers, telephone and identity numbers: no words can be read as such.
  return results.at(-1)?.isInvalid ? 'shaped' : 'text';
}

/** The questions on the screen that are answered by typing. */
const shownFields = (seat: Seat) =>
  seat.page
    .locator(
      `textarea[data-testid^="${TEST_IDS.formField('')}"]:enabled, input[data-testid^="${TEST_IDS.formField('')}"]:enabled:not([type="radio"], [type="checkbox"], [type="file"])`,
    )
    .evaluateAll((fields) => fields.map((field) => (field as HTMLElement).dataset.testid ?? ''));

async function walkRound(seat: Seat, form: CompiledForm, round: FormRound): Promise<readonly (readonly string[])[]> {
  const { id, version } = form.definition;
  const { context, answers, asked, fresh } = round;
  const data = { ...initialData(form, context), ...Object.fromEntries(answers) };
  const stateOf = (name: string) => forceUnwrap(`question ${name}`, evaluateForm(form, data, context).fields.get(name));
  await seat.get(TEST_IDS.formPreviewForm(id, version)).click();
  await seat.get(`${TEST_IDS.formPreviewRole}-${context.role}`).check({ force: true });
  for (const [name, value] of answers) await answer(seat, stateOf(name), value);
  await expect
    .poll(async () => (await shownFields(seat)).toSorted(), nameOf(form, 'questions that are asked'))
    .toEqual(asked.map((name) => TEST_IDS.formField(name)).toSorted());
  const seen: (readonly string[])[] = [];
  for (const name of fresh) {
    seen.push([nameOf(form, name), await tryField(seat, name, nameOf(form, name))]);
    // Others may be asked only because of what stood here.
    const before = data[name];
    await seat.get(TEST_IDS.formField(name)).fill('');
    await seat.get(TEST_IDS.formField(name)).blur();
    if (before !== undefined) await answer(seat, stateOf(name), before);
  }
  return seen;
}

test('every question of every special form, also those that are asked for some answers only, keeps what is typed or says why not', async ({
  world,
}) => {
  test.setTimeout(300_000);
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Alt+6');
  await seat.get(TEST_IDS.formPreviewOpen).click();
  const seen: (readonly string[])[] = [];
  for (const form of FORMS) {
    for (const round of planRounds(form, CONTEXTS)) seen.push(...(await walkRound(seat, form, round)));
  }
  // Every one by its name; a form or a question that is new is walked through by itself.
  const all = FORMS.flatMap((form) => typedFields(form).map((field) => nameOf(form, field)));
  expect(seen.map(([name]) => name).toSorted()).toEqual(all.toSorted());
  expect(all.length).toBeGreaterThan(100);
  expect([...new Set(seen.map(([, kind]) => kind))].toSorted()).toEqual(['choice', 'shaped', 'text']);
  await expectNothingRan(page);
});
