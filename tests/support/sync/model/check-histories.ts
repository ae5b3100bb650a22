import { PARENT_STATUSES } from '#shared/domain/merge-tickets.ts';
import { openOrdersOf } from '#shared/domain/overlay/oversight.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket, TicketEvent } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import { type TicketAction, type TicketStatus, TRANSITIONS } from '#shared/domain/ticket-status.ts';

/** Every history is a way through the table of states, and what lies over a ticket was begun and ended once. */
export function checkHistories(tickets: readonly Ticket[], roleOf: (actorId: string) => Role): void {
  for (const ticket of tickets) {
    checkWay(ticket, roleOf);
    checkOverlays(ticket);
  }
  checkClusters(tickets);
}

function complain(ticket: Ticket, what: string): never {
  throw new Error(`${what}: ticket ${ticket.number} (${ticket.uid}), ${ticket.events.map(tellStep).join(' → ')}`);
}

function tellStep({ kind, from, to, act, overlay }: TicketEvent): string {
  return `${kind} ${act?.action ?? overlay?.step ?? ''} ${from ?? ''}>${to ?? ''}`;
}

function checkWay(ticket: Ticket, roleOf: (actorId: string) => Role): void {
  let status: TicketStatus | null = null;
  for (const event of ticket.events) {
    const { from, to, act, actorId } = event;
    if (to === null) continue;
    if (from !== status) complain(ticket, `a decision was taken in a state the ticket was not in (${tellStep(event)})`);
    const isLegal =
      from === null ||
      (act && actorId !== null
        ? isAllowed(from, act.action, to, roleOf(actorId))
        : TRANSITIONS.some((one) => one.from.includes(from) && one.to === to));
    if (!isLegal) complain(ticket, `a step that the table does not know (${tellStep(event)})`);
    status = to;
  }
  if (status !== ticket.status) complain(ticket, `its history ends elsewhere than in ${ticket.status}`);
}

function isAllowed(from: TicketStatus, action: TicketAction, to: TicketStatus, role: Role): boolean {
  return TRANSITIONS.some(
    (one) => one.action === action && one.from.includes(from) && one.to === to && one.roles.includes(role),
  );
}

function checkOverlays(ticket: Ticket): void {
  const { events, clocks } = ticket;
  const { ownership } = handlingOf(ticket);
  const steps = events.flatMap(({ overlay }) => (overlay ? [overlay] : []));
  for (const step of ['finish', 'measure_done', 'wait_end', 'co_withdraw'] as const) {
    const ended = steps.flatMap((one) => (one.step === step && one.ref !== undefined ? [one.ref as string] : []));
    if (new Set(ended).size < ended.length) complain(ticket, `something was ended twice (${step})`);
    const begun = new Set(events.map(({ id }) => id as string));
    if (ended.some((ref) => !begun.has(ref))) complain(ticket, 'something was ended that was never begun');
  }
  for (const [step, isDone] of [
    ['made_safe', ownership?.safeAt != null],
    ['owned', ownership?.owner != null],
  ] as const) {
    const times = steps.filter((one) => one.step === step).length;
    if (times > 1) complain(ticket, `${step} twice`);
    if (times === 1 && !isDone) complain(ticket, `${step} left nothing on the ticket`);
  }
  if (!clocks) return;
  const open = openOrdersOf(events).map(({ id }) => id);
  const running = clocks.orders.map(({ id }) => id).filter((id) => id !== 'make_safe');
  if (running.sort().join() !== open.sort().join())
    complain(ticket, `times of orders run for ${running.join()}, open are ${open.join()}`);
}

/** A merged ticket has one 母单, which is open, under nobody itself, and says in its history who came and who left. */
function checkClusters(tickets: readonly Ticket[]): void {
  const byUid = new Map(tickets.map((ticket) => [ticket.uid, ticket]));
  const isUnder = (ticket: Ticket) => ticket.status === 'merged';
  for (const ticket of tickets) {
    if (!isUnder(ticket)) continue;
    const parent = ticket.link?.state === 'merged' ? byUid.get(ticket.link.parentUid) : undefined;
    if (!parent) complain(ticket, 'a merged ticket has no 母单');
    if (!PARENT_STATUSES.includes(parent.status)) complain(ticket, `its 母单 is ${parent.status}`);
  }
  for (const parent of tickets) {
    const told = new Map<string, number>();
    for (const { kind, ref } of parent.events) {
      if (kind === 'child_merged') told.set(ref, (told.get(ref) ?? 0) + 1);
      if (kind === 'child_split') told.set(ref, (told.get(ref) ?? 0) - 1);
    }
    for (const child of tickets) {
      const moves = child.events.filter(({ act, ref }) => act && ref === parent.uid);
      const expected =
        moves.filter(({ act }) => act?.action === 'merge').length -
        moves.filter(({ act }) => act?.action === 'unmerge').length;
      if ((told.get(child.uid) ?? 0) !== expected)
        complain(parent, `the 母单 does not tell who came and who left (${child.number})`);
    }
  }
}
