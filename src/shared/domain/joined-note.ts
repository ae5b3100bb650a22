import { formatBeijing } from './beijing-time.ts';
import { type CodeNames, formAnswers } from './form/form-answers.ts';
import type { TicketForm } from './form/ticket-form.ts';
import type { Draft } from './intake.ts';
import { maskText } from './mask-text.ts';
import { isConfidential, secretsOf } from './masking.ts';
import { formatPhone, storePhone } from './phone.ts';
import { LIMITS } from './ticket.ts';

/** What the records say of those known under the caller's number. */
interface Known {
  /** One of them asked for confidentiality. */
  readonly confidential: boolean;
  readonly names: readonly string[];
  readonly phones: readonly string[];
}

/**
 * The words of a draft as notes on another ticket: everything that was written, the answers of its form, who called, where. Of a caller who is to be kept
 * secret only what their own ticket would show to everybody, because the other ticket may be read by everybody. Several notes when
 * one would be longer than a note may be; none when nothing was written.
 * @param codes names of the codes in the answers
 */
export function joinedNotes(
  { content, call }: Pick<Draft, 'content' | 'call'>,
  codes: CodeNames,
  known: Known = { confidential: false, names: [], phones: [] },
): readonly string[] {
  const { caller, place } = content;
  const told = [content.title, content.content].map((text) => text.trim()).filter((text) => text !== '');
  const words = content.originalWords.trim();
  const isSecret = known.confidential || isConfidential({ ...content, line: call?.line ?? '12345' });
  const answers = content.form ? answerLines(content.form, isSecret, codes) : [];
  if (told.length === 0 && words === '' && answers.length === 0) return [];
  const who = caller.anonymous
    ? ['匿名']
    : isSecret
      ? ['保密']
      : [caller.name.trim(), formatPhone(storePhone(caller.phone))];
  const where = isSecret ? [] : [place.address, place.landmark].map((text) => text.trim());
  const line = (label: string, parts: readonly string[]) => {
    const known = parts.filter((part) => part !== '');
    return known.length === 0 ? [] : [`${label}：${known.join('，')}`];
  };
  const text = [
    ...told,
    ...line('原话', [words]),
    ...answers,
    ...line('来电人', who),
    ...line('地点', where),
    ...line('事发时间', [whenOf(content)]),
    ...line('涉事主体', [content.subject.trim()]),
  ].join('\n');
  if (!isSecret) return splitText(text, LIMITS.longText);
  const { names, phones, addresses } = secretsOf({ caller, place, call });
  const secrets = { names: [...names, ...known.names], phones: [...phones, ...known.phones], addresses };
  return splitText(maskText(text, secrets), LIMITS.longText);
}

/** 事发时间 in Beijing time, or as it was typed. */
function whenOf({ occurredAt, occurredText }: Draft['content']): string {
  if (occurredText) return occurredText.trim();
  return occurredAt === null ? '' : formatBeijing(occurredAt);
}

/** What was asked and answered, one line each; of a secret caller without what says something about a person. */
function answerLines(form: TicketForm, isSecret: boolean, names: CodeNames): readonly string[] {
  return formAnswers(form, names)
    .filter(({ field }) => field.type !== 'attachment' && (!isSecret || field.personal === 'none'))
    .map(({ field, texts }) => `${field.label.zh}：${texts.map(({ zh }) => zh).join('、')}`);
}

/** Cuts a text into pieces of at most `max` UTF-16 units, never inside a character. */
function splitText(text: string, max: number): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + max);
    if (to < text.length && /[\uD800-\uDBFF]/.test(text.charAt(to - 1))) to -= 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}
