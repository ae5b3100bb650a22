import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CheckGroup } from '#renderer/ui/CheckGroup.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { phoneFaultOf } from '#shared/domain/intake.ts';
import { CITIZEN_KINDS, GENDERS } from '#shared/domain/ticket.ts';
import type { FormPart } from './form-part.ts';
import classes from './IntakeForm.module.css';
import { useProblemTexts } from './intake-problems.ts';
import { PhoneField } from './PhoneField.tsx';
import { ShortTextField } from './ShortTextField.tsx';

const FLAGS = ['anonymous', 'confidential'] as const;

/** Who calls. */
export function CallerSection({ content, change, problems, required, disabled }: FormPart) {
  const { t } = useTranslation();
  const texts = useProblemTexts();
  const [isPhoneTyped, setPhoneTyped] = useState(false);
  const { caller } = content;
  // Nothing is asked for in a hand-over.
  const fault = isPhoneTyped || required.size === 0 ? null : phoneFaultOf(caller);
  const phoneProblems: FormPart['problems'] = fault ? [...problems, { field: 'caller.phone', code: fault }] : problems;
  return (
    <fieldset className={classes.section}>
      <legend className={classes.legend}>{t('intake.section.who')}</legend>
      <div className={classes.pair}>
        <FieldRow
          label={t('intake.field.callerName')}
          error={texts.error(problems, 'caller.name')}
          errorTestId={TEST_IDS.intakeFieldError('caller.name')}
        >
          {(control) => (
            <ShortTextField
              control={control}
              value={caller.name}
              onChange={(name) => change({ caller: { ...caller, name } })}
              disabled={disabled}
              testId={TEST_IDS.intakeCallerName}
            />
          )}
        </FieldRow>
        <FieldRow
          label={t('intake.field.callerPhone')}
          required={required.has('caller.phone') ? t('intake.required') : null}
          error={texts.error(phoneProblems, 'caller.phone')}
          errorTestId={TEST_IDS.intakeFieldError('caller.phone')}
        >
          {(control) => (
            <PhoneField
              control={control}
              value={caller.phone}
              onChange={(phone) => change({ caller: { ...caller, phone } })}
              onTyping={setPhoneTyped}
              disabled={disabled}
            />
          )}
        </FieldRow>
      </div>
      <FieldRow group label={t('intake.field.gender')}>
        {(control) => (
          <div className={classes.inline}>
            <ChoiceGroup
              control={control}
              choices={GENDERS.map((value) => ({ value, label: t(`terms.gender.${value}`) }))}
              value={caller.gender}
              onChange={(gender) => change({ caller: { ...caller, gender } })}
              disabled={disabled}
              testId={TEST_IDS.intakeGender}
            />
            <CheckGroup
              label={t('intake.field.kind')}
              checks={[{ value: 'organisation' as const, label: t('terms.kind.organisation') }]}
              values={caller.kind === 'organisation' ? ['organisation'] : []}
              onChange={(kinds) => change({ caller: { ...caller, kind: kinds[0] ?? CITIZEN_KINDS[0] } })}
              disabled={disabled}
              testId={() => TEST_IDS.intakeCallerKind}
            />
            <CheckGroup
              label={t('intake.section.who')}
              checks={FLAGS.map((value) => ({ value, label: t(`intake.field.${value}`) }))}
              values={FLAGS.filter((flag) => caller[flag])}
              onChange={(flags) =>
                change({
                  caller: {
                    ...caller,
                    anonymous: flags.includes('anonymous'),
                    confidential: flags.includes('confidential'),
                  },
                })
              }
              disabled={disabled}
              testId={(flag) => (flag === 'anonymous' ? TEST_IDS.intakeAnonymous : TEST_IDS.intakeConfidential)}
            />
          </div>
        )}
      </FieldRow>
    </fieldset>
  );
}
