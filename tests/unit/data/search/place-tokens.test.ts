import { expect, test } from 'vitest';
import { placeToken } from '#main/data/search/place-tokens.ts';
import { toTokenChar } from '#main/data/search/search-tokens.ts';

test('the token of a place is its key, unit by unit as in the tokens of texts', () => {
  const keys = ['r:中央路', 'n:中央路260-1', 's:A区 花园/3', 'x:汉中路+中山南路', 's:𠮷祥里#2'];
  for (let unit = 0; unit < 0x10000; unit++) keys.push(`s:${String.fromCharCode(unit)}路`);
  const plain = (key: string) => Array.from({ length: key.length }, (_, i) => toTokenChar(key.charCodeAt(i))).join('');
  const different = keys.filter((key) => placeToken({ level: 'site', key, name: '' }) !== `\uF8F2${plain(key)}`);
  expect(different).toEqual([]);
});
