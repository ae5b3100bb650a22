import { useTranslation } from 'react-i18next';
import { useForms } from '#renderer/platform/form-library.ts';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { useWords } from '#renderer/terms/form-text.ts';
import type { IntakeOutcome } from '#shared/domain/intake.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { OpenDraft } from '../intake.store.ts';
import { type DraftForm, draftFormProblems, readDraftForm } from './draft-form.ts';

/** Reads the form of a draft as it is now; null until forms and categories are loaded. */
export type ReadForm = (draft: OpenDraft) => DraftForm | null;

/** @param role of the person who fills in */
export function useReadForm(role: Role): ReadForm {
  const library = useForms();
  const reference = useReferenceData();
  return (draft) => {
    if (!library || !reference) return null;
    const { categoryCode } = draft.content;
    const ofCategory = categoryCode === null ? null : (reference.categoryByCode.get(categoryCode)?.form ?? null);
    return readDraftForm(library, draft, role, ofCategory);
  };
}

/** The fields that keep a form from leaving the seat, by their labels, each once. */
export function useFormProblemLabels(draftForm: DraftForm | null, outcome: IntakeOutcome): readonly string[] {
  const { t } = useTranslation();
  const words = useWords();
  if (!draftForm?.known) return [];
  const { fields } = draftForm.known.form;
  const labels = draftFormProblems(draftForm, outcome).map(({ field }) => {
    const found = field === null ? undefined : fields.get(field);
    return found ? words(found.field.label) : t('forms.label');
  });
  return [...new Set(labels)];
}
