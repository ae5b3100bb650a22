/** A digit as people write it: half-width, full-width, Chinese. */
export const DIGIT_FORMS = [
  '0０〇零○',
  '1１一幺壹',
  '2２二贰',
  '3３三叁',
  '4４四肆',
  '5５五伍',
  '6６六陆',
  '7７七柒',
  '8８八捌',
  '9９九玖',
] as const;

const HAN = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const BLANK = '\\s*';

/** Pattern of some words in the ways they are written: spaces between the characters, full-width or half-width, digits in Chinese. */
export function writtenPattern(words: string): string {
  return words
    .replaceAll(/\s/g, '')
    .split(/(\d+)/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\d+$/.test(piece) ? numberPattern(piece) : Array.from(piece, characterPattern).join(BLANK)))
    .join(BLANK);
}

function numberPattern(digits: string): string {
  const each = Array.from(digits, (digit) => `[${DIGIT_FORMS[Number(digit)] ?? ''}]`).join(BLANK);
  const han = inHan(Number(digits));
  return han === null ? each : `(?:${each}|${Array.from(han).join(BLANK)})`;
}

/** 260 as 二百六十, 12 as 十二; null for numbers that nobody says like that. */
function inHan(value: number): string | null {
  if (value < 10 || value > 999) return null;
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10];
  const high = hundreds > 0 ? `${HAN[hundreds]}百${tens === 0 && ones > 0 ? '零' : ''}` : '';
  const middle = tens > 0 ? `${tens === 1 && hundreds === 0 ? '' : HAN[tens]}十` : '';
  return `${high}${middle}${HAN[ones]}`;
}

function characterPattern(character: string): string {
  const code = character.charCodeAt(0);
  const isFull = code > 0xff00 && code < 0xff5f;
  const half = isFull ? String.fromCharCode(code - 0xfee0) : character;
  const halfCode = half.charCodeAt(0);
  const quoted = half.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
  if (halfCode <= 0x20 || halfCode >= 0x7f) return quoted;
  return `(?:${quoted}|${String.fromCharCode(halfCode + 0xfee0)})`;
}
