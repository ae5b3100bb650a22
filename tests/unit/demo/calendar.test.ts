import { describe, expect, it } from 'vitest';
import { describeMoment, localTime, startOfDay, toOfficeHours } from '#server/demo/calendar.ts';

/** Beijing time. */
const at = (text: string) => Date.parse(`${text}+08:00`);

describe('calendar of the demo centre', () => {
  it('counts days and hours in Beijing', () => {
    expect(localTime(at('2026-11-22T00:30:00'))).toEqual({ month: 11, day: 22, hour: 0, minute: 30, weekday: 0 });
    expect(startOfDay(at('2026-11-22T07:59:00'))).toBe(at('2026-11-22T00:00:00'));
  });

  it('leaves office hours alone and moves nights and weekends to the next working morning', () => {
    expect(toOfficeHours(at('2026-11-20T10:00:00'), 0)).toBe(at('2026-11-20T10:00:00'));
    expect(toOfficeHours(at('2026-11-20T04:00:00'), 15)).toBe(at('2026-11-20T08:45:00'));
    expect(toOfficeHours(at('2026-11-19T21:00:00'), 0)).toBe(at('2026-11-20T08:30:00'));
    // Friday evening and Sunday noon: Monday.
    expect(toOfficeHours(at('2026-11-20T18:00:00'), 0)).toBe(at('2026-11-23T08:30:00'));
    expect(toOfficeHours(at('2026-11-22T12:00:00'), 0)).toBe(at('2026-11-23T08:30:00'));
  });

  it('tells a moment as it is written and as people say it', () => {
    const now = at('2026-11-22T09:00:00');
    expect(describeMoment(at('2026-11-21T21:40:00'), now)).toEqual({
      formal: '11月21日21时许',
      spoken: '昨天晚上九点多',
    });
    expect(describeMoment(at('2026-11-22T02:10:00'), now)).toEqual({
      formal: '11月22日2时许',
      spoken: '今天凌晨两点多',
    });
    expect(describeMoment(at('2026-11-15T12:10:00'), now).spoken).toBe('15号中午十二点多');
  });
});
