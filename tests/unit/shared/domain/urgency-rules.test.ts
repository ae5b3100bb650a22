import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import file from '#resources/urgency-rules.json' with { type: 'json' };
import { proposeUrgency, urgencyRuleFileSchema } from '#shared/domain/urgency-rules.ts';

const rules = urgencyRuleFileSchema.parse(file);
const street = { code: '010101', urgency: 'normal' } as const;
const power = { code: '040201', urgency: 'urgent' } as const;

describe('proposed urgency', () => {
  it.each([
    ['楼道里有很重的煤气味', 'critical', '煤气味'],
    ['刚才有小孩掉进河里了', 'critical', '掉进河'],
    ['他说不想活了，站在楼顶要跳楼', 'critical', '跳楼'],
    ['路灯杆漏电，孩子差点触电', 'critical', '触电'],
    ['两个人被困在电梯里半小时', 'critical', '困在电梯'],
    ['登山的人被困在山上', 'critical', '被困在'],
    ['老人今天早上走失', 'urgent', '走失'],
    ['小区外墙脱落砸到车', 'urgent', '外墙脱落'],
    ['一直没修好漏电的问题', 'critical', '漏电'],
  ])('reads %s as %s', (text, urgency, word) => {
    expect(proposeUrgency(rules, text, null, 'normal')).toMatchObject({ urgency, because: 'word', word });
  });

  it.each([
    '路灯不亮，希望维修',
    '没有人触电，只是想问一下',
    '现场未发生坍塌',
    '咨询防溺水讲座在哪里报名',
    '小区明天有触电演练吗',
    '预防煤气中毒宣传什么时候来',
  ])('proposes nothing for %s', (text) => {
    expect(proposeUrgency(rules, text, street, 'normal')).toBeNull();
  });

  it('sees the real hit behind a harmless one', () => {
    const text = '之前没有触电，今天真的有人触电了';
    expect(proposeUrgency(rules, text, null, 'normal')).toMatchObject({ urgency: 'critical', word: '触电' });
  });

  it('limits words of some matters to those', () => {
    expect(proposeUrgency(rules, '家里老人用呼吸机', street, 'normal')).toBeNull();
    expect(proposeUrgency(rules, '家里老人用呼吸机', power, 'normal')).toMatchObject({
      urgency: 'critical',
      word: '呼吸机',
    });
  });

  it('proposes what the category usually is, unless the words ask for more or it is chosen already', () => {
    expect(proposeUrgency(rules, '家里停电了', power, 'normal')).toEqual({ urgency: 'urgent', because: 'category' });
    expect(proposeUrgency(rules, '家里停电了，老人昏迷', power, 'normal')).toMatchObject({ urgency: 'critical' });
    expect(proposeUrgency(rules, '家里停电了', power, 'urgent')).toBeNull();
    expect(proposeUrgency(rules, '老人昏迷', power, 'critical')).toBeNull();
  });

  it('never proposes less than what is chosen, whatever is written', () => {
    const words = rules.rules.flatMap((rule) => rule.words);
    const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string())).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('normal', 'urgent', 'critical'), (written, chosen) => {
        const levels = ['normal', 'urgent', 'critical'];
        const proposed = proposeUrgency(rules, written, power, chosen);
        expect(proposed === null || levels.indexOf(proposed.urgency) > levels.indexOf(chosen)).toBe(true);
      }),
    );
  });
});

describe('the list of words', () => {
  it('has every id once, and no word that another rule of the same reach decides before it', () => {
    const ids = rules.rules.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    const words = rules.rules.flatMap((rule) => rule.words);
    expect(new Set(words).size).toBe(words.length);
  });
});
