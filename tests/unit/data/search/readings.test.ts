import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchWords } from '#main/data/search/match-words.ts';
import { parseQuery } from '#main/data/search/parse-query.ts';
import { readingsOf } from '#main/data/search/reading-query.ts';
import { indexTokens } from '#main/data/search/search-tokens.ts';
import { matchExpression } from '#main/data/search/token-query.ts';
import { readCharacter, SYLLABLES } from '#shared/kernel/readings.ts';
import { isMet } from '#tests/support/data/full-text.ts';

/** The part of a name that typed letters are read as, null when they are no reading of it. */
function find(name: string, typed: string): string | null {
  const words = matchWords(parseQuery(typed).clauses, { text: '', names: () => [name] });
  return words?.join(' ') ?? null;
}

test('names are found by initials, by 拼音 in full, half typed, and by both together', () => {
  const cases: readonly [string, string, string | null][] = [
    ['王芳', 'wf', '王芳'],
    ['王芳', 'wangfang', '王芳'],
    ['王芳', 'WangF', '王芳'],
    ['王小明', 'wangxm', '王小明'],
    ['王小明', 'xm', '小明'],
    ['王小明', 'wang', '王'],
    ['王小明', 'wa', '王'],
    ['王小明', 'xiaom', '小明'],
    ['王小明', 'wm', null],
    ['王芳', 'wangfanga', null],
    ['中央路260号3栋', 'zyl', '中央路'],
    ['中央路260号3栋', 'zyl260', '中央路260'],
    ['中央路260号3栋', 'zhongyanglu', '中央路'],
    ['中央路260号3栋', 'zhongyl260h', '中央路260号'],
    ['中央路260号3栋', 'zhyl', '中央路'],
    ['江苏省南京市鼓楼区', 'njsglq', '南京市鼓楼区'],
    ['江苏省南京市鼓楼区', 'nanjing', '南京'],
    ['西安门大街', "xi'an", '西安'],
    ['西安门大街', 'xian', '西安'],
    ['吕梁路', 'lvliang', '吕梁'],
    ['中央路 260', 'lu2', null],
    ['A3区一米阳光', 'a3qu', 'a3区'],
  ];
  for (const [name, typed, expected] of cases)
    expect([name, typed, find(name, typed)]).toEqual([name, typed, expected]);
});

test('a character with several readings is found by each of them', () => {
  for (const typed of ['chongqinglu', 'zhongqinglu', 'cql', 'zql']) expect(find('重庆路', typed)).toBe('重庆路');
  for (const typed of ['shanxiong', 'danxiong', 'sx', 'dx']) expect(find('单雄', typed)).toBe('单雄');
  for (const typed of ['zengli', 'cengli']) expect(find('曾丽', typed)).toBe('曾丽');
  for (const typed of ['leyuan', 'yueyuan']) expect(find('乐园', typed)).toBe('乐园');
});

test('words that are no reading are not taken for one', () => {
  for (const word of ['a', '12345', '路灯', 'x-y', 'z'.repeat(41)]) expect(readingsOf(word)).toEqual([]);
  expect(readingsOf('an'.repeat(20)).length).toBeLessThanOrEqual(24);
});

test('the syllables are all there are', () => {
  const rare = new Set(['hng', 'm', 'n', 'ng']);
  const missing = new Set<string>();
  for (let code = 0x4e00; code <= 0x9fa5; code++) {
    for (const reading of readCharacter(String.fromCharCode(code))) {
      if (/^[a-z]+$/.test(reading) && !rare.has(reading) && !SYLLABLES.has(reading)) missing.add(reading);
    }
  }
  expect([...missing]).toEqual([]);
});

const character = fc.constantFrom(
  ...Array.from('王李单曾重行长乐南京张石成市鼓楼区中央路号栋西安俞吕绿安欧阳恩儿2A一'),
);

test('property: whatever way a part of a name is typed, it is found and the index has it', () => {
  fc.assert(
    fc.property(
      fc.array(character, { minLength: 1, maxLength: 8 }),
      fc.nat(7),
      fc.array(fc.record({ reading: fc.nat(4), short: fc.boolean(), double: fc.boolean() }), {
        minLength: 8,
        maxLength: 8,
      }),
      fc.func(fc.double({ min: 0.0001, max: 1, noNaN: true })),
      (characters, from, ways, frequency) => {
        const part = characters.slice(from % characters.length);
        // As people type: whole syllables first, initials after that.
        let isShort = false;
        const typed = part
          .map((one, i) => {
            const readings = readCharacter(one.toLowerCase());
            const reading = readings[(ways[i]?.reading ?? 0) % readings.length] ?? '';
            isShort ||= ways[i]?.short ?? false;
            const isDouble = /^[zcs]h/.test(reading) && ways[i]?.double === true;
            return isShort ? reading.slice(0, isDouble ? 2 : 1) : reading;
          })
          .join('');
        // Of more than two zh, ch or sh not every way is tried.
        if (typed.length < 2 || !/[a-z]/.test(typed) || typed.split(/[zcs]h/).length > 3) return;
        const name = characters.join('');
        expect([name, typed, find(name, typed)]).not.toEqual([name, typed, null]);
        const tokens = indexTokens('', [name]);
        const { expression } = matchExpression(parseQuery(typed).clauses, { frequency, rows: 1_000 });
        expect([name, typed, isMet(expression, tokens)]).toEqual([name, typed, true]);
      },
    ),
    { numRuns: 2_000, seed: 7 },
  );
});

test('initials typed as zh, ch or sh are looked up as such: who is read l, z is no candidate for lzh', () => {
  const isCandidate = (name: string, typed: string, frequency: number) => {
    const { expression } = matchExpression(parseQuery(typed).clauses, { frequency: () => frequency, rows: 300_000 });
    return isMet(expression, indexTokens('', [name]));
  };
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['lzh', ['李振', '李张伟', '小李振', '李子辉'], ['李宗', '李宗伟']],
    ['zhw', ['张伟', '郑雯雯'], ['邹伟', '曾文']],
    ['zhzh', ['张振', '郑州路'], ['张宗', '邹振', '邹宗']],
    ['shch', ['石成', '沈长江'], ['孙成', '石聪', '孙聪']],
  ];
  for (const [typed, found, others] of cases) {
    for (const frequency of [0.0001, 0.01, 0.5]) {
      for (const name of found) expect([typed, name, isCandidate(name, typed, frequency)]).toEqual([typed, name, true]);
      for (const name of others)
        expect([typed, name, isCandidate(name, typed, frequency)]).toEqual([typed, name, false]);
    }
  }
});
