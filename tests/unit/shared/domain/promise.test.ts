import { expect, test } from 'vitest';
import { isPromise, parseDue } from '#shared/domain/promise.ts';

/** Wednesday 2026-11-25 10:00 in Beijing. */
const NOW = Date.UTC(2026, 10, 25, 2);

/** When a promise made then is due, in Beijing. */
function due(text: string): string | null {
  const at = parseDue(text, NOW);
  return at === null ? null : new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

test('a promise is due when its words say so', () => {
  const cases: readonly [string, string | null][] = [
    ['承诺 周五前回电', '2026-11-27 18:00'],
    ['承诺周三回电', '2026-11-25 18:00'],
    ['承诺周一答复', '2026-11-30 18:00'],
    ['承诺下周一答复', '2026-11-30 18:00'],
    ['下周三上午', '2026-12-02 12:00'],
    ['本周日之前', '2026-11-29 18:00'],
    ['星期天', '2026-11-29 18:00'],
    ['今天下班前回电', '2026-11-25 18:00'],
    ['今晚回电', '2026-11-25 21:00'],
    ['明天下午3点前', '2026-11-26 15:00'],
    ['明天下午三点半', '2026-11-26 15:30'],
    ['后天中午', '2026-11-27 12:30'],
    ['两小时内回复', '2026-11-25 12:00'],
    ['半小时内', '2026-11-25 10:30'],
    ['1个半小时内', '2026-11-25 11:30'],
    ['30分钟后回电', '2026-11-25 10:30'],
    ['3天内答复', '2026-11-28 18:00'],
    ['十五日内', '2026-12-10 18:00'],
    ['一周内解决', '2026-12-02 18:00'],
    ['12月3日前', '2026-12-03 18:00'],
    ['12-3 17:00', '2026-12-03 17:00'],
    ['2026年12月31日', '2026-12-31 18:00'],
    ['1-3前答复', '2027-01-03 18:00'],
    ['月底前', '2026-11-30 18:00'],
    ['16:30回电', '2026-11-25 16:30'],
    ['9点回电', '2026-11-26 09:00'],
    ['promised to call back by Friday', '2026-11-27 18:00'],
    ['tomorrow morning', '2026-11-26 12:00'],
    ['in 2 hours', '2026-11-25 12:00'],
    // Working days need a calendar.
    ['3个工作日内答复', null],
    ['尽快回电', null],
    ['', null],
  ];
  for (const [text, expected] of cases) expect([text, due(text)]).toEqual([text, expected]);
});

test('a note is a promise when somebody commits themselves', () => {
  for (const text of ['承诺 周五前回电', '已答应明天修', '物业保证3天内', 'Promised a call'])
    expect(isPromise(text)).toBe(true);
  for (const text of ['周五前回电', '市民补充：灯又坏了', '']) expect(isPromise(text)).toBe(false);
});
