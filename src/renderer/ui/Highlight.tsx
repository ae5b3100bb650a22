import { foldText } from '#shared/kernel/text.ts';

interface Part {
  readonly text: string;
  readonly hit: boolean;
}

/**
 * Parts of a text, marked where one of the words occurs, whatever its case and width.
 * @param skipped characters that only group a text for reading (138 0000 0000) and are passed over when it is compared
 */
export function splitByWords(text: string, words: readonly string[], skipped = ''): readonly Part[] {
  const places: number[] = [];
  let compared = '';
  for (let i = 0; i < text.length; i++) {
    if (skipped.includes(text.charAt(i))) continue;
    places.push(i);
    compared += text.charAt(i);
  }
  compared = foldText(compared);
  const hit = new Uint8Array(text.length);
  for (const word of words.map(foldText)) {
    if (word === '') continue;
    for (let at = compared.indexOf(word); at >= 0; at = compared.indexOf(word, at + word.length)) {
      hit.fill(1, places[at] ?? 0, (places[at + word.length - 1] ?? 0) + 1);
    }
  }
  const parts: Part[] = [];
  let start = 0;
  for (let i = 1; i <= text.length; i++) {
    if (i < text.length && hit[i] === hit[start]) continue;
    parts.push({ text: text.slice(start, i), hit: hit[start] === 1 });
    start = i;
  }
  return parts;
}

interface HighlightProps {
  readonly text: string;
  readonly words: readonly string[];
  readonly skipped?: string;
}

/** Shows a text with the searched words marked. The text is only ever text. */
export function Highlight({ text, words, skipped = '' }: HighlightProps) {
  let position = 0;
  return splitByWords(text, words, skipped).map((part) => {
    const key = position;
    position += part.text.length;
    return part.hit ? <mark key={key}>{part.text}</mark> : <span key={key}>{part.text}</span>;
  });
}
