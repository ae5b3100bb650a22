import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings, useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCloseOnBack } from '#renderer/terms/CategoryField.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
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
  const [query, setQuery] = useState<string | null>(null);
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
  const found = typed === '' ? [] : matchEntries(units, typed, read, SHOWN);
  const problem = useTextProblem()(typed, LIMITS.name);
  const own = typed === '' || problem !== null || found.some((one) => one.code === typed) ? [] : [typed];
  return (
    <TypeAhead
      control={control}
      chosen={value}
      options={[
        ...own.map((unit) => ({ value: unit, code: '', main: unit, path: t('forms.asTyped') })),
        ...found.map(({ code }) => ({ value: code, code: '', main: code, path: '' })),
      ]}
      hasMore={false}
      query={query}
      onQuery={setQuery}
      onPick={onChange}
      disabled={disabled}
      placeholder={t('forms.hint.unit')}
      texts={{ noMatch: problem ?? t('forms.hint.unit'), more: '', clear: t('intake.clear') }}
      testId={testId}
      optionTestId={(unit) => TEST_IDS.formOption(unit)}
      useCloseOnBack={useCloseOnBack}
    />
  );
}
