import { createInstance, type i18n } from 'i18next';
import { describe, expect, it } from 'vitest';
import { en } from '#renderer/app/i18n/en.ts';
import { zhCN } from '#renderer/app/i18n/zh-CN.ts';

async function textsIn(lng: 'en' | 'zh-CN'): Promise<i18n> {
  const texts = createInstance();
  const resources = { en: { translation: en }, 'zh-CN': { translation: zhCN } };
  await texts.init({ lng, fallbackLng: false, resources, interpolation: { escapeValue: false }, nsSeparator: false });
  return texts;
}

/** Counts that are never 1: of a few characters of room, of views or numbers that fit, of days to choose from. */
const ALWAYS_SEVERAL = [
  'attachments.tooMany',
  'call.log.ticketsOf',
  'citizen.repeat.text',
  'citizen.edit.tooManyPhones',
  'coverage.settings.months',
  'intake.unitBefore',
  'search.foundAtLeast',
  'text.manyNames',
  'text.tooLong',
  'tickets.merge.figures',
  'tickets.decide.days',
  'tickets.decide.reviewAfter',
  'tickets.decide.callback.spent',
  'views.full',
];

interface Texts {
  readonly [key: string]: string | Texts;
}

function countedIn(texts: Texts, path: readonly string[] = []): readonly string[] {
  return Object.entries(texts).flatMap(([key, value]) => {
    if (typeof value !== 'string') return countedIn(value, [...path, key]);
    const isCounted = /\{\{count\}\} ([a-z]+ ){0,2}[a-z]+s\b/.test(value) && !key.endsWith('_one');
    return isCounted && !(`${key}_one` in texts) ? [[...path, key].join('.')] : [];
  });
}

describe('counted texts', () => {
  it('say one thing otherwise than several in English, and alike in Chinese', async () => {
    const english = await textsIn('en');
    const days = (texts: i18n, count: number) => texts.t('terms.span.workday', { count });
    expect([0, 1, 2].map((count) => days(english, count))).toEqual([
      '0 working days',
      '1 working day',
      '2 working days',
    ]);
    expect(english.t('outbox.attention', { count: 1 })).toBe('1 was refused by the server and needs attention');
    const chinese = await textsIn('zh-CN');
    expect([1, 2].map((count) => days(chinese, count))).toEqual(['1 个工作日', '2 个工作日']);
  });

  it('have words for one in English wherever the count can be 1', () => {
    expect(countedIn(en).filter((name) => !ALWAYS_SEVERAL.includes(name))).toEqual([]);
  });
});
