import { IconSortDescending } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { type ActionId, actionKey } from '#renderer/platform/keymap.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { TICKET_SORTS, type TicketSort } from '#shared/domain/ticket-view.ts';
import classes from './views.module.css';

interface SortButtonProps {
  readonly sort: TicketSort;
  readonly onSort: (sort: TicketSort) => void;
  /** Whose key turns it. */
  readonly action: Extract<ActionId, 'queue.sort' | 'search.sort'>;
  readonly testId: string;
}

/** The order of a list of tickets: says which, and turns to the next one. */
export function SortButton({ sort, onSort, action, testId }: SortButtonProps) {
  const { t } = useTranslation();
  const turn = () => onSort(TICKET_SORTS[(TICKET_SORTS.indexOf(sort) + 1) % TICKET_SORTS.length] ?? 'newest');
  useAction(action, turn);
  return (
    <button
      type="button"
      className={classes.tool}
      onClick={turn}
      aria-keyshortcuts={actionKey(action)}
      data-testid={testId}
    >
      <IconSortDescending size={14} aria-hidden />
      {t(`tickets.narrow.sort.${sort}`)}
      <KeyHint keys={actionKey(action)} />
    </button>
  );
}
