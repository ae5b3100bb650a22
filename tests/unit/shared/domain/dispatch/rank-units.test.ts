import { describe, expect, test } from 'vitest';
import categoriesFile from '#resources/categories.json' with { type: 'json' };
import rulesFile from '#resources/dispatch-rules.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { readDispatchRules, shippedDispatchRules } from '#shared/domain/dispatch/dispatch-rules.ts';
import { hoursOf, opensAt } from '#shared/domain/dispatch/opening-hours.ts';
import { type DispatchFacts, rankUnits } from '#shared/domain/dispatch/rank-units.ts';
import { STREET_OFFICE } from '#shared/domain/unit-name.ts';

const rules = shippedDispatchRules();
const calendar = shippedCalendar();
const beijing = (text: string) => Date.parse(`${text}:00+08:00`);
const THURSDAY = beijing('2026-11-26T10:00');
const NIGHT = beijing('2026-11-26T23:00');

const PLACE = ['南京市', '鼓楼区', '湖南路街道'];
const CITY_MANAGEMENT = '鼓楼区城管局';
const STREET = '鼓楼区湖南路街道办事处';

function rank(facts: Partial<DispatchFacts>, at = THURSDAY, loads: Readonly<Record<string, number>> | null = null) {
  const whole: DispatchFacts = {
    category: { unit: '区城管局', unitBy: null },
    place: PLACE,
    urgency: 'normal',
    returnedBy: [],
    ...facts,
  };
  return rankUnits(whole, at, loads && new Map(Object.entries(loads)), rules, calendar);
}
const said = (...args: Parameters<typeof rank>) =>
  rank(...args).map(({ unit, reasons }) => [unit, ...reasons].join(' '));

describe('which unit', () => {
  test('the default one of the category at the place, and after it who can do the same', () => {
    expect(said({})).toEqual([`${CITY_MANAGEMENT} category`, `${STREET} shared`]);
  });

  test.each([
    ['left to the place', { unit: null, unitBy: 'place' }, PLACE, [STREET]],
    ['of whoever owns it', { unit: null, unitBy: 'owner' }, PLACE, []],
    ['of the office it is about', { unit: null, unitBy: 'subject' }, PLACE, []],
    ['left to a place without its street', { unit: null, unitBy: 'place' }, PLACE.slice(0, 2), []],
    ['of a district without the district', { unit: '区教育局', unitBy: null }, PLACE.slice(0, 1), []],
    ['of the city', { unit: '市医保局', unitBy: null }, PLACE.slice(0, 1), ['南京市医保局']],
  ] as const)('a matter %s', (_what, category, place, units) => {
    expect(rank({ category, place }).map(({ unit }) => unit)).toEqual(units);
  });

  test('one that returned it comes last, and says so', () => {
    expect(said({ returnedBy: [CITY_MANAGEMENT] })).toEqual([
      `${STREET} shared`,
      `${CITY_MANAGEMENT} category returned`,
    ]);
    expect(said({ category: { unit: '区教育局', unitBy: null }, returnedBy: ['鼓楼区教育局'] })).toEqual([
      '鼓楼区教育局 category returned',
    ]);
  });
});

describe('by opening hours', () => {
  test('what is urgent goes to the unit on duty while nobody of the others is there', () => {
    expect(said({ category: { unit: '区教育局', unitBy: null }, urgency: 'urgent' }, NIGHT)).toEqual([
      '鼓楼区政府总值班室 duty open',
      '鼓楼区教育局 category closed',
    ]);
    expect(said({ urgency: 'critical' }, NIGHT)[0]).toBe('鼓楼区政府总值班室 duty open');
    expect(said({ category: { unit: '市医保局', unitBy: null }, urgency: 'urgent' }, NIGHT)[0]).toBe(
      '南京市政府总值班室 duty open',
    );
  });

  test('whoever is there around the clock needs nobody on duty', () => {
    const category = { unit: '供水公司', unitBy: null };
    expect(said({ category, urgency: 'critical' }, NIGHT)).toEqual(['南京市供水公司 category open']);
  });

  test('what can wait stays with its unit, with the time when that opens', () => {
    const [school] = rank({ category: { unit: '区教育局', unitBy: null } }, NIGHT);
    expect(school).toMatchObject({ reasons: ['category', 'closed'], opensAt: beijing('2026-11-27T09:00') });
  });

  test('the one on duty takes over when the only one there has returned it', () => {
    const facts = { urgency: 'urgent', returnedBy: [CITY_MANAGEMENT, STREET] } as const;
    expect(rank(facts)[0]?.basis).toBe('duty');
  });
});

describe('by load', () => {
  test.each([
    ['one with far less in hand goes before one that is busy', { [CITY_MANAGEMENT]: 80, [STREET]: 20 }, STREET],
    ['a small difference changes nothing', { [CITY_MANAGEMENT]: 80, [STREET]: 60 }, CITY_MANAGEMENT],
    ['few tickets make nobody busy', { [CITY_MANAGEMENT]: 29, [STREET]: 0 }, CITY_MANAGEMENT],
    ['a unit that nobody counted has none', { [CITY_MANAGEMENT]: 30 }, STREET],
  ])('%s', (_what, loads, first) => {
    expect(rank({}, THURSDAY, loads)[0]?.unit).toBe(first);
  });

  test('is said of both', () => {
    expect(said({}, THURSDAY, { [CITY_MANAGEMENT]: 80, [STREET]: 20 })).toEqual([
      `${STREET} shared less_busy`,
      `${CITY_MANAGEMENT} category busy`,
    ]);
    expect(rank({}, THURSDAY, { [CITY_MANAGEMENT]: 80 }).map(({ load }) => load)).toEqual([0, 80]);
    expect(rank({})[0]?.load).toBeNull();
  });

  test('brings nothing urgent to a unit that is closed, and nothing to one that returned it', () => {
    const loads = { [CITY_MANAGEMENT]: 80, [STREET]: 0 };
    expect(rank({ returnedBy: [STREET] }, THURSDAY, loads)[0]?.unit).toBe(CITY_MANAGEMENT);
  });
});

describe('opening hours', () => {
  const office = hoursOf('区教育局', rules);
  test.each([
    ['in the morning', '2026-11-26T09:00', '2026-11-26T09:00'],
    ['at noon', '2026-11-26T12:00', '2026-11-26T13:30'],
    ['after work', '2026-11-26T17:30', '2026-11-27T09:00'],
    ['on a Friday evening', '2026-11-27T18:00', '2026-11-30T09:00'],
    // 调休: Saturday 14 February 2026 is worked, 15 to 23 February are 春节.
    ['on a weekend day that is worked', '2026-02-14T10:00', '2026-02-14T10:00'],
    ['before 春节', '2026-02-14T18:00', '2026-02-24T09:00'],
  ])('%s', (_when, at, opens) => {
    expect(opensAt(office, beijing(at), calendar)).toBe(beijing(opens));
  });

  test('end a day at 24:00 and never close for who is always there', () => {
    for (const at of ['2026-11-28T00:00', '2026-11-28T23:59']) {
      expect(opensAt(hoursOf('供电公司', rules), beijing(at), calendar)).toBe(beijing(at));
    }
  });

  test('that never are, are said to be none', () => {
    expect(opensAt({ ...office, workdays: [], daysOff: [] }, THURSDAY, calendar)).toBeNull();
  });
});

describe('the file of rules', () => {
  test('names kinds of units that the categories know', () => {
    const kinds = new Set([
      STREET_OFFICE,
      ...listCategories(categoryTreeSchema.parse(categoriesFile)).map(({ unit }) => unit),
    ]);
    const named = [...rules.hours.flatMap((one) => one.kinds), ...rules.shared.flat()];
    expect(named.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test.each([
    [
      'hours that end before they begin',
      { hours: [{ id: 'a', kinds: [], workdays: [{ from: '12:00', to: '09:00' }], daysOff: [] }] },
    ],
    [
      'a kind with two hours',
      { hours: ['a', 'b'].map((id) => ({ id, kinds: ['区城管局'], workdays: [], daysOff: [] })) },
    ],
    ['no hours for the rest', { hours: [] }],
  ])('with %s is refused by name', (_what, wrong) => {
    expect(() => readDispatchRules({ ...rulesFile, ...wrong })).toThrow(/dispatch-rules\.json/);
  });
});
