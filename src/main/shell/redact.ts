const MAX_LENGTH = 2_000;

/**
 * Second net under the typed log: takes out of a line of foreign text what could name a person or open something:
 * Chinese words (names, content), runs of seven or more digits (phones, id cards, bank cards), long tokens and keys.
 */
export function redact(text: string): string {
  return text
    .slice(0, MAX_LENGTH)
    .replace(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]+/gu, '※')
    .replace(/[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, '[token]')
    .replace(/[A-Za-z0-9+=_]{32,}/g, '[token]')
    .replace(/\+?\d(?:[ -]?\d){6,}[0-9Xx]?/g, '[digits]');
}
