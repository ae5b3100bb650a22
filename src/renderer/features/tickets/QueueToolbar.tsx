import type { OwnCondition } from '#renderer/terms/conditions/ConditionBar.tsx';
import { type ListState, ListToolbar } from '#renderer/terms/views/ListToolbar.tsx';
import { isAcross, type TicketView } from '#shared/domain/ticket-view.ts';
import { type QueueName, WORK_QUEUES } from '#shared/domain/work-queue.ts';
import { useQueueStore } from './queue.store.ts';

interface QueueToolbarProps {
  readonly queue: QueueName;
  /** A kept view was chosen, of a list or of a search. */
  readonly onOpenView: (view: TicketView) => void;
}

/** Queues with a condition of their own: with whom it lies, and why it waits. */
const OWN: Partial<Readonly<Record<QueueName, OwnCondition>>> = { elsewhere: 'receiver', account: 'accountCause' };

/** Order, conditions and kept views of a queue. Everything is searched. */
export function QueueToolbar({ queue, onOpenView }: QueueToolbarProps) {
  const { conditions, sort, acrossSort, isNarrowing } = useQueueStore();
  const set = ({ sort: next, ...part }: Partial<ListState>) =>
    useQueueStore.setState({ ...part, ...(next && (isAcross(queue) ? { acrossSort: next } : { sort: next })) });
  return (
    <ListToolbar
      current={{ place: queue, query: '', conditions, sort, acrossSort }}
      statuses={WORK_QUEUES[queue]}
      own={OWN[queue]}
      state={{ conditions, sort: isAcross(queue) ? acrossSort : sort, isNarrowing }}
      onState={set}
      onOpenView={onOpenView}
    />
  );
}
