import { z } from 'zod';
import { isStorableText, textSchema } from '../kernel/text.ts';
import { ARTICLE_LIMITS, type ArticleContent, SECTION_KINDS, type SectionKind } from './knowledge.ts';
import { LIMITS } from './ticket.ts';

/** More than an article may have, so that a text that is too long is kept while it is shortened. */
const RAW_MAX = 10 * LIMITS.longText;
const raw = textSchema(RAW_MAX);

/** An article as an editor types it: anything may be missing, lists are lines of text, dates are written as one likes. */
export const articleFormSchema = z.strictObject({
  title: raw,
  categoryCodes: z.array(textSchema(6)).max(50),
  /** One question a line. */
  questions: raw,
  answer: raw,
  /** One point a line. */
  sections: z.strictObject({
    conditions: raw,
    ask: raw,
    steps: raw,
    materials: raw,
    time: raw,
    cost: raw,
    where: raw,
    phone: raw,
    note: raw,
  } satisfies Record<SectionKind, typeof raw>),
  sources: z.array(z.strictObject({ title: raw, number: raw, issuer: raw, date: raw })).max(30),
  validFrom: raw,
  validTo: raw,
  /** Separated by spaces, commas or 、. */
  keywords: raw,
  demo: z.boolean(),
  /** What changed and why, for whoever approves it. */
  changeNote: raw,
});
export type ArticleForm = z.infer<typeof articleFormSchema>;

export type ArticleFormField =
  | 'title'
  | 'categoryCodes'
  | 'questions'
  | 'answer'
  | SectionKind
  | 'sources'
  | 'validFrom'
  | 'validTo'
  | 'keywords'
  | 'changeNote';
export interface ArticleFormProblem {
  readonly field: ArticleFormField;
  readonly code: 'REQUIRED' | 'TOO_LONG' | 'TOO_MANY' | 'BAD_DATE' | 'DATES_REVERSED' | 'UNSTORABLE_TEXT';
}

/** A form with what an article says, or an empty one. */
export function toArticleForm(content: ArticleContent | null): ArticleForm {
  const sections = Object.fromEntries(
    SECTION_KINDS.map((kind) => [
      kind,
      (content?.sections.find((section) => section.kind === kind)?.lines ?? []).join('\n'),
    ]),
  ) as ArticleForm['sections'];
  return {
    title: content?.title ?? '',
    categoryCodes: [...(content?.categoryCodes ?? [])],
    questions: (content?.questions ?? []).join('\n'),
    answer: content?.answer ?? '',
    sections,
    sources: (content?.sources ?? []).map(({ date, ...source }) => ({ ...source, date: date ?? '' })),
    validFrom: content?.validFrom ?? '',
    validTo: content?.validTo ?? '',
    keywords: (content?.keywords ?? []).join(' '),
    demo: content?.demo ?? false,
    changeNote: '',
  };
}

/** What a form means, and what keeps it from being proposed (in the order of the form). */
export interface ReadArticleForm {
  /** Null while there are problems. */
  readonly content: ArticleContent | null;
  readonly problems: readonly ArticleFormProblem[];
}

/** Reads a form. An article needs a title, words to read out, a category and a source: nobody reads out what rests on nothing. */
export function readArticleForm(form: ArticleForm): ReadArticleForm {
  const problems: ArticleFormProblem[] = [];
  const add = (field: ArticleFormField, code: ArticleFormProblem['code']) => void problems.push({ field, code });
  const text = (field: ArticleFormField, value: string, max: number, isRequired = false) => {
    const trimmed = value.trim();
    if (isRequired && trimmed === '') add(field, 'REQUIRED');
    if (trimmed.length > max) add(field, 'TOO_LONG');
    if (!isStorableText(trimmed)) add(field, 'UNSTORABLE_TEXT');
    return trimmed;
  };
  const list = (field: ArticleFormField, values: readonly string[], max: number, most: number) => {
    if (values.length > most) add(field, 'TOO_MANY');
    if (values.some((value) => value.length > max)) add(field, 'TOO_LONG');
    if (!values.every(isStorableText)) add(field, 'UNSTORABLE_TEXT');
    return [...values];
  };
  const day = (field: 'validFrom' | 'validTo' | 'sources', value: string) => {
    const read = readDay(value);
    if (read === undefined) add(field, 'BAD_DATE');
    return read ?? null;
  };

  const title = text('title', form.title, LIMITS.title, true);
  const categoryCodes = list('categoryCodes', [...new Set(form.categoryCodes)], 6, 20);
  if (categoryCodes.length === 0) add('categoryCodes', 'REQUIRED');
  const questions = list('questions', toLines(form.questions), LIMITS.title, ARTICLE_LIMITS.questions);
  const answer = text('answer', form.answer, LIMITS.longText, true);
  const sections = SECTION_KINDS.map((kind) => ({
    kind,
    lines: list(kind, toLines(form.sections[kind]), ARTICLE_LIMITS.line, ARTICLE_LIMITS.lines),
  })).filter(({ lines }) => lines.length > 0);
  const written = form.sources.filter((source) => Object.values(source).some((part) => part.trim() !== ''));
  if (written.length === 0 || written.some((source) => source.title.trim() === '')) add('sources', 'REQUIRED');
  if (written.length > ARTICLE_LIMITS.sources) add('sources', 'TOO_MANY');
  const sources = written.map((source) => ({
    title: text('sources', source.title, LIMITS.address),
    number: text('sources', source.number, LIMITS.name),
    issuer: text('sources', source.issuer, LIMITS.name),
    date: day('sources', source.date),
  }));
  const validFrom = day('validFrom', form.validFrom);
  const validTo = day('validTo', form.validTo);
  if (validFrom !== null && validTo !== null && validTo < validFrom) add('validTo', 'DATES_REVERSED');
  const words = [...new Set(form.keywords.split(/[\s,，、;；]+/).filter((word) => word !== ''))];
  const keywords = list('keywords', words, LIMITS.tag, ARTICLE_LIMITS.keywords);
  text('changeNote', form.changeNote, ARTICLE_LIMITS.note);

  const { demo } = form;
  const content = { title, categoryCodes, questions, answer, sections, sources, validFrom, validTo, keywords, demo };
  return { content: problems.length === 0 ? content : null, problems: withoutRepetitions(problems) };
}

/** Lines with something in them, without the space around them. */
function toLines(value: string): readonly string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Reads a day as an editor writes it: 2026-06-18, 2026年6月18日. @returns yyyy-MM-dd, null for nothing, undefined for what is no day */
export function readDay(value: string): string | null | undefined {
  const written = value.normalize('NFKC').trim();
  if (written === '') return null;
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(written);
  if (!match) return undefined;
  const [, year = '', month = '', dayOfMonth = ''] = match;
  const iso = `${year}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`;
  return z.iso.date().safeParse(iso).success ? iso : undefined;
}

function withoutRepetitions(problems: readonly ArticleFormProblem[]): readonly ArticleFormProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ field, code }) => {
    const key = `${field} ${code}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
