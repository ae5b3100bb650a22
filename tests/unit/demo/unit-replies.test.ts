import { expect, test } from 'vitest';
import { loadMatters } from '#server/demo/matters.ts';
import { createRng } from '#server/demo/rng.ts';
import { createUnitReplies } from '#server/demo/units/unit-replies.ts';
import type { UnitTicket } from '#shared/contract/units.contract.ts';
import { TICKET_TYPES } from '#shared/domain/ticket.ts';
import type { TicketId } from '#shared/kernel/ids.ts';

const replies = createUnitReplies();
const rng = createRng(1, 1);

function ticket(over: Partial<UnitTicket>): UnitTicket {
  return {
    uid: '019a0000-0000-7000-8000-000000000001' as TicketId,
    number: '20261126-00000001',
    version: 3,
    status: 'handling',
    unit: '鼓楼区城管局',
    coUnits: [],
    coOrders: [],
    round: 1,
    type: 'help',
    category: { code: '020201', names: [] },
    title: '鼓楼区湖南路路灯不亮',
    content: '来电人反映：鼓楼区湖南路18号附近3盏路灯不亮，已持续一周左右。',
    demands: ['repair'],
    urgency: 'normal',
    markers: [],
    place: { divisionCode: '320106', address: '鼓楼区湖南路18号附近', landmark: '', coordinates: null },
    occurredAt: null,
    subject: '',
    caller: { name: '王先生', gender: 'male', kind: 'person', phone: '13800000001' },
    acceptedAt: 0,
    signBy: null,
    returnBy: null,
    dueAt: null,
    extendedDays: 0,
    request: null,
    waitingUntil: null,
    replies: [],
    updatedAt: 0,
    ...over,
  };
}

test('a unit answers in the words of the matter, and of the place it happened at', () => {
  const texts = new Set(Array.from({ length: 20 }, () => replies.reply(ticket({}), rng)));
  expect(texts.size).toBeGreaterThan(3);
  for (const text of texts) expect(text).toMatch(/灯/);
  expect([...texts].some((text) => text.includes('湖南路'))).toBe(true);
});

test('no category leaves a gap in an answer, whatever is known of the ticket', () => {
  const codes = [...new Set(loadMatters().map(({ code }) => code)), '999999'];
  for (const code of codes) {
    for (const known of [
      {},
      { subject: '某某超市' },
      { place: { divisionCode: null, address: '', landmark: '', coordinates: null } },
    ]) {
      const text = replies.reply(
        ticket({ category: { code, names: [] }, title: '有事反映', content: '请处理', ...known }),
        rng,
      );
      expect([code, text.length > 10, /[{}<>|[\]]|undefined/.test(text)]).toEqual([code, true, false]);
    }
  }
});

test('whoever is kept secret is answered through the centre, and nobody is said to have been called', () => {
  for (const type of TICKET_TYPES) {
    expect(replies.reply(ticket({ type, caller: null }), rng)).toContain('热线中心代为反馈');
  }
});

test('the answer to a 重办 says that it is one', () => {
  const again = replies.reply(ticket({ replies: [{ at: 0, unit: '鼓楼区城管局', text: '已修复。' }] }), rng);
  expect(again).toMatch(/^接到重办要求/);
});
