import { create } from 'zustand';
import { isQualityList } from '#shared/domain/quality/quality-list.ts';
import { NO_CONDITIONS, type TicketConditions, type TicketSort, type TicketView } from '#shared/domain/ticket-view.ts';
import type { QueueName } from '#shared/domain/work-queue.ts';

interface QueueState {
  /** Null: the one a role begins its day with. */
  readonly queue: QueueName | null;
  /** They stay from queue to queue: whoever works for one district does so in all of them. */
  readonly conditions: TicketConditions;
  readonly sort: TicketSort;
  /** The order of the queues across the states. */
  readonly acrossSort: TicketSort;
  /** The row of conditions is shown though nothing is narrowed. */
  readonly isNarrowing: boolean;
  /** Narrowed to the 班组 that was chosen in the settings, once after the sign-in. */
  readonly hasBegun: boolean;
}

const BEGIN: QueueState = {
  queue: null,
  conditions: NO_CONDITIONS,
  sort: 'newest',
  acrossSort: 'due',
  isNarrowing: false,
  hasBegun: false,
};

/** What is seen of the queues; kept while somebody looks at other pages. */
export const useQueueStore = create<QueueState>(() => BEGIN);

/** Begins with the 班组 that was chosen in the settings; what somebody chooses after that stays. */
export function beginWithTeam(team: string | null): void {
  useQueueStore.setState(({ hasBegun, conditions }) =>
    hasBegun ? {} : { hasBegun: true, conditions: { ...conditions, team } },
  );
}

/** Shows a queue as it was kept under a name. */
export function openQueueView({ place, conditions, sort, acrossSort }: TicketView): void {
  if (place !== 'search' && !isQualityList(place))
    useQueueStore.setState({ queue: place, conditions, sort, acrossSort, hasBegun: true });
}

/** Begins as at sign-in: the session ended. */
export function forgetQueue(): void {
  useQueueStore.setState(BEGIN);
}
