import { describe, expect, it } from 'vitest';
import file from '#resources/canned-texts.json' with { type: 'json' };
import {
  addressOf,
  CANNED_GROUPS,
  CANNED_VARIABLES,
  cannedTextFileSchema,
  cannedTextSchema,
  fillCannedText,
} from '#shared/domain/canned-text.ts';

const { texts, blanks, addresses } = cannedTextFileSchema.parse(file);

describe('canned texts', () => {
  it('are at least fifteen, each under an id and a title of its own, some for every place', () => {
    expect(texts.length).toBeGreaterThanOrEqual(15);
    expect(new Set(texts.map(({ id }) => id)).size).toBe(texts.length);
    expect(new Set(texts.map(({ title }) => title)).size).toBe(texts.length);
    for (const group of CANNED_GROUPS) expect(texts.some((text) => text.group === group)).toBe(true);
  });

  it('read well with every value known and with none', () => {
    const all = Object.fromEntries(CANNED_VARIABLES.map((name) => [name, `<${name}>`]));
    for (const { id, text } of texts) {
      const known = fillCannedText(text, all, blanks);
      const unknown = fillCannedText(text, {}, blanks);
      for (const filled of [known, unknown]) {
        expect(filled.text, id).not.toMatch(/[{}]/);
        expect(filled.cursor).toBeLessThanOrEqual(filled.text.length);
      }
      const written = `${unknown.text.slice(0, unknown.cursor)}字${unknown.text.slice(unknown.cursor)}`;
      expect(written, id).not.toMatch(/“”|（）|，，|<|undefined/);
    }
  });

  it.each([
    ['an unknown variable', '您好{{citizen.age}}'],
    ['an unfinished variable', '您好{{citizen.name'],
    ['a variable with a space', '您好{{ citizen.name }}'],
    ['nothing', ''],
  ])('are refused with %s', (_, text) => {
    expect(cannedTextSchema.safeParse({ id: 'a', group: 'talk', title: '甲', text }).success).toBe(false);
  });
});

describe('filling in', () => {
  it('addresses people by their names, once', () => {
    const said = (name: string) => addressOf(name, addresses, 'male');
    expect([said('王强'), said('王先生'), said('李女士'), said('')]).toEqual(['王强先生', '王先生', '李女士', '']);
    expect(addressOf('王芳', addresses, 'unknown')).toBe('王芳');
  });

  it('puts values, blanks and the cursor where they belong', () => {
    expect(
      fillCannedText('{{citizen.title}}，{{cursor}}由{{unit}}办理', { 'citizen.title': '王芳女士' }, blanks),
    ).toEqual({
      text: '王芳女士，由承办单位办理',
      cursor: 5,
    });
    expect(fillCannedText('好的', {}, blanks)).toEqual({ text: '好的', cursor: 2 });
  });

  it('takes values as text: nothing in a name is filled in again, and an empty one counts as unknown', () => {
    expect(fillCannedText('{{citizen.name}}来电', { 'citizen.name': '{{unit}}$&$1' }, blanks).text).toBe(
      '{{unit}}$&$1来电',
    );
    expect(fillCannedText('{{citizen.name}}来电', { 'citizen.name': '  ' }, blanks).text).toBe('来电人来电');
  });
});
