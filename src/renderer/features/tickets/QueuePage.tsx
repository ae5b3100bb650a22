import { IconSquare, IconSquareCheckFilled } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useTicketWindow } from '#renderer/platform/use-row-window.ts';
import { toTicketFilter } from '#renderer/terms/conditions/ticket-filter.ts';
import { useCoverage, useMonthText } from '#renderer/terms/coverage.ts';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { clock, useTicking } from '#renderer/ui/now.ts';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { TicketList as ListOf, TicketSummary } from '#shared/contract/tickets.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import {
  isAcross,
  isNarrowed,
  NO_OWN_CONDITIONS,
  type TicketConditions,
  type TicketSort,
  type TicketView,
} from '#shared/domain/ticket-view.ts';
import { firstQueueOf, QUEUE_NAMES, type QueueName, WORK_QUEUES } from '#shared/domain/work-queue.ts';
import classes from './decide/Decide.module.css';
import { listFirst } from './decide/list-first.ts';
import { TriageBar } from './decide/TriageBar.tsx';
import { QueueToolbar } from './QueueToolbar.tsx';
import { beginWithTeam, useQueueStore } from './queue.store.ts';
import { type RenderTicket, TicketList } from './TicketList.tsx';
import type { ListTime, TicketColumn } from './ticket-columns.tsx';

interface QueuePageProps {
  readonly role: Role;
  readonly renderTicket: RenderTicket;
  readonly onOpenView: (view: TicketView) => void;
}

/** Tickets become overdue without anybody's doing: counts, and the queue of them, are asked for once a minute. */
const minuteOf = (now: number) => Math.floor(now / 60_000);

/** 队列: the work of a role, queue by queue; what is decided about the tickets of one has a key each. */
export function QueuePage({ role, renderTicket, onOpenView }: QueuePageProps) {
  const { t } = useTranslation();
  const queue = useQueueStore((state) => state.queue) ?? firstQueueOf(role);
  const setQueue = (next: QueueName) =>
    useQueueStore.setState(({ conditions }) => ({
      queue: next,
      conditions: { ...conditions, ...NO_OWN_CONDITIONS, status: null },
    }));
  const minute = useTicking(minuteOf);
  const coverage = useCoverage();
  const team = coverage?.team;
  useEffect(() => {
    if (team !== undefined) beginWithTeam(team);
  }, [team]);
  const monthText = useMonthText();
  const { data: counts } = useLiveQuery(['tickets', 'session'], () => dataClient.tickets.queueCounts(), [minute]);
  const { data: children } = useLiveQuery(['tickets', 'session'], () => dataClient.tickets.queueChildren(), [minute]);
  const events = queue === 'all' ? undefined : counts?.[queue];
  const further = queue === 'all' ? undefined : children?.[queue];
  const labelOf = (name: QueueName) => {
    const count = name === 'all' ? undefined : counts?.[name];
    return count === undefined
      ? t(`tickets.queues.${name}`)
      : t('tickets.queueCount', { name: t(`tickets.queues.${name}`), count });
  };
  return (
    <Queue
      key={queue}
      queue={queue}
      role={role}
      renderTicket={renderTicket}
      minute={minute}
      toolbar={
        <div className={classes.queues}>
          <div className={classes.tabs}>
            <ChoiceGroup
              label={t('tickets.queuesLabel')}
              choices={QUEUE_NAMES.map((value) => ({ value, label: labelOf(value) }))}
              value={queue}
              onChange={setQueue}
              testId={TEST_IDS.queueFilter}
            />
          </div>
          {events !== undefined && further !== undefined && (
            <p className={classes.beyond} data-testid={TEST_IDS.queueFigures}>
              {t('tickets.figures', { events, tickets: events + further })}
            </p>
          )}
          {queue !== 'all' && <QueueToolbar queue={queue} onOpenView={onOpenView} />}
          {coverage?.from && coverage.outside.tickets > 0 && (
            <p className={classes.beyond} role="note">
              {t('coverage.queues', { from: monthText(coverage.from), count: coverage.outside.tickets })}
            </p>
          )}
          {coverage && coverage.leftOut > 0 && (
            <p className={classes.beyond} role="note" data-testid={TEST_IDS.queueLeftOut}>
              {t('coverage.queuesTeams', { count: coverage.leftOut })}
            </p>
          )}
        </div>
      }
    />
  );
}

/** What lies in them, and in which order, changes with time alone. */
const MOVES_WITH_TIME: readonly QueueName[] = ['overdue', 'callback'];

interface QueueProps extends Omit<QueuePageProps, 'onOpenView'> {
  readonly queue: QueueName;
  readonly minute: number;
  readonly toolbar: ReactNode;
}

/** Columns that give their room to the marks: all tickets of most queues are in one state. */
function withoutOf(queue: QueueName): readonly TicketColumn[] {
  if (queue === 'overdue' || queue === 'merges' || queue === 'joint') return ['category'];
  if (queue === 'supervised') return ['category', 'place'];
  // The state says how far it is here; the place gives its room to who has it, or until when.
  if (queue === 'elsewhere' || queue === 'waiting') return ['place'];
  if (queue === 'account') return ['status', 'place'];
  return queue === 'callback' ? ['status', 'place'] : ['status'];
}

/** Queues that are worked off by another time than the limits of their tickets. */
const TIME_OF: Partial<Readonly<Record<QueueName, ListTime>>> = {
  supervised: 'order',
  callback: 'call',
  account: 'account',
  waiting: 'wait',
  elsewhere: 'flow',
};

function listOf(queue: QueueName, conditions: TicketConditions, orders: ChosenOrders): ListOf {
  // Everything is searched, not narrowed.
  const filter = queue === 'all' ? undefined : toTicketFilter(conditions, clock.now());
  const narrowed = filter ? { filter } : {};
  const { sort, acrossSort } = orders;
  if (isAcross(queue)) return { kind: queue, ...narrowed, sort: acrossSort };
  if (queue === 'merges') return { kind: 'proposed', ...narrowed, sort: sort === 'oldest' ? 'oldest' : 'newest' };
  return { kind: 'queue', statuses: [...WORK_QUEUES[queue]], ...narrowed, ...(queue === 'all' ? {} : { sort }) };
}

/** Orders of the queues of a state, and of those across the states. */
interface ChosenOrders {
  readonly sort: TicketSort;
  readonly acrossSort: TicketSort;
}

/** One queue with its marks: they are of this list and go with it. */
function Queue({ queue, minute, role, renderTicket, toolbar }: QueueProps) {
  const { t } = useTranslation();
  const { conditions, sort, acrossSort } = useQueueStore();
  const shown = listOf(queue, conditions, { sort, acrossSort });
  const list = useTicketWindow(shown, MOVES_WITH_TIME.includes(queue) ? minute : 0);
  const [current, setCurrent] = useState<TicketSummary | null>(null);
  const [marked, setMarked] = useState<ReadonlyMap<string, TicketSummary>>(new Map());
  const toggle = (ticket: TicketSummary) =>
    setMarked((before) => {
      const next = new Map(before);
      if (!next.delete(ticket.uid)) next.set(ticket.uid, ticket);
      return next;
    });
  const markAll = async () => {
    const all = marked.size > 0 ? [] : await listFirst(shown);
    setMarked(new Map(all.map((ticket) => [ticket.uid, ticket])));
  };
  // Nobody works off everything: there it is one ticket after the other.
  const isWorkedOff = queue !== 'all';
  useAction('triage.mark', () => current && toggle(current), isWorkedOff && current !== null);
  useAction('triage.markAll', () => void markAll(), isWorkedOff);
  const column: Column<TicketSummary> = {
    id: 'mark',
    header: '',
    width: '28px',
    render: (row) => {
      const isMarked = marked.has(row.uid);
      const Icon = isMarked ? IconSquareCheckFilled : IconSquare;
      return (
        <button
          type="button"
          tabIndex={-1}
          className={classes.mark}
          data-marked={isMarked}
          aria-pressed={isMarked}
          aria-label={t('tickets.decide.mark', { number: displayTicketNumber(row) })}
          onClick={(event) => {
            event.stopPropagation();
            toggle(row);
          }}
          data-testid={TEST_IDS.triageMark(row.uid)}
        >
          <Icon size={16} aria-hidden />
        </button>
      );
    },
  };
  const settle = () => {
    setMarked(new Map());
    // Until the list has been read again nobody knows what lies under the cursor: a key pressed meanwhile must not meet the same ticket.
    setCurrent(null);
  };
  const tickets = marked.size > 0 ? [...marked.values()] : current ? [current] : [];
  const empty = queue !== 'all' && isNarrowed(conditions) ? 'narrowedEmpty' : 'queueEmpty';
  return (
    <TicketList
      title={t('app.pages.queue')}
      list={list}
      renderTicket={renderTicket}
      empty={{ title: t(`tickets.${empty}.title`), text: t(`tickets.${empty}.text`) }}
      leading={isWorkedOff ? column : undefined}
      without={isWorkedOff ? withoutOf(queue) : undefined}
      time={TIME_OF[queue] ?? 'ticket'}
      toolbar={toolbar}
      onCurrent={setCurrent}
      footer={<TriageBar role={role} tickets={tickets} marked={isWorkedOff ? marked.size : null} onDone={settle} />}
    />
  );
}
