const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Formats with a name instead of a pattern. */
export const NAMED_TIME_FORMATS = ['iso', 'epoch-ms', 'epoch-s', 'js-date'] as const;

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  m: '(?<minute>\\d{1,2})',
  ss: '(?<second>\\d{2})',
  s: '(?<second>\\d{1,2})',
  SSS: '(?<ms>\\d{3})',
};
const TOKEN = /yyyy|MM|M|dd|d|HH|H|mm|m|ss|SSS|s/g;

/** True when a pattern names at least a year, a month and a day, each once. */
export function isTimePattern(pattern: string): boolean {
  const tokens = pattern.match(TOKEN) ?? [];
  return (
    ['y', 'M', 'd'].every((letter) => tokens.some((token) => token.startsWith(letter))) &&
    new Set(tokens.map((token) => (token === 'SSS' ? token : token[0]))).size === tokens.length
  );
}

/**
 * Reads a written time.
 * @param formats tried in order: patterns of yyyy M MM d dd H HH m mm s ss SSS, or a name of {@link NAMED_TIME_FORMATS}
 * @param offsetMinutes zone of times that name none, minutes east of Greenwich (480 = Beijing)
 * @returns epoch ms, or null when no format fits or there is no such day or hour
 */
export function parseTime(written: string, formats: readonly string[], offsetMinutes: number): number | null {
  for (const format of formats) {
    const at = parseOne(written, format, offsetMinutes);
    if (at !== null) return at;
  }
  return null;
}

function parseOne(written: string, format: string, offsetMinutes: number): number | null {
  switch (format) {
    case 'iso':
      return parseIso(written, offsetMinutes);
    case 'epoch-ms':
      return /^\d{1,15}$/.test(written) ? Number(written) : null;
    case 'epoch-s':
      return /^\d{1,11}$/.test(written) ? Number(written) * 1_000 : null;
    case 'js-date':
      return parseJsDate(written);
    default: {
      const groups = toRegExp(format).exec(written)?.groups;
      return groups ? toEpoch(groups, offsetMinutes) : null;
    }
  }
}

const compiled = new Map<string, RegExp>();

function toRegExp(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  let source = '';
  let end = 0;
  for (const match of pattern.matchAll(TOKEN)) {
    source += escapeRegExp(pattern.slice(end, match.index)) + (TOKENS[match[0]] ?? '');
    end = match.index + match[0].length;
  }
  const expression = new RegExp(`^${source}${escapeRegExp(pattern.slice(end))}$`);
  compiled.set(pattern, expression);
  return expression;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function parseIso(written: string, offsetMinutes: number): number | null {
  const match =
    /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<ms>\d{3})\d*)?)?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/.exec(
      written,
    );
  return match?.groups ? toEpoch(match.groups, zoneMinutes(match.groups.zone) ?? offsetMinutes) : null;
}

/** What JavaScript's Date writes of itself: `Mon Apr 29 2019 09:05:00 GMT+0000 (…)`. */
function parseJsDate(written: string): number | null {
  const match =
    /^[A-Z][a-z]{2} (?<name>[A-Z][a-z]{2}) (?<day>\d{2}) (?<year>\d{4}) (?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2}) GMT(?<zone>[+-]\d{4})(?: \(.*\))?$/.exec(
      written,
    );
  if (!match?.groups) return null;
  const month = MONTHS.indexOf(match.groups.name ?? '') + 1;
  return toEpoch({ ...match.groups, month: String(month) }, zoneMinutes(match.groups.zone) ?? 0);
}

function zoneMinutes(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function toEpoch(parts: Readonly<Record<string, string | undefined>>, offsetMinutes: number): number | null {
  const part = (name: string) => Number(parts[name] ?? 0);
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')];
  const at = Date.UTC(year, month - 1, day, hour, minute, second, part('ms'));
  const back = new Date(at);
  // Date.UTC turns 31 April into 1 May: such a day does not exist and is not a time.
  const exists =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  const epoch = at - offsetMinutes * 60_000;
  return exists && epoch >= 0 ? epoch : null;
}
