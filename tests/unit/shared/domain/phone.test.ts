import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPhone, maskPhone, normalizePhone } from '#shared/domain/phone.ts';

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
