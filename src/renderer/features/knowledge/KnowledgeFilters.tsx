import { VisuallyHidden } from '@mantine/core';
import { useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { categoryLevels } from '#renderer/platform/category-levels.ts';
import { matchEntries } from '#renderer/platform/picker-match.ts';
import { useReadings, useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePickerTexts } from '#renderer/terms/picker-texts.ts';
import { useTyped } from '#renderer/terms/typed-text.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { TypeAhead } from '#renderer/ui/TypeAhead.tsx';
import { ARTICLE_STATES } from '#shared/contract/knowledge.contract.ts';
import classes from './Knowledge.module.css';
import { useKnowledgeStore } from './knowledge.store.ts';

/** Which articles are listed: by category of any level, by validity, and for editors by what is to be done. */
export function KnowledgeFilters({ isEditor }: { readonly isEditor: boolean }) {
  const { t } = useTranslation();
  const { state, category } = useKnowledgeStore();
  const states = ARTICLE_STATES.filter((one) => isEditor || (one !== 'waiting' && one !== 'noticed'));
  return (
    <div className={classes.filters}>
      <div className={classes.category}>
        <CategoryPicker
          label={t('knowledge.category')}
          chosen={category}
          onPick={(code) => useKnowledgeStore.setState({ category: code })}
          testId={TEST_IDS.knowledgeCategory}
        />
      </div>
      <ChoiceGroup
        label={t('knowledge.states.label')}
        choices={states.map((value) => ({ value, label: t(`knowledge.states.${value}`) }))}
        value={state}
        onChange={(next) => useKnowledgeStore.setState({ state: next })}
        testId={TEST_IDS.knowledgeState}
      />
    </div>
  );
}

/** Closes an open list with Esc before anything else reacts to it. */
function useCloseOnBack(close: () => void, opened: boolean): void {
  useAction('app.back', close, opened);
}

const SHOWN = 30;
const LIST_WIDTH = 340;

interface CategoryPickerProps {
  /** The row it stands in; without one `label` names it. */
  readonly control?: FieldControl;
  readonly label: string;
  readonly chosen: string | null;
  readonly onPick: (code: string | null) => void;
  readonly placeholder?: string;
  readonly testId: string;
}

/** A category of any level, found by typing Chinese, 拼音, initials, English or the code. */
export function CategoryPicker({ control, label, chosen, onPick, placeholder, testId }: CategoryPickerProps) {
  const { i18n } = useTranslation();
  const texts = usePickerTexts();
  const id = useId();
  const english = i18n.language === 'en';
  const data = useReferenceData();
  const read = useReadings(true);
  const [query, setQuery] = useTyped(testId, chosen ?? '');
  const entries = useMemo(() => categoryLevels(data?.categories ?? []), [data]);
  const found = query === null ? [] : matchEntries(entries, query, read, SHOWN + 1);
  const namesOf = (code: string) => {
    const entry = entries.find((one) => one.code === code);
    return (english ? entry?.en : entry?.names) ?? [code];
  };
  return (
    <>
      {!control && (
        <VisuallyHidden>
          <label id={`${id}-label`} htmlFor={id}>
            {label}
          </label>
        </VisuallyHidden>
      )}
      <TypeAhead
        control={control ?? { id, labelId: `${id}-label`, invalid: false, describedBy: undefined }}
        chosen={chosen === null ? '' : (namesOf(chosen).at(-1) ?? '')}
        options={found.slice(0, SHOWN).map(({ code }) => ({
          value: code,
          main: namesOf(code).at(-1) ?? code,
          path: namesOf(code).slice(0, -1).join(' / '),
        }))}
        hasMore={found.length > SHOWN}
        listWidth={LIST_WIDTH}
        query={query}
        onQuery={setQuery}
        onPick={onPick}
        placeholder={placeholder ?? label}
        texts={texts}
        testId={testId}
        optionTestId={TEST_IDS.knowledgeCategoryOption}
        useCloseOnBack={useCloseOnBack}
      />
    </>
  );
}
