import { useTranslation } from 'react-i18next';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCategoryNames } from '#renderer/terms/reference-text.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { CategorySuggestion, Suggestions } from '#shared/contract/suggest.contract.ts';
import classes from './CategorySuggestions.module.css';
import { useUnitText } from './unit-text.ts';

const KEYS = ['intake.takeCategory', 'intake.takeSecondCategory', 'intake.takeThirdCategory'] as const;
const ARIA_KEYS = ['Control+1', 'Control+2', 'Control+3'] as const;

interface CategorySuggestionsProps {
  readonly answer: Suggestions | null;
  readonly divisionCode: string | null;
  readonly disabled: boolean;
  readonly onTake: (suggestion: CategorySuggestion) => void;
}

/** Up to three categories with how sure the console is of each, the unit of the first, and what all that rests on. */
export function CategorySuggestions({ answer, divisionCode, disabled, onTake }: CategorySuggestionsProps) {
  const { t } = useTranslation();
  const data = useReferenceData();
  const categoryNames = useCategoryNames();
  const unitText = useUnitText();
  if (!answer) return null;
  if (answer.suggestions.length === 0) {
    return answer.basis === 'learning' ? <p className={classes.note}>{t('intake.suggest.learning')}</p> : null;
  }
  const unitOf = ({ code, unit }: CategorySuggestion) => {
    const entry = data?.categoryByCode.get(code);
    return entry ? unitText(entry, divisionCode, unit) : '';
  };
  const [first] = answer.suggestions;
  return (
    <div data-testid={TEST_IDS.intakeSuggestions}>
      <ol className={classes.list}>
        {answer.suggestions.map((suggestion, index) => {
          const names = categoryNames(suggestion.code);
          const percent = t('intake.suggest.percent', { value: Math.round(suggestion.confidence * 100) });
          const key = KEYS[index];
          return (
            <li key={suggestion.code} className={classes.item}>
              <button
                type="button"
                className={classes.take}
                disabled={disabled}
                title={`${names.join(' / ')}\n${unitOf(suggestion)}`}
                aria-keyshortcuts={ARIA_KEYS[index]}
                onClick={() => onTake(suggestion)}
                data-testid={TEST_IDS.intakeSuggestion(index + 1)}
                data-code={suggestion.code}
              >
                <span className={classes.name}>{names.at(-1)}</span>
                <span className={classes.percent}>{percent}</span>
                <KeyHint keys={key ? actionKey(key) : ''} />
              </button>
            </li>
          );
        })}
      </ol>
      <p className={classes.note}>
        {first && <span>{unitOf(first)}</span>}
        {answer.basis === 'names' && <span>{t('intake.suggest.byNames')}</span>}
      </p>
    </div>
  );
}
