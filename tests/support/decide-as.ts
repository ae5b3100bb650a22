import { expect } from '@playwright/test';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { TestConsole } from './test-console.ts';

/** More than any ticket here has: whoever decides on it has seen everything. */
export const SEEN_ALL = 1_000;

/** A decision of somebody who sits at another console; the server has taken it. */
export async function decideAs(
  who: TestConsole,
  uid: TicketId,
  from: TicketStatus,
  act: TicketAct,
  words = '',
): Promise<void> {
  const args = { eventId: newId<EventId>(systemClock.now()), from, act, words };
  const { code } = await who.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: SEEN_ALL });
  expect(code).toBe('merged');
}
