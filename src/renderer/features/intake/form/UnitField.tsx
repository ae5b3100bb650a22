import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings, useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCloseOnBack } from '#renderer/terms/CategoryField.tsx';
import { usePickerTexts } from '#renderer/terms/picker-texts.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { useTyped } from '#renderer/terms/typed-text.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { TypeAhead } from '#renderer/ui/TypeAhead.tsx';
import { LIMITS } from '#shared/domain/ticket.ts';

const SHOWN = 12;

interface UnitFieldProps {
  readonly control: FieldControl;
  readonly value: string;
  readonly onChange: (unit: string | null) => void;
  readonly disabled: boolean;
  readonly testId: string;
}

/** The name of a unit: units of the categories are offered, any other name is taken as it was typed. */
export function UnitField({ control, value, onChange, disabled, testId }: UnitFieldProps) {
  const { t } = useTranslation();
  const data = useReferenceData();
  const [query, setQuery] = useTyped(testId, value);
  const read = useReadings(query !== null && needsReadings(query));
  const units = useMemo(
    () =>
      [...new Set(data?.categories.flatMap((entry) => entry.unit ?? []))].map((unit) => ({
        code: unit,
        names: [unit],
      })),
    [data],
  );
  const typed = (query ?? '').trim();
  const problem = useTextProblem()(typed, LIMITS.name);
  // Half of a character would be found in the whole one.
  const found = typed === '' || problem !== null ? [] : matchEntries(units, typed, read, SHOWN);
  const texts = usePickerTexts(problem ?? t('forms.hint.unit'));
  const own = typed === '' || problem !== null || found.some((one) => one.code === typed) ? [] : [typed];
  return (
    <TypeAhead
      control={control}
      chosen={value}
      options={[
        ...own.map((unit) => ({ value: unit, code: '', main: unit, path: t('forms.asTyped'), isAsTyped: true })),
        ...found.map(({ code }) => ({ value: code, code: '', main: code, path: '' })),
      ]}
      hasMore={false}
      query={query}
      onQuery={setQuery}
      onPick={onChange}
      disabled={disabled}
      placeholder={t('forms.hint.unit')}
      texts={texts}
      testId={testId}
      optionTestId={(unit) => TEST_IDS.formOption(unit)}
      useCloseOnBack={useCloseOnBack}
    />
  );
}
