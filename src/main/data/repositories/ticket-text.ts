import { formAnswers } from '#shared/domain/form/form-answers.ts';
import { findForm, listAnswerLabels } from '#shared/domain/form/shipped-forms.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { rowHash } from '#shared/kernel/row-hash.ts';
import { foldText } from '#shared/kernel/text.ts';
import { divisionPath } from './division-names.ts';

/** Between two fields; no query can contain it, so nothing is found across a border. */
const SEPARATOR = '\n';

/** Answers that say nothing by themselves: yes and no are in every form. */
const SILENT = 'yes-no';

type TextSource = Pick<Ticket, 'provisionalNo' | 'fields'>;

/** Everything of a ticket that search finds by text, in the order in which a passage is preferred for display. */
export function searchableText(ticket: TextSource): string {
  const { fields } = ticket;
  return foldText(
    [
      fields.title,
      fields.content,
      fields.originalWords,
      fields.answer ?? '',
      fields.subject,
      fields.place.address,
      fields.place.landmark,
      divisionPath(fields.place.divisionCode),
      fields.caller.name,
      fields.caller.phone,
      fields.tags.join(SEPARATOR),
      ticket.provisionalNo,
      ...formTexts(ticket),
    ].join(SEPARATOR),
  );
}

/** Answers of the special form: texts, numbers, and the words of what was chosen in both languages. */
function formTexts({ fields: { form } }: Pick<Ticket, 'fields'>): readonly string[] {
  if (!form || isEmpty(form)) return [];
  if (!findForm(form.id, form.version)) {
    return Object.values(form.data).flatMap((value) =>
      typeof value === 'boolean' || value === null ? [] : [value].flat().map(String),
    );
  }
  return answersOf(form).flatMap(({ texts }) => texts.flatMap(({ zh, en }) => (zh === en ? [zh] : [zh, en])));
}

/** Answers in the lines "question：answer" of both languages, for showing why a ticket was found. */
export function formLines({ fields: { form } }: Pick<Ticket, 'fields'>): readonly string[] {
  if (!form || isEmpty(form)) return [];
  const answers = answersOf(form);
  return [
    ...answers.map(({ field, texts }) => `${field.label.zh}：${texts.map(({ zh }) => zh).join('、')}`),
    ...answers.map(({ field, texts }) => `${field.label.en}: ${texts.map(({ en }) => en).join(', ')}`),
  ];
}

/** Most tickets keep the general form with nothing in it. */
function isEmpty(form: NonNullable<Ticket['fields']['form']>): boolean {
  for (const _ in form.data) return false;
  return true;
}

function answersOf(form: NonNullable<Ticket['fields']['form']>) {
  const answers = formAnswers(form, { division: divisionPath, category: () => '' });
  return answers.filter(({ field }) => field.type !== SILENT);
}

let answerLabels: string | null = null;

/** True when a folded text stands in the label of some option: an answer is found by words its stored ticket does not hold. */
export function isPartOfAnswerLabel(text: string): boolean {
  answerLabels ??= foldText(listAnswerLabels());
  return answerLabels.includes(text);
}

/** Names of people and places, which are also found by how they are read. */
export function searchableNames(ticket: Pick<Ticket, 'fields'>): readonly string[] {
  return [...ownNames(ticket), divisionPath(ticket.fields.place.divisionCode)];
}

/** The same without the names of the division, which thousands of tickets share. */
export function ownNames({ fields: { caller, place, subject } }: Pick<Ticket, 'fields'>): readonly string[] {
  return [caller.name, place.address, place.landmark, subject];
}

/** 52-bit hash of the searchable text: the index is renewed only when it changed. */
export function textHash(text: string): number {
  const [hi, lo] = rowHash(text);
  return (hi & 0xfffff) * 0x1_0000_0000 + lo;
}
