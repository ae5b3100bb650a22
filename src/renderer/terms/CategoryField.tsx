import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings, useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { TypeAhead, type TypeAheadOption } from '#renderer/ui/TypeAhead.tsx';
import type { CategoryEntry } from '#shared/domain/category.ts';
import { usePickerTexts } from './picker-texts.ts';
import { useTyped } from './typed-text.ts';

const SHOWN = 30;

interface CategoryFieldProps {
  readonly control: FieldControl;
  readonly value: string | null;
  readonly onChange: (code: string | null) => void;
  readonly disabled: boolean;
  readonly testId?: string;
}

/** Closes an open list with Esc before anything else reacts to it. */
export function useCloseOnBack(close: () => void, opened: boolean): void {
  useAction('app.back', close, opened);
}

/** The three-level category, found by typing Chinese, 拼音, initials, English or the code. */
export function CategoryField(props: CategoryFieldProps) {
  const { control, value, onChange, disabled, testId = TEST_IDS.intakeCategory } = props;
  const { t, i18n } = useTranslation();
  const data = useReferenceData();
  const texts = usePickerTexts();
  const [query, setQuery] = useTyped(testId, value ?? '');
  const read = useReadings(query !== null && needsReadings(query));
  const english = i18n.language === 'en';

  const found = useMemo(() => {
    if (!data || query === null) return [];
    const entries = data.categories.map((entry) => ({ ...entry, entry }));
    return matchEntries(entries, query, read, SHOWN + 1).map((one) => one.entry);
  }, [data, query, read]);

  const toOption = (entry: CategoryEntry): TypeAheadOption => {
    const [root, group, leaf] = english ? entry.en : entry.names;
    return { value: entry.code, main: leaf, path: `${root} / ${group}` };
  };
  const chosen = value === null ? null : (data?.categoryByCode.get(value) ?? null);
  const chosenText = chosen ? (english ? chosen.en : chosen.names).join(' / ') : (value ?? '');

  return (
    <TypeAhead
      control={control}
      chosen={chosenText}
      options={found.slice(0, SHOWN).map(toOption)}
      hasMore={found.length > SHOWN}
      query={query}
      onQuery={setQuery}
      onPick={onChange}
      disabled={disabled}
      placeholder={t('intake.hint.category')}
      texts={texts}
      testId={testId}
      optionTestId={TEST_IDS.intakeCategoryOption}
      useCloseOnBack={useCloseOnBack}
    />
  );
}
