import { IconSortDescending } from '@tabler/icons-react';
import { useAction } from '#renderer/platform/actions.ts';
import { type ActionId, actionKey } from '#renderer/platform/keymap.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { sortsOf, type TicketSort, type TicketView } from '#shared/domain/ticket-view.ts';
import { useSortText } from './view-text.ts';
import classes from './views.module.css';

interface SortButtonProps {
  /** The list that is put in order. */
  readonly place: TicketView['place'];
  readonly sort: TicketSort;
  readonly onSort: (sort: TicketSort) => void;
  /** Whose key turns it. */
  readonly action: Extract<ActionId, 'queue.sort' | 'search.sort'>;
  readonly testId: string;
}

/** The order of a list of tickets: says which, and turns to the next one. */
export function SortButton({ place, sort, onSort, action, testId }: SortButtonProps) {
  const sortText = useSortText();
  const sorts = sortsOf(place);
  const at = Math.max(0, sorts.indexOf(sort));
  const turn = () => onSort(sorts[(at + 1) % sorts.length] ?? sort);
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
      {sortText(place, sort)}
      <KeyHint keys={actionKey(action)} />
    </button>
  );
}
