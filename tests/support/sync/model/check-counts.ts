import { expect } from 'vitest';
import { countQueueChildren, countQueues } from '#main/data/services/act.service.ts';
import { shownDueAt } from '#shared/domain/clock/clock-summary.ts';
import { awaitedUntil, openFlowOf } from '#shared/domain/overlay/elsewhere.ts';
import { jointAt } from '#shared/domain/overlay/joint-queue.ts';
import { openOrdersOf } from '#shared/domain/overlay/oversight.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import { COUNTED_QUEUES, type CountedQueue, WORK_QUEUES } from '#shared/domain/work-queue.ts';
import type { ModelConsole } from './model-console.ts';

/** 事件 and 诉求 of every queue as the console counts them are those of a recount of the server's tickets. */
export function checkCounts(self: ModelConsole, tickets: readonly Ticket[]): void {
  const now = self.clock.now();
  const childrenOf = (uid: string) =>
    tickets.filter(({ status, link }) => status === 'merged' && link?.parentUid === uid).length;
  const isIn = (name: CountedQueue, ticket: Ticket): boolean => {
    if (name === 'overdue') return (shownDueAt(ticket.clocks) ?? Number.MAX_SAFE_INTEGER) <= now;
    if (name === 'supervised') return openOrdersOf(ticket.events).length > 0;
    if (name === 'joint') return jointAt(ticket) !== null;
    if (name === 'waiting') return awaitedUntil(ticket) !== null;
    if (name === 'elsewhere') return openFlowOf(ticket) !== null;
    if (name === 'merges') return ticket.link?.state === 'proposed' && !FINISHED_STATUSES.includes(ticket.status);
    return WORK_QUEUES[name].some((status) => status === ticket.status);
  };
  const counted = (of: (ticket: Ticket) => number) =>
    Object.fromEntries(
      COUNTED_QUEUES.map((name) => [
        name,
        tickets.filter((one) => isIn(name, one)).reduce((sum, one) => sum + of(one), 0),
      ]),
    );
  expect(countQueues(self.work), `事件 of ${self.name}`).toEqual(counted(() => 1));
  const { merges: _, ...children } = countQueueChildren(self.work);
  const { merges: __, ...expected } = counted(({ uid }) => childrenOf(uid));
  expect(children, `诉求 of ${self.name}`).toEqual(expected);
}
