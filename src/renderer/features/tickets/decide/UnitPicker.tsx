import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCloseOnBack } from '#renderer/terms/CategoryField.tsx';
import { usePickerTexts } from '#renderer/terms/picker-texts.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { useTyped } from '#renderer/terms/typed-text.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { TypeAhead } from '#renderer/ui/TypeAhead.tsx';
import { UNIT_NAME_MAX } from '#shared/domain/unit-name.ts';

const SHOWN = 12;

interface UnitPickerProps {
  readonly control: FieldControl;
  readonly value: string;
  /** What somebody chose, where `value` may have come by itself. */
  readonly picked?: string;
  readonly placeholder: string;
  /** The field the dialog begins with. */
  readonly isFirst: boolean;
  readonly onChange: (unit: string | null) => void;
  /** Something is typed that was not taken yet: what stands there is not what is chosen. */
  readonly onOpen: (isOpen: boolean) => void;
  readonly testId?: string;
}

/** The name of a handling unit: those that have tickets here are offered by name and 拼音, any other is taken as it was typed. */
export function UnitPicker(props: UnitPickerProps) {
  const { control, value, picked = value, placeholder, isFirst, onChange, onOpen } = props;
  const { testId = TEST_IDS.decideUnit } = props;
  const { t } = useTranslation();
  const { data } = useLiveQuery(['session'], () => dataClient.tickets.filterChoices(), []);
  const [query, setQuery] = useTyped(testId, picked, (next) => onOpen(next !== null && next.trim() !== ''));
  const read = useReadings(query !== null && needsReadings(query));
  const units = useMemo(() => (data?.units ?? []).map((unit) => ({ code: unit.value, names: [unit.label] })), [data]);
  const typed = (query ?? '').trim();
  const problem = useTextProblem()(typed, UNIT_NAME_MAX);
  // Half of a character would be found in the whole one.
  const matching = typed === '' || problem !== null ? [] : matchEntries(units, typed, read, SHOWN);
  const isExact = ({ code }: { readonly code: string }) => code === typed;
  // A name in full is that unit, whatever longer names have it in them.
  const found = [...matching.filter(isExact), ...matching.filter((unit) => !isExact(unit))];
  const texts = usePickerTexts(problem ?? t('forms.hint.unit'));
  // A name no unit can have is not offered: it would be refused later, far from here.
  const own = typed === '' || problem !== null || found.some(isExact) ? [] : [typed];
  return (
    <TypeAhead
      control={control}
      chosen={value}
      options={[
        ...found.map(({ code }) => ({ value: code, code: '', main: code, path: '' })),
        ...own.map((unit) => ({ value: unit, code: '', main: unit, path: t('forms.asTyped'), isAsTyped: true })),
      ]}
      hasMore={false}
      query={query}
      onQuery={setQuery}
      onPick={onChange}
      placeholder={placeholder}
      isFirst={isFirst}
      texts={texts}
      testId={testId}
      optionTestId={(unit) => TEST_IDS.formOption(unit)}
      useCloseOnBack={useCloseOnBack}
    />
  );
}
