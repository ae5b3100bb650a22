import type { OpResult, PushResponse } from '#shared/sync/wire.ts';

const texts = new WeakMap<object, string>();

/** The JSON text of a value that nobody changes any more: written once, also where hundreds of tickets share it. */
export function textOnce(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}

/** A result as JSON, written once for the log and the answer. Its clocks, which are most of it, are those of many others of its batch. */
export function resultText(result: OpResult): string {
  const known = texts.get(result);
  if (known !== undefined) return known;
  const text = writeResult(result);
  texts.set(result, text);
  return text;
}

function writeResult(result: OpResult): string {
  const { ticket, ...rest } = result;
  if (!ticket?.clocks) return JSON.stringify(result);
  const { clocks, ...facts } = ticket;
  return withMember(JSON.stringify(rest), 'ticket', withMember(JSON.stringify(facts), 'clocks', textOnce(clocks)));
}

/** The answer to a push as JSON. */
export function answerText({ ack, results }: PushResponse): string {
  return `{"ack":${ack},"results":[${results.map(resultText).join(',')}]}`;
}

/** The text of an object that has members, with one more at its end. */
function withMember(object: string, name: string, value: string): string {
  return `${object.slice(0, -1)},"${name}":${value}}`;
}
