import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAttachment, writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import { isCreditCode, normalizeCreditCode } from '#shared/domain/form/credit-code.ts';
import { birthOf, normalizeIdCard } from '#shared/domain/form/id-card.ts';

/** The example of GB 11643, appendix. */
const STANDARD_EXAMPLE = '11010519491231002X';

describe('identity card numbers (GB 11643)', () => {
  it('takes the example of the standard and tells its birthday', () => {
    expect(birthOf(STANDARD_EXAMPLE)).toBe('1949-12-31');
  });

  it('takes residence permits of Hong Kong, Macao and Taiwan and cards of foreigners', () => {
    expect(birthOf('810000199408230021')).toBe('1994-08-23');
    expect(birthOf('911124198108030024')).toBe('1981-08-03');
  });

  it('reads them in any written form', () => {
    expect(normalizeIdCard(' 110105 1949-1231 002x ')).toBe(STANDARD_EXAMPLE);
    expect(normalizeIdCard('１１０１０５１９４９１２３１００２Ｘ')).toBe(STANDARD_EXAMPLE);
  });

  it.each([
    ['a wrong check character', '110105194912310021'],
    ['a birthday that does not exist', '110105194902310029'],
    ['a province that does not exist', '99010519491231002X'],
    ['fifteen digits, invalid since 2013', '110105491231002'],
    ['letters', '1101051949123100ZX'],
    ['nothing', ''],
  ])('refuses %s', (_, idCard) => {
    expect(birthOf(idCard)).toBeNull();
  });

  it('finds every single wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (position, by) => {
        const digits = [...STANDARD_EXAMPLE];
        digits[position] = String((Number(digits[position]) + by) % 10);
        expect(birthOf(digits.join(''))).toBeNull();
      }),
    );
    for (let at = 0; at < 16; at++) {
      const digits = [...STANDARD_EXAMPLE];
      const [a = '', b = ''] = digits.slice(at, at + 2);
      digits.splice(at, 2, b, a);
      if (a !== b) expect(birthOf(digits.join('')), digits.join('')).toBeNull();
    }
  });
});

describe('unified social credit codes (GB 32100)', () => {
  const example = '91350100M000100Y43';

  it('takes the example of the standard in any written form', () => {
    expect(isCreditCode(example)).toBe(true);
    expect(normalizeCreditCode(' 91350100-m000100y43 ')).toBe(example);
  });

  it('finds every single wrong character', () => {
    const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    for (let at = 0; at < example.length; at++) {
      for (const character of characters) {
        if (character === example[at]) continue;
        expect(isCreditCode(example.slice(0, at) + character + example.slice(at + 1))).toBe(false);
      }
    }
  });

  it.each(['', '91350100M000100Y4', '91350100M000100Y433', '91350100I000100Y43'])('refuses %j', (code) => {
    expect(isCreditCode(code)).toBe(false);
  });
});

describe('attachment references', () => {
  it('come back as they were written', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => !/[/\\\0]/.test(text));
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), fc.nat(), name, (sha256, size, fileName) => {
        const ref = { sha256, size, type: 'image/jpeg', name: fileName };
        expect(readAttachment(writeAttachment(ref))).toEqual(ref);
        expect(readAttachment(writeAttachment({ ...ref, type: '' }))).toEqual({ ...ref, type: '' });
      }),
    );
  });

  it('are not mistaken for anything else', () => {
    const hash = 'a'.repeat(64);
    for (const written of [
      '',
      'x',
      `${hash} 1 image/jpeg`,
      `${hash} -1 - x`,
      `${hash} 1 - ../x`,
      `${hash} 1 - \u0000`,
    ]) {
      expect(readAttachment(written), written).toBeNull();
    }
  });
});
