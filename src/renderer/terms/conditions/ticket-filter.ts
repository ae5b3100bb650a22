import { TICKET_GROUP_NAMES, TICKET_GROUPS } from '#renderer/terms/ticket-groups.ts';
import type { QueueFilter } from '#shared/contract/tickets.contract.ts';
import { TICKET_STATUSES } from '#shared/domain/ticket-status.ts';
import type { TicketConditions } from '#shared/domain/ticket-view.ts';
import { presetPeriod } from './period.ts';

/** Conditions as the data process takes them, undefined when they let everything through. */
export function toTicketFilter(conditions: TicketConditions, now: number): QueueFilter | undefined {
  const { status, category, division, period, unit, agent, team, receiver, accountCause } = conditions;
  const group = TICKET_GROUP_NAMES.find((name) => `group:${name}` === status);
  const statuses = group ? TICKET_GROUPS[group] : TICKET_STATUSES.filter((each) => each === status);
  const span = typeof period === 'string' ? presetPeriod(period, now) : period;
  const wanted: QueueFilter = {
    ...(status === null ? {} : { statuses: [...statuses] }),
    ...(category === null ? {} : { category }),
    ...(division === null ? {} : { division }),
    ...(unit === null ? {} : { units: [unit] }),
    ...(agent === null ? {} : { agents: [agent.value] }),
    ...(team === null ? {} : { team }),
    ...(receiver === null ? {} : { receiver }),
    ...(accountCause === null ? {} : { accountCause }),
    ...(span ?? {}),
  };
  return Object.keys(wanted).length === 0 ? undefined : wanted;
}
