import { describe, expect, it } from 'vitest';
import { createRng } from '#server/demo/rng.ts';
import { compileTemplate, parseSlotValue, renderTemplate, slotsOf, type TemplateScope } from '#server/demo/template.ts';

const scope: TemplateScope = {
  slot: (name) => (['road', 'deep'].indexOf(name) >= 0 ? ['road', 'deep'].indexOf(name) : null),
  phrases: (name) => (name === 'ask' ? ['请处理{road}。', '请回复。'] : null),
};
const values = [parseSlotValue('珠江路'), parseSlotValue('约30厘米|到小腿了')];
const renderAll = (text: string, caseNo = 0) => {
  const template = compileTemplate(text, scope);
  const rng = createRng(1, 1);
  return new Set(Array.from({ length: 200 }, () => renderTemplate(template, values, caseNo, rng)));
};

describe('text templates', () => {
  it('put in the formal and the spoken form of a slot', () => {
    expect(renderAll('{road}积水{deep}，水{deep~}')).toEqual(new Set(['珠江路积水约30厘米，水到小腿了']));
  });

  it('choose among alternatives by chance, also nested ones', () => {
    expect(renderAll('路[灯[坏|不亮]|面破损]')).toEqual(new Set(['路灯坏', '路灯不亮', '路面破损']));
  });

  it('choose among cased alternatives by the case of the ticket, everywhere the same', () => {
    expect(renderAll('<黄|白>的，<铁锈|奶>味', 0)).toEqual(new Set(['黄的，铁锈味']));
    expect(renderAll('<黄|白>的，<铁锈|奶>味', 3)).toEqual(new Set(['白的，奶味']));
  });

  it('write out shared phrases with their own slots', () => {
    expect(renderAll('来电。{ask}')).toEqual(new Set(['来电。请处理珠江路。', '来电。请回复。']));
  });

  it('know which slots they need', () => {
    expect(slotsOf(compileTemplate('[{road}|<{deep~}|无>]', scope))).toEqual(new Set([0, 1]));
  });

  it.each(['{rod}灯坏了', '路[灯|面', '路]灯', '{road', '路<灯|面]'])(
    'refuse %s with its text in the message',
    (text) => {
      expect(() => compileTemplate(text, scope)).toThrow(text);
    },
  );
});
