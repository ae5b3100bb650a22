import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { isChoiceField, useFormProblemText, useFormValueText, useWords } from '#renderer/terms/form-text.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import type { FieldProblem, FieldState } from '#shared/domain/form/form-evaluate.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import type { FieldChange } from './draft-form.ts';
import { FormControl } from './FormControl.tsx';
import classes from './FormFields.module.css';
import { isSideBySide } from './side-by-side.ts';

/** These stand in the way of every further letter; what may become right with the next one is said when the field is left. */
const AT_ONCE: readonly FieldProblem['code'][] = [
  'TOO_LONG',
  'UNSTORABLE_TEXT',
  'NOT_ALLOWED',
  'NOT_AN_OPTION',
  'TOO_MANY',
];

interface FormFieldRowProps {
  readonly state: FieldState;
  /** The choice above a dependent choice. */
  readonly above: FieldState | undefined;
  readonly raw: FormValue | undefined;
  readonly onChange: (change: FieldChange) => void;
  readonly tried: boolean;
  readonly centre: string;
  readonly disabled: boolean;
}

/** One question: label, control, help, and what is wrong with the answer. */
export function FormFieldRow({ state, above, raw, onChange, tried, centre, disabled }: FormFieldRowProps) {
  const { t } = useTranslation();
  const words = useWords();
  const problemText = useFormProblemText();
  const valueText = useFormValueText();
  const [isTyping, setTyping] = useState(false);
  const { field } = state;
  const label = words(field.label);
  const problem = state.problems.find((one) => {
    if (one.code === 'REQUIRED') return tried;
    return tried || !isTyping || AT_ONCE.includes(one.code);
  });
  const isWide = ['long-text', 'multiple-choice', 'attachment', 'address'].includes(field.type);
  const isGroup = ['multiple-choice', 'yes-no', 'attachment', 'computed'].includes(field.type) || isSideBySide(state);

  if (field.type === 'computed') {
    const text = valueText(field, state.value, state.options);
    return (
      <FieldRow group label={label} help={field.help ? words(field.help) : null}>
        {(control) => (
          <output
            className={classes.computed}
            style={{ display: 'block' }}
            data-empty={text === ''}
            aria-labelledby={control.labelId}
            aria-describedby={control.describedBy}
            data-testid={TEST_IDS.formField(field.id)}
          >
            {text === '' ? t('forms.notYet') : text}
          </output>
        )}
      </FieldRow>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches whether the control in it is typed into
    <div className={isWide ? classes.wide : undefined} onFocus={() => setTyping(true)} onBlur={() => setTyping(false)}>
      <FieldRow
        group={isGroup}
        label={label}
        required={state.required ? t('intake.required') : null}
        help={field.help ? words(field.help) : null}
        error={problem ? problemText(problem, label, isChoiceField(field)) : null}
        errorTestId={TEST_IDS.formFieldError(field.id)}
      >
        {(control) => (
          <>
            <FormControl
              control={control}
              state={state}
              raw={raw}
              onChange={onChange}
              placeholder={
                above && state.options.length === 0 ? t('forms.pickAbove', { field: words(above.field.label) }) : null
              }
              centre={centre}
              disabled={disabled || !state.enabled}
            />
            {problem?.code === 'NOT_ALLOWED' && (
              <Button variant="default" size="compact-sm" disabled={disabled} onClick={() => onChange(null)}>
                {t('forms.clear')}
              </Button>
            )}
          </>
        )}
      </FieldRow>
    </div>
  );
}
