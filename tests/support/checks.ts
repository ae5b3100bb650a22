import { type Marks, NO_MARKS, siblingOf } from '#shared/domain/quality/check.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId, UserId } from '#shared/kernel/ids.ts';
import { createTicketBody, TestConsole } from './test-console.ts';

/** A ticket that came to its end, as a check speaks of it. */
export interface CheckedFacts {
  readonly ticketUid: TicketId;
  readonly ticketNo: string;
  readonly agentId: UserId;
  readonly agentName: string;
}

const of = (ticket: CheckedFacts) => ({
  centre: '320100',
  line: '12345' as const,
  sheet: { id: 'ordinary', version: 1 },
  ...ticket,
});

/** Marks that take five points off for the facts. */
export const FIVE_OFF: Marks = {
  ...NO_MARKS,
  deductions: [{ item: 'facts', points: 5, reason: '没有问清发生时间' }],
};

export const scoreBody = (ticket: CheckedFacts, scoreId: string, marks = FIVE_OFF) => ({
  kind: 'check.score' as const,
  uid: siblingOf(ticket.ticketUid, 'check'),
  args: { ...of(ticket), why: ['drawn' as const], scoreId: scoreId as never, marks },
});
export const appealBody = ({ ticketUid }: CheckedFacts, appealId: string, words = '时间写在补充里') => ({
  kind: 'check.appeal' as const,
  uid: siblingOf(ticketUid, 'copy'),
  args: { centre: '320100', ticketUid, appealId: appealId as never, words },
});
export const settleBody = ({ ticketUid }: CheckedFacts, settleId: string, marks: Marks | null = null) => ({
  kind: 'check.settle' as const,
  uid: siblingOf(ticketUid, 'check'),
  args: { centre: '320100', ticketUid, settleId: settleId as never, marks, words: '补充里确有时间' },
});
export const startBody = (ticket: CheckedFacts) => ({
  kind: 'calibration.start' as const,
  uid: siblingOf(ticket.ticketUid, 'calibration'),
  args: of(ticket),
});
export const markBody = ({ ticketUid }: CheckedFacts, scoreId: string, marks = FIVE_OFF) => ({
  kind: 'calibration.score' as const,
  uid: siblingOf(ticketUid, 'calibration'),
  args: { centre: '320100', ticketUid, scoreId: scoreId as never, marks },
});

/** A console without a window of a demo account. */
export async function signInDemo(url: string, account: string): Promise<TestConsole> {
  const console = new TestConsole(url);
  console.mode = 'demo';
  return console.signIn(account, 'Demo-12345');
}

/** A ticket of demo1001 that was answered on the spot and that the rule draws, at a demo server. */
export async function answerDrawn(
  agent: TestConsole,
  agentId: UserId,
  title: string,
  fields: Parameters<typeof createTicketBody>[0] = {},
): Promise<CheckedFacts> {
  const body = createTicketBody({ title, answer: '带身份证到街道办理。', ...fields }, { outcome: 'direct_answer' });
  const uid = `${body.uid.slice(0, -2)}00` as TicketId;
  const { ticket } = await agent.pushOne({ ...body, uid });
  const { number, acceptedAt } = forceUnwrap('the server took it', ticket);
  return { ticketUid: uid, ticketNo: formatTicketNumber(number, acceptedAt), agentId, agentName: '林晓雯' };
}
