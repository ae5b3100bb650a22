import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { CategoryField } from '#renderer/terms/CategoryField.tsx';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import type { CategorySuggestion } from '#shared/contract/suggest.contract.ts';
import { CategoryInfo } from './CategoryInfo.tsx';
import { CategorySuggestions } from './CategorySuggestions.tsx';
import type { FormPart } from './form-part.ts';
import classes from './IntakeForm.module.css';
import { useSuggestions } from './suggestions.ts';
import { UrgencyProposal } from './UrgencyProposal.tsx';

type CategorySectionProps = Pick<FormPart, 'content' | 'change' | 'disabled' | 'isActive'> & {
  readonly control: FieldControl;
};

/** As precise as it is shown. */
const rounded = (confidence: number) => Math.round(confidence * 100) / 100;

/**
 * The category: typed into the picker, or taken over from a suggestion with one key. Nothing is filled in by itself, and how it came
 * about is kept with the ticket.
 */
export function CategorySection({ control, content, change, disabled, isActive }: CategorySectionProps) {
  const { t } = useTranslation();
  const { categoryCode, place } = content;
  const answer = useSuggestions(content);
  const offered = categoryCode === null ? (answer?.suggestions ?? []) : [];
  const canTake = isActive && !disabled;

  const pick = (code: string | null) => {
    // Of a suggestion that stood on the screen and was passed over, or typed all the same.
    const beside = offered.find((one) => one.code === code) ?? offered[0];
    const confidence = beside ? rounded(beside.confidence) : null;
    change({ categoryCode: code, categoryChoice: code === null ? null : { by: 'picked', confidence } });
  };
  const take = (suggestion: CategorySuggestion | undefined) => {
    if (!suggestion) return;
    const categoryChoice = { by: 'suggested' as const, confidence: rounded(suggestion.confidence) };
    change({ categoryCode: suggestion.code, categoryChoice });
  };
  useAction('intake.takeCategory', () => take(offered[0]), canTake && offered.length > 0);
  useAction('intake.takeSecondCategory', () => take(offered[1]), canTake && offered.length > 1);
  useAction('intake.takeThirdCategory', () => take(offered[2]), canTake && offered.length > 2);

  return (
    <>
      <CategoryField control={control} value={categoryCode} onChange={pick} disabled={disabled} />
      <section className={classes.categoryNote} aria-label={t('intake.suggest.label')}>
        {categoryCode === null ? (
          <CategorySuggestions answer={answer} divisionCode={place.divisionCode} disabled={disabled} onTake={take} />
        ) : (
          <CategoryInfo code={categoryCode} divisionCode={place.divisionCode} unit={answer?.unit ?? null} />
        )}
        <UrgencyProposal content={content} change={change} disabled={disabled} isActive={isActive} because="category" />
      </section>
    </>
  );
}
