import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, redact } from '#server/log.ts';

describe('the log', () => {
  test('takes fields of its list only, one line each, whatever is in them', () => {
    const lines: string[] = [];
    const log = createLog({ now: () => 7 }, (line) => lines.push(line));
    log.info('request', { route: 'auth.login\nforged line', status: 200, ...{ name: '张三', body: '不可外传' } });
    expect(lines).toEqual([
      '{"time":7,"level":"info","event":"request","route":"auth.login\\nforged line","status":200}\n',
    ]);
  });

  test('reduces errors to class, SQL state and place', () => {
    const lines: string[] = [];
    const log = createLog({ now: () => 7 }, (line) => lines.push(line));
    log.error('request.failed', Object.assign(new RangeError('Key (phone)=(13800000000) exists'), { code: '23505' }), {
      route: 'sync.push',
    });
    log.error('request.failed', '13800000000');
    expect(lines.join('')).not.toContain('1380');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: 'RangeError', sqlState: '23505', route: 'sync.push' });
  });

  test.each([
    '13800001234',
    '+86 138 0000 1234',
    '025-8000 000012',
    '320102199001011234',
    '32010219900101123X',
    '6222 0212 3456 7890 123',
  ])('never lets %s through', (digits) => {
    expect(redact(`来电 ${digits} 的事`)).toBe('来电 [digits] 的事');
  });

  test('ids, times and counts stay readable; redacting twice changes nothing more', () => {
    const plain = 'f3b5f146-753d-4146-b3c0-8d8e350376f0 200 127.0.0.1 8080';
    expect(redact(plain)).toBe(plain);
    fc.assert(fc.property(fc.string(), (text) => redact(redact(text)) === redact(text)));
  });
});
