import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskName, maskText } from '#shared/domain/mask-text.ts';
import { isConfidential, REVEAL_FIELDS, showCitizen, showTicket } from '#shared/domain/masking.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { isMaskedFor, ROLES } from '#shared/domain/roles.ts';
import type { Ticket, TicketFields } from '#shared/domain/ticket.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { sampleCall, sampleCitizen, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';

const CHINESE = '〇一二三四五六七八九';
const NOBODY = { names: [], phones: [], addresses: [] };

/** Digits of a text in ASCII, everything else as a bar. */
function digitsOf(text: string): string {
  return Array.from(text.normalize('NFKC').replaceAll('幺', '1').replaceAll('○', '0'), (character) => {
    const chinese = CHINESE.indexOf(character);
    return chinese >= 0 ? String(chinese) : /\d/.test(character) ? character : '|';
  }).join('');
}

const mobile = fc
  .tuple(fc.constantFrom('138', '159', '199', '177'), fc.stringMatching(/^\d{8}$/))
  .map(([head, tail]) => head + tail);
const landline = fc
  .tuple(fc.constantFrom('025', '0512', '010'), fc.stringMatching(/^[2-8]\d{7}$/))
  .map(([area, local]) => area + local);
const phone = fc.oneof(mobile, landline);

/** A number as somebody may write it. */
const written = fc
  .record({
    digits: phone,
    style: fc.constantFrom('plain', 'wide', 'chinese'),
    lead: fc.constantFrom('', '+86', '0086 ', '+86-', '电话：'),
    gaps: fc.array(fc.constantFrom('', '', '', ' ', '-', '－', ' - ', '(', ') '), { minLength: 13, maxLength: 13 }),
  })
  .map(({ digits, style, lead, gaps }) => {
    const shown = Array.from(digits, (digit, i) => {
      const one =
        style === 'wide'
          ? String.fromCharCode(digit.charCodeAt(0) + 0xfee0)
          : style === 'chinese'
            ? (CHINESE[Number(digit)] ?? '')
            : digit;
      return one + (gaps[i] ?? '');
    }).join('');
    return { digits, text: lead + shown };
  });

/** True when no five neighbouring digits of a number can be read in a text. */
function isHidden(number: string, text: string): boolean {
  // The country code before a number is no part of it, but together with the digits that may stay it can look like one.
  const read = digitsOf(text).replace(/^\|*(?:00)?86/, '');
  return Array.from({ length: number.length - 4 }, (_, at) => number.slice(at, at + 5)).every(
    (part) => !read.includes(part),
  );
}

describe('masked texts', () => {
  it('MK-1 a number keeps at most seven digits, however it is written, known or not', () => {
    fc.assert(
      fc.property(
        written,
        fc.string({ maxLength: 10 }),
        fc.constantFrom('来电人说', '请回', '，联系', ''),
        ({ digits, text }, noise, before) => {
          const around = noise.replaceAll(/[\dA-Za-z]/g, '');
          for (const secrets of [NOBODY, { ...NOBODY, phones: [digits] }]) {
            const masked = maskText(`${before}${text}${around}`, secrets);
            // The country code is no part of the number.
            const shown = digitsOf(masked)
              .replaceAll('|', '')
              .replace(/^(00)?86/, '');
            expect([masked, shown.length <= 7, isHidden(digits, masked)]).toEqual([masked, true, true]);
          }
        },
      ),
      {
        numRuns: 2_000,
        // Contains the country code and its own head once more.
        examples: [[{ digits: '19908619900', text: '+8619908619900' }, '', '来电人说']],
      },
    );
  });

  it('masking twice changes nothing more', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            written.map(({ text }) => text),
            fc.string({ maxLength: 8 }),
          ),
          { maxLength: 5 },
        ),
        (parts) => {
          const once = maskText(parts.join('，'), NOBODY);
          expect(maskText(once, NOBODY)).toBe(once);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('MK-1 an identity card keeps four digits', () => {
    for (const card of ['320106199001011234', '32010619900101123X', '320106 19900101 1234']) {
      expect(maskText(`身份证${card}。`, NOBODY)).toMatch(/^身份证\*{14}(1234|123X)。$/);
    }
  });

  it('house numbers, dates, times and amounts stay readable', () => {
    const text = '中央路260号3栋402室，2026-06-18 起停水，物业费1200元，编号A-1024';
    expect(maskText(text, NOBODY)).toBe(text);
  });

  it('names and addresses of the caller disappear wherever they stand', () => {
    const secrets = { names: ['王小芳'], phones: ['02584000001'], addresses: ['中央路260号3栋'] };
    expect(maskText('王小芳住中央路260号3栋，电话8400 0001或025-84000001', secrets)).toBe(
      '王*住***，电话****0001或025****0001',
    );
    expect(maskName('欧阳修')).toBe('欧*');
    expect(maskName('𠮷野')).toBe('𠮷*');
    expect(maskName('')).toBe('');
  });
});

describe('who sees what', () => {
  it('lead, revisit and admin see everybody; agents not whom asked for confidentiality; analysts and editors nobody', () => {
    const seen = (isSecret: boolean) => ROLES.filter((role) => !isMaskedFor(role, isSecret));
    expect(seen(true)).toEqual(['lead', 'revisit', 'admin']);
    expect(ROLES.filter((role) => isMaskedFor(role, false))).toEqual(['editor', 'analyst']);
  });

  it('a caller is secret who asked for it, gave no name, or reports to 12350', () => {
    const fields = sampleFields();
    expect(isConfidential(fields)).toBe(false);
    expect(isConfidential({ ...fields, caller: { ...fields.caller, confidential: true } })).toBe(true);
    expect(isConfidential({ ...fields, caller: { ...fields.caller, anonymous: true } })).toBe(true);
    expect(isConfidential({ ...fields, markers: ['confidential'] })).toBe(true);
    expect(isConfidential({ ...fields, line: '12350' })).toBe(true);
  });
});

/** A ticket of a secret caller, with what identifies them in every field that takes text. */
function secretTicket(number: string, name: string, address: string): Ticket {
  const words = `我是${name}，住${address}，电话${number}`;
  const caller = { ...sampleFields().caller, name, phone: normalizePhone(number), confidential: true };
  const fields: TicketFields = sampleFields({
    title: words,
    content: words,
    originalWords: words,
    answer: words,
    subject: words,
    tags: [name],
    caller,
    place: { divisionCode: '320106001', address, landmark: `${address}对面`, coordinates: { lat: 32, lng: 118 } },
    call: sampleCall(number),
    form: { id: 'wage-arrears', version: 1, data: { somethingUnknown: words, list: [words], amount: 5 } },
  });
  const [event] = sampleTicket(1).events;
  return sampleTicket(1, {
    fields,
    replies: [{ at: 1, unit: '市城管局', text: words }],
    events: event ? [{ ...event, text: words }] : [],
  });
}

describe('a ticket behind the mask', () => {
  it('property: shows neither number, name nor address in any field', () => {
    fc.assert(
      fc.property(written, fc.constantFrom('王小芳', '欧阳建国', 'Zhang San'), ({ digits, text }, name) => {
        const address = '中央路260号3栋402室';
        const { row, masked } = showTicket(secretTicket(text.replace('电话：', ''), name, address), 'agent');
        expect(masked).toBe(true);
        const { fields, replies, events } = row;
        // The district may be known, and a number may happen to end like its code.
        expect(fields.place).toEqual({ divisionCode: '320106', address: '', landmark: '', coordinates: null });
        const all = JSON.stringify([
          { ...fields, place: null, call: fields.call?.ani, line: '', categoryCode: '' },
          replies.map((reply) => reply.text),
          events.map((event) => event.text),
        ]);
        expect(all).not.toContain(name);
        expect(all).not.toContain('260号');
        expect(isHidden(digits, all)).toBe(true);
      }),
      { numRuns: 300, examples: [[{ digits: '13800020106', text: '13800020106' }, '王小芳']] },
    );
  });

  it('shows the one thing that was revealed and nothing else', () => {
    const ticket = secretTicket('13800001234', '王小芳', '中央路260号3栋');
    const shown = Object.fromEntries(
      REVEAL_FIELDS.map((field) => {
        const { caller, place, content } = showTicket(ticket, 'agent', field).row.fields;
        return [field, [caller.phone, caller.name, place.address, content.includes('王小芳')]];
      }),
    );
    expect(shown).toEqual({
      phone: ['13800001234', '王*', '', false],
      name: ['138****1234', '王小芳', '', false],
      address: ['138****1234', '王*', '中央路260号3栋', false],
      form: ['138****1234', '王*', '', true],
    });
  });

  it('is no mask for those who need the caller, nor for a caller who is no secret', () => {
    const ticket = secretTicket('13800001234', '王小芳', '中央路260号3栋');
    expect(showTicket(ticket, 'lead')).toEqual({ row: ticket, masked: false });
    const open = sampleTicket(1);
    expect(showTicket(open, 'agent').row).toBe(open);
    expect(showTicket(open, 'analyst').row.fields.caller.name).toBe('王*');
  });

  it('answers of a form that are about a person are hidden, the others only masked like any text', () => {
    const ticket = secretTicket('13800001234', '王小芳', '中央路260号3栋');
    const form = { id: 'general', version: 1, data: { backupPhone: '13911112222', note: '请打13911112222' } };
    const { data } = showTicket({ ...ticket, fields: { ...ticket.fields, form } }, 'agent').row.fields.form ?? {};
    expect(JSON.stringify(data)).not.toMatch(/1391111/);
  });
});

describe('a person behind the mask', () => {
  it('shows the first character of the name and seven digits of each number', () => {
    const citizen = sampleCitizen({
      name: '王小芳',
      phones: ['13800001234', '02584000001'],
      confidential: true,
      remark: '王小芳不要打13800001234',
    });
    const { row, masked } = showCitizen(citizen, 'agent');
    expect(masked).toBe(true);
    expect(row.fields).toMatchObject({
      name: '王*',
      phones: ['138****1234', '025****0001'],
      remark: '王*不要打138****1234',
    });
    expect(showCitizen(citizen, 'agent', 'phone').row.fields).toMatchObject({
      name: '王*',
      phones: ['13800001234', '02584000001'],
    });
    expect(showCitizen(citizen, 'revisit').row).toBe(citizen);
  });
});

it.each([
  '我家住中央路260号3栋301室，楼上漏水',
  '中央路２６０号漏水',
  '中央路 260 号 3 栋',
  '中央路二百六十号三栋',
  '3栋301室漏水',
  '三幢３０１漏水',
  '鼓楼区中央路260号3栋301室',
])('an address is masked however it is told: %s', (text) => {
  const secrets = { names: [], phones: [], addresses: ['鼓楼区中央路260号3栋301室'] };
  const masked = maskText(text, secrets);
  expect(masked).toContain('***');
  expect(masked).not.toMatch(/[2２二][6６百]|301|３０１|[3三] ?[栋幢]/);
  expect(maskText(masked, secrets)).toBe(masked);
});

it('other places on the same road, a road alone and numbers that only look like it stay', () => {
  const secrets = { names: [], phones: [], addresses: ['鼓楼区中央路260号3栋301室'] };
  for (const text of ['中央路100号对面', '中央路堵车', '编号3301', '3月26日', '260元'])
    expect(maskText(text, secrets)).toBe(text);
});

it('an estate with house and room, told with dashes', () => {
  const secrets = { names: [], phones: [], addresses: ['金陵花园3-301'] };
  for (const text of ['住在金陵花园3栋301室', '金陵花园 3-301', '金陵花园3幢']) {
    expect(maskText(text, secrets)).not.toMatch(/3/);
  }
});

it('a name is masked with spaces between its characters', () => {
  const secrets = { names: ['王小芳'], phones: [], addresses: [] };
  expect(maskText('诉求人王 小芳，王　小　芳', secrets)).toBe('诉求人王*，王*');
});

it('the decision of a 联席研判 does not name a secret caller; who sat and whose it is stays', () => {
  const review = { members: ['政务办'], heldAt: 0, decision: '由王芳家门口的街道先处置', owner: '区园林所' };
  const plain = sampleTicket(1);
  const caller = { ...plain.fields.caller, name: '王芳', confidential: true };
  const blank = { id: newId<EventId>(0), at: 0, actorId: null, actorName: '田野', from: null, to: null, ref: '' };
  const events = [
    { ...blank, kind: 'overlay' as const, text: '王芳到会', overlay: { step: 'review' as const, review } },
  ];
  const { row } = showTicket({ ...plain, fields: { ...plain.fields, caller }, events }, 'agent');
  expect(JSON.stringify(row.events)).not.toContain('王芳');
  expect(row.events[0]?.overlay).toMatchObject({ review: { members: ['政务办'], owner: '区园林所' } });
});
