const DIGITS: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const DIGIT = '[一二两三四五六七八九]';
/** Below 万; after a unit that was skipped 零 has to stand: 一百零五, not 一百五, which is 150. */
const BELOW_WAN = new RegExp(
  `^(?:(${DIGIT})千)?(?:(零)?(${DIGIT})百)?(?:(零)?(${DIGIT})?十)?(?:([零〇])?(${DIGIT}))?$`,
);
const WAN = 10_000;
const YI = 100_000_000;

function readBelowWan(text: string): number | null {
  if (text === '零' || text === '〇') return 0;
  const match = text === '' ? null : BELOW_WAN.exec(text);
  if (!match) return null;
  const [, thousands, , hundreds, , tens, zero, ones] = match;
  const digit = (written: string | undefined) => DIGITS[written ?? ''] ?? 0;
  const hasTen = text.includes('十');
  // 一百十: nobody says it, but it can be nothing else than 110.
  const head = digit(thousands) * 1_000 + digit(hundreds) * 100 + (hasTen ? (digit(tens) || 1) * 10 : 0);
  const isShort = ones !== undefined && !zero && !hasTen && head > 0;
  return head + digit(ones) * (isShort ? (hundreds ? 10 : 100) : 1);
}

/**
 * A whole number in Chinese words: 十五, 二十三万, 一百零五, 三千五 (3500), 两万三 (23000), 一亿.
 * @returns null when it is none, or more than one (两三万, 十几)
 */
export function readHanNumber(text: string): number | null {
  for (const [unit, size] of [
    ['亿', YI],
    ['万', WAN],
  ] as const) {
    const at = text.lastIndexOf(unit);
    if (at < 0) continue;
    const [above, below] = [readHanNumber(text.slice(0, at)), text.slice(at + 1)];
    if (above === null || above === 0) return null;
    if (below === '') return above * size;
    // 两万三 is 23000.
    if (new RegExp(`^${DIGIT}$`).test(below)) return above * size + (DIGITS[below] ?? 0) * (size / 10);
    const rest = readHanNumber(below.replace(/^[零〇](?=.)/, ''));
    return rest === null || rest >= size ? null : above * size + rest;
  }
  return readBelowWan(text);
}
