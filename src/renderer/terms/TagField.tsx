import { IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings, useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { TypeAhead } from '#renderer/ui/TypeAhead.tsx';
import { MOST_TAGS } from '#shared/domain/ticket.ts';
import { useCloseOnBack } from './CategoryField.tsx';
import { usePickerTexts } from './picker-texts.ts';
import { useTagName } from './reference-text.tsx';
import classes from './TagField.module.css';
import { useTyped } from './typed-text.ts';

const SHOWN = 30;

interface TagFieldProps {
  readonly control: FieldControl;
  readonly values: readonly string[];
  readonly onChange: (tags: string[]) => void;
  readonly disabled: boolean;
  readonly testId?: string;
}

/** Tags (second axis beside the category), found one after the other by typing Chinese, 拼音, initials, English or the code. */
export function TagField(props: TagFieldProps) {
  const { control, values, onChange, disabled, testId = TEST_IDS.intakeTags } = props;
  const { t, i18n } = useTranslation();
  const data = useReferenceData();
  const tagName = useTagName();
  const texts = usePickerTexts();
  const [query, setQuery] = useTyped(testId, '');
  const read = useReadings(query !== null && needsReadings(query));
  const english = i18n.language === 'en';

  const found = useMemo(() => {
    if (!data || query === null) return [];
    const open = data.tags.filter((entry) => !values.includes(entry.names[1]));
    return matchEntries(open, query, read, SHOWN + 1);
  }, [data, query, read, values]);

  const add = (code: string | null) => {
    const entry = data?.tags.find((one) => one.code === code);
    if (entry && values.length < MOST_TAGS) onChange([...values, entry.names[1]]);
  };

  return (
    <div className={classes.field}>
      {values.length > 0 && (
        <ul className={classes.list} aria-label={t('intake.field.tags')}>
          {values.map((name) => (
            <li key={name} className={classes.tag}>
              {tagName(name)}
              <button
                type="button"
                className={classes.remove}
                aria-label={t('intake.removeTag', { name: tagName(name) })}
                disabled={disabled}
                onClick={() => onChange(values.filter((one) => one !== name))}
                data-testid={TEST_IDS.intakeTag(name)}
              >
                <IconX size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <TypeAhead
        control={control}
        chosen=""
        options={found.slice(0, SHOWN).map(({ code, names, en }) => {
          const [group, name] = english ? en : names;
          return { value: code, main: name, path: group };
        })}
        hasMore={found.length > SHOWN}
        query={query}
        onQuery={setQuery}
        onPick={add}
        disabled={disabled || values.length >= MOST_TAGS}
        placeholder={t('intake.hint.tags')}
        texts={texts}
        testId={testId}
        optionTestId={TEST_IDS.intakeTagOption}
        useCloseOnBack={useCloseOnBack}
      />
    </div>
  );
}
