import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NUMBER_PATTERNS, numberedPartAt } from '#shared/domain/address/address-numbers.ts';
import type { AddressPartKind } from '#shared/domain/address/address-part.ts';
import { BLANK_UNITS, PairFilter } from '#shared/domain/address/address-text.ts';
import {
  ADDRESS_WORDS,
  DIRECTION,
  DIRECTION_SECONDS,
  DIRECTION_STARTS,
  NAME_BORDER,
  NAME_BORDER_STARTS,
} from '#shared/domain/address/address-words.ts';

/** The units of the basic plane for which something holds. */
function unitsThat(is: (unit: number) => boolean): readonly number[] {
  return Array.from({ length: 0x10000 }, (_, unit) => unit).filter(is);
}

const hanOf = (pattern: RegExp) => Array.from(new Set(pattern.source.match(/[一-鿿]/g) ?? []));
const BEFORE: readonly (AddressPartKind | null)[] = [
  ...(['city', 'road', 'number', 'community', 'village', 'group', 'building', 'unit', 'floor', 'landmark'] as const),
  null,
];

/** Every pattern tried at every position. */
function numberedPlainly(text: string, position: number, before: AddressPartKind | null) {
  for (const { kind, pattern, after } of NUMBER_PATTERNS) {
    if (after && (before === null || !after.has(before))) continue;
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) return { kind, length: match[0].length, value: match[1] ?? '' };
  }
  return null;
}

describe('what is looked at before a pattern is tried keeps nothing from it', () => {
  test('a number with whatever stands behind it', () => {
    const pieces = Array.from(
      '0123456789一二十百〇两第甲丁东西新老临附负地下AGZ-、,~至和 #号楼栋幢座单元村民小组队弄巷之层室房户门大院线',
    );
    const text = fc.array(fc.constantFrom(...pieces, '12', '号楼', '单元', '村民组', '  ', '里'), { maxLength: 24 });
    fc.assert(
      fc.property(text, fc.constantFrom(...BEFORE), (characters, before) => {
        const whole = characters.join('');
        for (let at = 0; at < whole.length; at++) {
          expect(numberedPartAt(whole, at, before)).toEqual(numberedPlainly(whole, at, before));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a character behind a weak ending', () => {
    const others = unitsThat((unit) => unit >= 0x4e00 && unit <= 0x9fff && !NAME_BORDER_STARTS.has(unit));
    const behind = hanOf(NAME_BORDER);
    const found = others.flatMap((unit) =>
      behind.map((next) => String.fromCharCode(unit) + next).filter((rest) => NAME_BORDER.test(rest)),
    );
    expect(found).toEqual([]);
  });

  test('the second character of a direction', () => {
    const firsts = unitsThat((unit) => DIRECTION_STARTS.has(unit)).map((unit) => String.fromCharCode(unit));
    const seconds = hanOf(DIRECTION).filter((character) => !DIRECTION_SECONDS.has(character.charCodeAt(0)));
    const found = firsts
      .filter((first) => first !== '旁')
      .flatMap((first) => seconds.flatMap((second) => ['', '米', '面', '200米'].map((rest) => first + second + rest)))
      .filter((text) => {
        DIRECTION.lastIndex = 0;
        return DIRECTION.test(text);
      });
    expect(found).toEqual([]);
  });

  test('a blank, and the first two characters of a word', () => {
    expect(unitsThat((unit) => BLANK_UNITS.has(unit))).toEqual(
      unitsThat((unit) => /\s/.test(String.fromCharCode(unit))),
    );
    const starts = new PairFilter(ADDRESS_WORDS);
    expect(ADDRESS_WORDS.filter((word) => !starts.may(word.charCodeAt(0), word.charCodeAt(1)))).toEqual([]);
  });
});
