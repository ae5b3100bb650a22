import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPhone, maskPhone, normalizePhone, parsePhones, storePhone } from '#shared/domain/phone.ts';

describe('phone numbers', () => {
  it.each([
    ['138 0000 0000', '13800000000'],
    ['+86 138-0000-0000', '13800000000'],
    ['0086 13800000000', '13800000000'],
    ['8613800000000', '13800000000'],
    ['013800000000', '13800000000'],
    ['１３８００００００００', '13800000000'],
    ['＋８６ 13800000000', '13800000000'],
    ['(025) 8000-1234', '02580001234'],
    ['+86 25 8000 1234', '02580001234'],
    ['025-80001234转801', '02580001234'],
    ['025-80001234 ext. 801', '02580001234'],
    ['80001234', '80001234'],
    ['12345', '12345'],
    ['', ''],
    ['匿名', ''],
  ])('%s is one number however it is written', (written, normalized) => {
    expect(normalizePhone(written)).toBe(normalized);
  });

  it.each([
    ['025-84000001-801', '02584000001', '801'],
    ['025-84000001转801', '02584000001', '801'],
    ['025-84000001 转 801', '02584000001', '801'],
    ['025-84000001分机801', '02584000001', '801'],
    ['025-84000001，分机号：801', '02584000001', '801'],
    ['025-84000001 x801', '02584000001', '801'],
    ['025 8400 0001 ext. 801', '02584000001', '801'],
    ['(025)8400-0001－801', '02584000001', '801'],
    ['０２５－８４００００01＃801', '02584000001', '801'],
    ['+86 25 8400 0001 转 801', '02584000001', '801'],
    ['84000001-801', '84000001', '801'],
    ['8400 0001-801', '84000001', '801'],
    ['0517-8400001-12', '05178400001', '12'],
    ['0512-84000001-8001', '051284000001', '8001'],
    ['400-800-1234-5', '4008001234', '5'],
    // As builds kept it that had no place for an extension.
    ['02584000001801', '02584000001', '801'],
    ['02584000001#801', '02584000001', '801'],
    ['12345转8', '12345', '8'],
  ])('%s has an extension of its own', (written, number, extension) => {
    expect(parsePhones(written)).toEqual([{ number, extension }]);
    expect(normalizePhone(written)).toBe(number);
    const stored = storePhone(written);
    expect(stored).toBe(`${number}#${extension}`);
    expect(storePhone(stored)).toBe(stored);
    expect(storePhone(formatPhone(stored))).toBe(stored);
  });

  it.each(['138-0000-0000', '025-8000-1234', '400-800-1234', '400-8001-234', '8000-1234', '0512 8000 1234', '12345'])(
    '%s has none',
    (written) => {
      expect(parsePhones(written)).toEqual([{ number: written.replace(/\D/g, ''), extension: '' }]);
    },
  );

  it.each([
    '13800001234、13900005678',
    '13800001234 13900005678',
    '13800001234，13900005678',
    '13800001234/13900005678',
    '138 0000 1234 或 139 0000 5678',
    '13800001234；025-84000001转801',
    '025-84000001 13800001234',
    '84000001、2',
  ])('%s is two numbers, of which none is thrown away', (written) => {
    expect(parsePhones(written)).toHaveLength(2);
    expect(storePhone(written)).toBe(written);
    expect(formatPhone(written)).toBe(written);
    expect(normalizePhone(written)).toBe(parsePhones(written)[0]?.number);
  });

  it('what holds no number stays as it was written', () => {
    expect(storePhone('不愿透露')).toBe('不愿透露');
    expect(storePhone('')).toBe('');
  });

  it('normalizing twice changes nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+0-9 ()-]{0,20}$/), (written) => {
        const once = normalizePhone(written);
        // A number that begins with the country code after its own country code was removed is not a number.
        fc.pre(!/^(0086|86\d{10,}|01[3-9]\d{9}$)/.test(once));
        expect(normalizePhone(once)).toBe(once);
      }),
    );
  });

  it('groups numbers for reading', () => {
    expect(formatPhone('13800000000')).toBe('138 0000 0000');
    expect(formatPhone('02580001234')).toBe('025-8000 1234');
    expect(formatPhone('051280001234')).toBe('0512-8000 1234');
    expect(formatPhone('12345')).toBe('12345');
    expect(formatPhone('02580001234#801')).toBe('025-8000 1234-801');
    expect(formatPhone('12345#8')).toBe('12345#8');
    expect(formatPhone('138****0000')).toBe('138****0000');
  });

  it('MK-1 a masked number shows at most seven digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{0,20}$/), (digits) => {
        expect(maskPhone(digits).replace(/\D/g, '').length).toBeLessThanOrEqual(7);
        expect(maskPhone(digits)).toHaveLength(digits.length);
      }),
    );
    expect(maskPhone('13800008000')).toBe('138****8000');
  });
});
