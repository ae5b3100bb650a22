import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings, useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { TypeAhead } from '#renderer/ui/TypeAhead.tsx';
import { useCloseOnBack } from './CategoryField.tsx';
import { usePickerTexts } from './picker-texts.ts';
import { useTyped } from './typed-text.ts';

const SHOWN = 30;
/** A street with its district and code in one line, px. */
const LIST_WIDTH = 360;
/** Places outside the own city come after equally good ones inside it. */
const OTHER_CITY_PENALTY = 1.5;

interface DivisionFieldProps {
  readonly control: FieldControl;
  readonly value: string | null;
  readonly onChange: (code: string | null) => void;
  /** Division code of the centre; its own city is offered first. */
  readonly centre: string;
  readonly disabled: boolean;
  readonly testId?: string;
}

/** City, district, street, found by typing Chinese, 拼音, initials or the code. */
export function DivisionField(props: DivisionFieldProps) {
  const { control, value, onChange, centre, disabled, testId = TEST_IDS.intakeDivision } = props;
  const { t } = useTranslation();
  const data = useReferenceData();
  const texts = usePickerTexts();
  const [query, setQuery] = useTyped(testId, value ?? '');
  const read = useReadings(query !== null && needsReadings(query));
  const city = centre.slice(0, 4);

  const found = useMemo(() => {
    if (!data || query === null) return [];
    const bonus = (entry: { readonly code: string }) => (entry.code.startsWith(city) ? 0 : OTHER_CITY_PENALTY);
    return matchEntries(data.divisions, query, read, SHOWN + 1, bonus);
  }, [data, query, read, city]);

  const chosen = value === null ? '' : (data?.divisionByCode.get(value)?.names.join(' ') ?? value);

  return (
    <TypeAhead
      control={control}
      chosen={chosen}
      options={found.slice(0, SHOWN).map((entry) => ({
        value: entry.code,
        main: entry.names.at(-1) ?? '',
        path: entry.names.slice(0, -1).join(' '),
      }))}
      hasMore={found.length > SHOWN}
      listWidth={LIST_WIDTH}
      query={query}
      onQuery={setQuery}
      onPick={onChange}
      disabled={disabled}
      placeholder={t('intake.hint.division')}
      texts={texts}
      testId={testId}
      optionTestId={TEST_IDS.intakeDivisionOption}
      useCloseOnBack={useCloseOnBack}
    />
  );
}
