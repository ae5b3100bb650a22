import { describe, expect, it } from 'vitest';
import { carryUnread } from '#shared/domain/carry-intake.ts';
import { checkIntake, checkTakenIn, emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { formatProvisionalNo, formatTicketNumber, parseTicketNumber } from '#shared/domain/ticket-number.ts';
import { FINISHED_STATUSES, nextStatus, TICKET_STATUSES, TRANSITIONS } from '#shared/domain/ticket-status.ts';

const filled = {
  ...emptyIntake('13800000000'),
  type: 'help' as const,
  categoryCode: '010101',
  title: '路灯不亮',
  content: '小区门口路灯不亮',
};

describe('intake', () => {
  it('a ticket that goes on needs type, category, title, content and a number to call back', () => {
    expect(checkIntake(emptyIntake(''), 'submit').map((p) => p.field)).toEqual([
      'type',
      'categoryCode',
      'title',
      'content',
      'caller.phone',
    ]);
    expect(checkIntake(filled, 'submit')).toEqual([]);
  });

  it('an anonymous caller need not leave a number', () => {
    const content = { ...filled, caller: { ...filled.caller, phone: '', anonymous: true } };
    expect(checkIntake(content, 'submit')).toEqual([]);
  });

  describe('the number of a caller', () => {
    const withPhone = (phone: string, anonymous = false) => ({
      ...filled,
      answer: '已告知',
      caller: { ...filled.caller, phone, anonymous },
    });
    const refused = [
      ['没有电话', 'NO_NUMBER'],
      ['+', 'NO_NUMBER'],
      ['1380000481413900001234', 'LONG_NUMBER'],
      ['1234567890123456', 'LONG_NUMBER'],
    ] as const;

    it.each(refused)('%s is refused, because nobody can call it back: %s', (phone, code) => {
      for (const outcome of ['submit', 'direct_answer'] as const) {
        expect(checkIntake(withPhone(phone), outcome)).toEqual([{ field: 'caller.phone', code }]);
      }
    });

    it.each(refused)('%s does not hold up an anonymous caller, a hand-over, or what an older seat sends', (phone) => {
      expect(checkIntake(withPhone(phone, true), 'submit')).toEqual([]);
      expect(checkIntake(withPhone(phone), 'hand_off')).toEqual([]);
      expect(checkTakenIn(withPhone(phone), 'submit')).toEqual([]);
    });

    it.each([
      '12345',
      '110',
      '138 0000 4814',
      '１３８－００００－４８１４',
      '025-84000001转801',
      '02584000001#801',
      '+86 25 8400 0001',
      '0044 20 7946 0958 12',
      '123456789012345',
    ])('%s is taken', (phone) => {
      expect(checkIntake(withPhone(phone), 'submit')).toEqual([]);
    });

    it('may be left out in a direct answer only', () => {
      expect(checkIntake(withPhone(' '), 'direct_answer')).toEqual([]);
      expect(checkIntake(withPhone(' '), 'submit')).toEqual([{ field: 'caller.phone', code: 'REQUIRED' }]);
    });
  });

  it('a direct answer needs only the type, what was asked in any words, and the answer', () => {
    const asked = { ...emptyIntake(''), type: 'consult' as const, originalWords: '社保卡在哪儿补办' };
    expect(checkIntake(asked, 'direct_answer')).toEqual([{ field: 'answer', code: 'REQUIRED' }]);
    expect(checkIntake({ ...asked, answer: '就近的银行网点' }, 'direct_answer')).toEqual([]);
  });

  it('names the field whose text is too long or cannot be stored', () => {
    expect(checkIntake({ ...filled, content: '字'.repeat(LIMITS.longText + 1) }, 'submit')).toEqual([
      { field: 'content', code: 'TOO_LONG' },
    ]);
    expect(checkIntake({ ...filled, title: 'a\u0000' }, 'submit')).toEqual([
      { field: 'title', code: 'UNSTORABLE_TEXT' },
    ]);
    const promise = { text: '回电', dueAt: null, dueText: '长'.repeat(LIMITS.timeText + 1), byName: '' };
    expect(checkIntake({ ...filled, promise }, 'hand_off')).toEqual([{ field: 'promiseDue', code: 'TOO_LONG' }]);
    expect(checkIntake({ ...filled, content: '字'.repeat(10_000) }, 'submit')).toEqual([]);
  });
});

describe('a hand-over to an emergency service', () => {
  const content: IntakeContent = {
    ...emptyIntake('13800001234、025-84000001转801'),
    content: '有人落水',
    occurredText: '刚刚不久',
    promise: { text: '到场后回电', dueAt: null, dueText: '到了就', byName: '' },
  };

  it('waits neither for a time that cannot be read nor for one number of several', () => {
    expect(checkIntake(content, 'hand_off')).toEqual([]);
    const codes = checkIntake(content, 'submit').map(({ field, code }) => `${field} ${code}`);
    for (const one of ['occurredAt UNREADABLE_TIME', 'promiseDue UNREADABLE_TIME', 'caller.phone SEVERAL_NUMBERS'])
      expect(codes).toContain(one);
  });

  it('keeps all of it in its words', () => {
    const carried = carryUnread(content);
    expect(carried).toMatchObject({
      content: '有人落水\n其他号码：025-8400 0001-801\n事发时间：刚刚不久',
      caller: { phone: '13800001234' },
      promise: { text: '到场后回电（期限：到了就）', dueAt: null },
    });
    expect(checkIntake(carried, 'submit').map(({ code }) => code)).not.toContain('UNREADABLE_TIME');
    expect(carryUnread(carried)).toEqual(carried);
  });

  it('uses the words of the caller when the content is full', () => {
    const full = '字'.repeat(LIMITS.longText);
    expect(carryUnread({ ...content, content: full })).toMatchObject({
      content: full,
      originalWords: '其他号码：025-8400 0001-801\n事发时间：刚刚不久',
    });
  });
});

describe('state machine', () => {
  it('every state but the first is reached by a transition', () => {
    const reached = new Set(TRANSITIONS.map((t) => t.to));
    expect(TICKET_STATUSES.filter((s) => s !== 'submitted' && !reached.has(s))).toEqual([]);
  });

  it('nothing but undoing a merge, what becomes of the 母单, and archiving leaves a finished state', () => {
    const leaving = TRANSITIONS.filter((t) => t.from.some((s) => FINISHED_STATUSES.includes(s)));
    expect(leaving.map(({ action, roles }) => [action, roles])).toEqual([
      ['unmerge', ['lead', 'dispatcher']],
      ['reply', ['server']],
      ['refuse', ['server']],
      ['archive', ['server']],
    ]);
  });

  it('an agent answers directly but does not dispatch or close', () => {
    expect(nextStatus('accepted', 'answer_directly', 'agent')).toBe('closed_direct');
    expect(nextStatus('to_dispatch', 'dispatch', 'agent')).toBeNull();
    expect(nextStatus('to_callback', 'close', 'agent')).toBeNull();
    expect(nextStatus('to_callback', 'close', 'revisit')).toBe('closed');
  });
});

describe('ticket numbers', () => {
  const lateEvening = Date.UTC(2026, 10, 22, 15, 59); // 23:59 in Beijing
  it('carry the Beijing day of acceptance', () => {
    expect(formatTicketNumber(60_001, lateEvening)).toBe('20261122-00060001');
    expect(formatTicketNumber(60_002, lateEvening + 60_000)).toBe('20261123-00060002');
    expect(formatProvisionalNo('1001', lateEvening, 7)).toBe('暂1001-1122-007');
  });

  it.each([
    ['20261122-00060001', 60_001],
    [' 2026112200060001 ', 60_001],
    ['00060001', 60_001],
    ['13800000000', null],
    ['路灯', null],
  ])('%s read back gives %s', (written, number) => {
    expect(parseTicketNumber(written)).toBe(number);
  });
});
