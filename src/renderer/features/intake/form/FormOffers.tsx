import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWords } from '#renderer/terms/form-text.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import type { DraftForm } from './draft-form.ts';

interface FormOffersProps {
  readonly draftForm: DraftForm;
  /** The forms of the draft's line. */
  readonly forms: readonly CompiledForm[];
  readonly onChangeForm: (form: CompiledForm) => void;
  readonly disabled: boolean;
  readonly isActive: boolean;
}

/**
 * The forms that are one key or click away: that of line or category, those with answers that were put aside, the general one. What is
 * filled in now is kept when one of them is taken.
 */
export function FormOffers({ draftForm, forms, onChangeForm, disabled, isActive }: FormOffersProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { filled, opening, aside } = draftForm;
  const canTake = isActive && !disabled && opening.definition.id !== filled.id;
  useAction('intake.takeForm', () => onChangeForm(opening), canTake);
  const wanted = new Set([opening.definition.id, ...aside.map((one) => one.id), 'general']);
  const offers = [...wanted].flatMap((id) => {
    const form = id === opening.definition.id ? opening : forms.find((one) => one.definition.id === id);
    return form && id !== filled.id ? [form] : [];
  });
  return offers.map((form) => {
    const { id, name, lines } = form.definition;
    const isOpening = form === opening;
    const count = Object.keys(aside.find((one) => one.id === id)?.data ?? {}).length;
    const why = isOpening && id !== 'general' ? t(`forms.openingHint.${lines ? 'line' : 'category'}`) : null;
    return (
      <Button
        key={id}
        variant={isOpening ? 'light' : 'subtle'}
        size="compact-sm"
        disabled={disabled}
        title={why ?? t('forms.keepsAnswers')}
        aria-keyshortcuts={isOpening ? 'Alt+G' : undefined}
        rightSection={isOpening ? <KeyHint keys={actionKey('intake.takeForm')} /> : null}
        onClick={() => onChangeForm(form)}
        data-testid={isOpening ? TEST_IDS.formTakeOpening : TEST_IDS.formTake(id)}
      >
        {count > 0 ? t('forms.takeBack', { name: words(name), count }) : t('forms.takeOpening', { name: words(name) })}
      </Button>
    );
  });
}
