import { IconFilter } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { drawNow } from '#renderer/platform/draw-now.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClearConditions, ConditionBar } from '#renderer/terms/conditions/ConditionBar.tsx';
import { SortButton } from '#renderer/terms/views/SortButton.tsx';
import { ViewsButton } from '#renderer/terms/views/ViewsButton.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { isNarrowed, NO_CONDITIONS, type TicketView } from '#shared/domain/ticket-view.ts';
import { type QueueName, WORK_QUEUES } from '#shared/domain/work-queue.ts';
import classes from './QueueToolbar.module.css';
import { useQueueStore } from './queue.store.ts';

interface QueueToolbarProps {
  readonly queue: QueueName;
  /** A kept view was chosen, of a queue or of a search. */
  readonly onOpenView: (view: TicketView) => void;
}

/** Order, conditions and kept views of a queue, each by one key from the list. Lists across the states have an order of their own, and everything is searched. */
export function QueueToolbar({ queue, onOpenView }: QueueToolbarProps) {
  const { t } = useTranslation();
  const { conditions, sort, isNarrowing } = useQueueStore();
  const barRef = useRef<HTMLDivElement>(null);
  const isNarrow = isNarrowed(conditions);
  const hasOrder = WORK_QUEUES[queue].length > 0 && queue !== 'callback';
  const toggle = () => {
    // With conditions the row stays: nobody is to take a narrowed queue for the whole one.
    drawNow(() => useQueueStore.setState({ isNarrowing: !isNarrowing || isNarrow }));
    barRef.current?.querySelector('input')?.focus();
  };
  useAction('queue.narrow', toggle);
  return (
    <>
      <div className={classes.tools}>
        <button
          type="button"
          className={classes.tool}
          aria-expanded={isNarrowing || isNarrow}
          data-on={isNarrow}
          onClick={toggle}
          data-testid={TEST_IDS.queueNarrow}
        >
          <IconFilter size={14} aria-hidden />
          {t('tickets.narrow.filter')}
          <KeyHint keys={actionKey('queue.narrow')} />
        </button>
        {hasOrder && (
          <SortButton
            sort={sort}
            onSort={(next) => useQueueStore.setState({ sort: next })}
            action="queue.sort"
            testId={TEST_IDS.queueSort}
          />
        )}
        <ViewsButton current={{ place: queue, query: '', conditions, sort }} onOpen={onOpenView} />
        {isNarrow && (
          <span className={classes.narrowed} role="note">
            {t('tickets.narrow.isNarrowed')}{' '}
            <ClearConditions
              conditions={conditions}
              onClear={() => useQueueStore.setState({ conditions: NO_CONDITIONS, isNarrowing: false })}
            />
          </span>
        )}
      </div>
      {(isNarrowing || isNarrow) && <NarrowRow queue={queue} rowRef={barRef} />}
    </>
  );
}

interface NarrowRowProps {
  readonly queue: QueueName;
  readonly rowRef: RefObject<HTMLDivElement | null>;
}

/** The conditions of a queue; Esc leads back to the list. */
function NarrowRow({ queue, rowRef }: NarrowRowProps) {
  const conditions = useQueueStore((state) => state.conditions);
  const [isInside, setInside] = useState(false);
  useEffect(() => {
    const row = rowRef.current;
    const enter = () => setInside(true);
    const leave = () => setInside(false);
    row?.addEventListener('focusin', enter);
    row?.addEventListener('focusout', leave);
    return () => {
      row?.removeEventListener('focusin', enter);
      row?.removeEventListener('focusout', leave);
    };
  }, [rowRef]);
  const goBack = () => rowRef.current?.closest('[data-framed]')?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  useAction('app.back', goBack, isInside);
  return (
    <div ref={rowRef} className={classes.row}>
      <ConditionBar
        statuses={WORK_QUEUES[queue]}
        conditions={conditions}
        onChange={(part) => useQueueStore.setState({ conditions: { ...conditions, ...part } })}
      />
    </div>
  );
}
