import { readHanNumber } from '../han-number.ts';
import { roundTo } from './expression-functions.ts';
import type { Words } from './form-definition.ts';

const MULTIPLES: Readonly<Record<string, number>> = { 百: 100, 千: 1_000, 万: 10_000, 亿: 100_000_000 };
/** What people are counted by, where a field counts people or says no unit. */
const PEOPLE = ['人', '个人', '名', '位', '人次'];
const CURRENCY = ['块钱', '块', '元钱', '元整', '元', '人民币'];
const APPROXIMATELY = /^(?:大约|大概|约)/;
const OR_SO = /左右$/;

function withoutUnit(text: string, units: readonly string[]): string {
  const unit = units.filter((each) => each !== '' && text.endsWith(each)).sort((a, b) => b.length - a.length)[0];
  return unit === undefined ? text : text.slice(0, -unit.length);
}

/** The units a number may be written with: those of its field; 15人 is no number of households. */
function unitsOf(unit: Words | undefined): readonly string[] {
  if (!unit) return [...PEOPLE, '个', '元'];
  return [unit.zh, `个${unit.zh}`, unit.en, '个', ...(PEOPLE.includes(unit.zh) ? PEOPLE : [])];
}

/**
 * The one number a text says: 1,200 · 1.2万 · 15人 · 十五 · 约23万 · 二十三万元. About as much is taken as that much; from-to (两三万)
 * and more-than (20多人) are no one number.
 * @param kind money is in 元
 * @param unit what the field counts, when it says so
 * @returns null when it says none
 */
export function readWrittenAmount(written: string, kind: 'number' | 'money', unit?: Words): number | null {
  const plain = written.normalize('NFKC').replace(/[,\s]/g, '').replace(APPROXIMATELY, '').replace(OR_SO, '');
  const text = withoutUnit(plain.replace(/^¥/, ''), kind === 'money' ? CURRENCY : unitsOf(unit));
  // 23万 in a field of 万元 may be either.
  if (unit && /^[百千万亿]/.test(unit.zh) && /[百千万亿]/.test(text)) return null;
  const match = /^(-?\d{1,15}(?:\.\d{1,6})?)([百千万亿]?)$/.exec(text);
  if (match) return roundTo(Number(match[1]) * (MULTIPLES[match[2] ?? ''] ?? 1), 6);
  return readHanNumber(text);
}
