import { describe, expect, it } from 'vitest';
import {
  isCalledBack,
  type SamplingFacts,
  samplingRuleOf,
  signsOf,
} from '#shared/domain/callback/callback-sampling.ts';
import { readCallbackRules, shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import { newId, type TicketId } from '#shared/kernel/ids.ts';

const rules = shippedCallbackRules();
const facts = (over: Partial<SamplingFacts> = {}): SamplingFacts => ({
  uid: newId<TicketId>(Date.UTC(2026, 10, 26)),
  type: 'consult',
  markers: [],
  signs: [],
  ...over,
});

describe('which answered tickets are called back', () => {
  it.each<[string, Partial<SamplingFacts>, number]>([
    ['投诉', { type: 'complaint' }, 100],
    ['举报', { type: 'report' }, 100],
    ['求助', { type: 'help' }, 100],
    ['咨询', {}, 20],
    ['咨询 that somebody reminded of (催办)', { signs: ['reminded'] }, 100],
    ['建议 under an order (督办)', { type: 'suggestion', signs: ['ordered'] }, 100],
    ['咨询 that was done again (重办)', { signs: ['redone'] }, 100],
    ['群体性 咨询', { markers: ['mass'] }, 100],
    ['投诉 of somebody who left no number', { type: 'complaint', signs: ['numberless'] }, 0],
    ['the same under an order (督办)', { type: 'complaint', signs: ['ordered', 'numberless'] }, 0],
    ['repeated 咨询', { markers: ['repeat'] }, 20],
  ])('%s: %#', (_name, over, percent) => {
    expect(samplingRuleOf(facts(over), rules)?.percent).toBe(percent);
  });

  it('are drawn by their id: the same one always the same, and of many about the share that is asked for', () => {
    const all = Array.from({ length: 5_000 }, () => facts());
    const drawn = all.filter((one) => isCalledBack(one, rules));
    expect(all.filter((one) => isCalledBack(one, rules))).toEqual(drawn);
    expect(drawn.length / all.length).toBeGreaterThan(0.17);
    expect(drawn.length / all.length).toBeLessThan(0.23);
    expect(all.every((one) => isCalledBack({ ...one, type: 'complaint' }, rules))).toBe(true);
  });

  it('names what happened to a ticket', () => {
    const none = { isReminded: false, isOrdered: false, isRedone: false, isNumberless: false };
    expect(signsOf({ ...none, isReminded: true, isRedone: true })).toEqual(['reminded', 'redone']);
    expect(signsOf({ ...none, isNumberless: true })).toEqual(['numberless']);
  });
});

describe('a file of rules', () => {
  const broken = (change: (file: ReturnType<typeof plain>) => void) => {
    const file = plain();
    change(file);
    return () => readCallbackRules(file);
  };
  const plain = () => structuredClone(rules);

  it('is refused when no rule fits every ticket', () => {
    expect(broken((file) => file.sampling.pop())).toThrow('the last rule has to fit every ticket');
  });
  it('is refused when parts of the day overlap', () => {
    expect(
      broken((file) => {
        const [first] = file.attempts.parts;
        if (first) first.to = '15:00';
      }),
    ).toThrow('parts overlap');
  });
  it('is refused when attempts ask for more parts than the day has', () => {
    expect(broken((file) => file.attempts.parts.pop())).toThrow('more parts than the day has');
  });
});
