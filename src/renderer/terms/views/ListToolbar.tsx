import { IconFilter } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { drawNow } from '#renderer/platform/draw-now.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import {
  isNarrowed,
  NO_CONDITIONS,
  type TicketConditions,
  type TicketSort,
  type TicketView,
} from '#shared/domain/ticket-view.ts';
import { ClearConditions, ConditionBar, type OwnCondition } from '../conditions/ConditionBar.tsx';
import { SortButton } from './SortButton.tsx';
import { ViewsButton } from './ViewsButton.tsx';
import classes from './views.module.css';

/** What somebody has made of a list. */
export interface ListState {
  readonly conditions: TicketConditions;
  readonly sort: TicketSort;
  /** The row of conditions is shown though nothing is narrowed. */
  readonly isNarrowing: boolean;
}

interface ListToolbarProps {
  /** The list as a kept view has it. */
  readonly current: Omit<TicketView, 'id' | 'name'>;
  /** States that can be chosen from; none for a list whose tickets are in one state. */
  readonly statuses: readonly TicketStatus[];
  /** The condition that only this list has. */
  readonly own?: OwnCondition | undefined;
  readonly state: ListState;
  readonly onState: (part: Partial<ListState>) => void;
  /** What is left out of a narrowed list besides. */
  readonly narrowedNote?: string;
  /** A kept view was chosen, of this list or of another one. */
  readonly onOpenView: (view: TicketView) => void;
}

/** Order, conditions and kept views of a list, each by one key from the list. */
export function ListToolbar({ current, statuses, own, state, onState, narrowedNote, onOpenView }: ListToolbarProps) {
  const { t } = useTranslation();
  const { conditions, sort, isNarrowing } = state;
  const barRef = useRef<HTMLDivElement>(null);
  const isNarrow = isNarrowed(conditions);
  const toggle = () => {
    // With conditions the row stays: nobody is to take a narrowed list for the whole one.
    drawNow(() => onState({ isNarrowing: !isNarrowing || isNarrow }));
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
        <SortButton
          place={current.place}
          sort={sort}
          onSort={(next) => onState({ sort: next })}
          action="queue.sort"
          testId={TEST_IDS.queueSort}
        />
        <ViewsButton current={current} onOpen={onOpenView} />
        {isNarrow && (
          <span className={classes.narrowed} role="note">
            {t('tickets.narrow.isNarrowed')} {narrowedNote}{' '}
            <ClearConditions
              conditions={conditions}
              onClear={() => onState({ conditions: NO_CONDITIONS, isNarrowing: false })}
            />
          </span>
        )}
      </div>
      {(isNarrowing || isNarrow) && (
        <NarrowRow
          statuses={statuses}
          own={own}
          conditions={conditions}
          onConditions={(part) => onState({ conditions: { ...conditions, ...part } })}
          rowRef={barRef}
        />
      )}
    </>
  );
}

interface NarrowRowProps {
  readonly statuses: readonly TicketStatus[];
  readonly own: OwnCondition | undefined;
  readonly conditions: TicketConditions;
  readonly onConditions: (part: Partial<TicketConditions>) => void;
  readonly rowRef: RefObject<HTMLDivElement | null>;
}

/** The conditions of a list; Esc leads back to it. */
function NarrowRow({ statuses, own, conditions, onConditions, rowRef }: NarrowRowProps) {
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
      <ConditionBar statuses={statuses} own={own} conditions={conditions} onChange={onConditions} />
    </div>
  );
}
