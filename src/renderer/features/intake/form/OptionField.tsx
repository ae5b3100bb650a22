import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCloseOnBack } from '#renderer/terms/CategoryField.tsx';
import { usePickerTexts } from '#renderer/terms/picker-texts.ts';
import { useTyped } from '#renderer/terms/typed-text.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { TypeAhead } from '#renderer/ui/TypeAhead.tsx';

/** One thing to choose. */
export interface Choosable {
  readonly value: string;
  readonly zh: string;
  readonly en: string;
}

interface OptionFieldProps {
  readonly control: FieldControl;
  readonly options: readonly Choosable[];
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  /** Shows the list at once; grows whenever that is wished. */
  readonly openTicket?: number;
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly testId: string;
}

/** One of several choices: clicked, or typed in Chinese, 拼音, initials or English. */
export function OptionField(props: OptionFieldProps) {
  const { control, options, value, onChange, openTicket = 0, placeholder, disabled, testId } = props;
  const { t, i18n } = useTranslation();
  const texts = usePickerTexts(t('intake.noMatch'));
  const [query, setQuery] = useTyped(testId, value ?? '');
  const opened = useRef(openTicket);
  useEffect(() => {
    if (openTicket === opened.current) return;
    opened.current = openTicket;
    if (query === null) setQuery('');
  });
  const read = useReadings(query !== null && needsReadings(query));
  const labelOf = (one: Choosable) => (i18n.language === 'en' ? one.en : one.zh);
  const entries = useMemo(
    () => options.map((option) => ({ code: option.value, names: [option.zh], en: [option.en], option })),
    [options],
  );
  const found = query === null || query === '' ? entries : matchEntries(entries, query, read, entries.length);
  const chosen = options.find((option) => option.value === value);
  return (
    <TypeAhead
      control={control}
      chosen={chosen ? labelOf(chosen) : (value ?? '')}
      options={found.map(({ option }) => ({ value: option.value, code: '', main: labelOf(option), path: '' }))}
      hasMore={false}
      query={query}
      onQuery={setQuery}
      onPick={onChange}
      opensOnClick
      disabled={disabled}
      placeholder={placeholder}
      texts={texts}
      testId={testId}
      optionTestId={(option) => TEST_IDS.formOption(option)}
      useCloseOnBack={useCloseOnBack}
    />
  );
}
