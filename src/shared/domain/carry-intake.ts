import type { IntakeContent } from './intake.ts';
import { formatPhone, type Phone, parsePhones, storePhone } from './phone.ts';
import { LIMITS } from './ticket.ts';

/** A form with one line more in its content, or in the words of the caller when the content is full. */
export function addLine(content: IntakeContent, line: string): IntakeContent {
  for (const field of ['content', 'originalWords'] as const) {
    const text = content[field].trim() === '' ? line : `${content[field].trimEnd()}\n${line}`;
    if (text.length <= LIMITS.longText) return { ...content, [field]: text };
  }
  return content;
}

/**
 * A form as a hand-over to an emergency service takes it: nobody is asked to correct half a time or to choose between numbers while
 * somebody is in danger. What a ticket has no field for goes into its words.
 */
export function carryUnread(content: IntakeContent): IntakeContent {
  const { occurredText = '', promise, caller } = content;
  const [first, ...others] = parsePhones(caller.phone);
  let carried = content;
  if (first && others.length > 0) {
    carried = { ...carried, caller: { ...caller, phone: toStored(first) } };
    carried = addLine(carried, `其他号码：${others.map((phone) => formatPhone(toStored(phone))).join('、')}`);
  }
  if (occurredText.trim() !== '') {
    carried = addLine({ ...carried, occurredText: undefined }, `事发时间：${occurredText.trim()}`);
  }
  if (promise?.dueText) {
    const text = `${promise.text}（期限：${promise.dueText.trim()}）`;
    if (text.length <= LIMITS.longText) carried = { ...carried, promise: { ...promise, text, dueText: undefined } };
  }
  return carried;
}

function toStored({ number, extension }: Phone): string {
  return storePhone(extension === '' ? number : `${number}#${extension}`);
}
