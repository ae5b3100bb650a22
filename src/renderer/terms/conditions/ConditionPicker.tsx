import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePickerTexts } from '#renderer/terms/picker-texts.ts';
import { useTyped } from '#renderer/terms/typed-text.ts';
import { TypeAhead, type TypeAheadOption } from '#renderer/ui/TypeAhead.tsx';
import type { TicketConditions } from '#shared/domain/ticket-view.ts';
import classes from './conditions.module.css';

/** Lines in an open list. */
export const SHOWN = 30;
const LIST_WIDTH = 340;

interface ConditionPickerProps {
  readonly name: keyof TicketConditions;
  /** Text of what is chosen, empty for nothing. */
  readonly chosen: string;
  /** What fits the typed text, one more than are shown when there are more. */
  readonly find: (typed: string) => readonly TypeAheadOption[];
  readonly onPick: (value: string | null) => void;
}

/** Closes an open list with Esc before anything else reacts to it. */
function useCloseOnBack(close: () => void, opened: boolean): void {
  useAction('app.back', close, opened);
}

/** One condition, chosen by typing. What it is about stands before it, also once something is chosen. */
export function ConditionPicker({ name, chosen, find, onPick }: ConditionPickerProps) {
  const { t } = useTranslation();
  const id = useId();
  const texts = usePickerTexts();
  const [query, setQuery] = useTyped(name, chosen);
  const found = query === null ? [] : find(query);
  const label = t(`search.filter.${name}`);
  return (
    <div className={classes.condition} data-chosen={chosen !== ''} title={chosen === '' ? undefined : chosen}>
      <label id={`${id}-label`} htmlFor={id}>
        {label}
      </label>
      <TypeAhead
        control={{ id, labelId: `${id}-label`, invalid: false, describedBy: undefined }}
        chosen={chosen}
        options={found.slice(0, SHOWN)}
        hasMore={found.length > SHOWN}
        listWidth={LIST_WIDTH}
        query={query}
        onQuery={setQuery}
        onPick={onPick}
        placeholder={t('search.filter.any')}
        texts={texts}
        testId={TEST_IDS.searchFilter(name)}
        optionTestId={(value) => TEST_IDS.searchFilterOption(name, value)}
        useCloseOnBack={useCloseOnBack}
      />
    </div>
  );
}
