import { describe, expect, it } from 'vitest';
import { findSlashQuery } from '#renderer/platform/slash-query.ts';

const at = (text: string) => findSlashQuery(text, text.length);

describe('a slash that asks for a canned text', () => {
  it.each([
    ['/', 0, ''],
    ['/cb', 0, 'cb'],
    ['／催办', 0, '催办'],
    ['来电人反映：路灯不亮。/', 11, ''],
    ['第一行\n/jsy', 4, 'jsy'],
    ['已答复 /', 4, ''],
    ['（/', 1, ''],
    // With Chinese punctuation on.
    ['、cb', 0, 'cb'],
    ['路灯不亮。、', 5, ''],
    [`${'长'.repeat(500)}。/bc`, 501, 'bc'],
  ])('%j', (text, where, query) => {
    expect(at(text)).toEqual({ at: where, query });
  });

  it.each([
    ['2025/6/1'],
    ['2025/'],
    ['https://'],
    ['https://www.example.cn/a/b'],
    ['和/或'],
    ['来电人/家属'],
    ['km/h'],
    ['一、'],
    ['1、'],
    ['路灯、井盖、'],
    ['路灯，、'],
    ['//'],
    ['/催办 '],
    ['/催办。'],
    ['/home/'],
    ['没有斜杠'],
    [''],
    // Whatever stands before what is looked at is no beginning.
    [`${'x'.repeat(30)}/abc`],
    [`${'a'.repeat(21)}/`],
    [`${'a'.repeat(22)}/`],
  ])('is not in %j', (text) => {
    expect(at(text)).toBeNull();
  });

  it('is the one the cursor stands behind, whatever follows', () => {
    expect(findSlashQuery('/cb来电人', 3)).toEqual({ at: 0, query: 'cb' });
    expect(findSlashQuery('/cb来电人', 0)).toBeNull();
    expect(findSlashQuery('来电人 /', 3)).toBeNull();
  });
});
