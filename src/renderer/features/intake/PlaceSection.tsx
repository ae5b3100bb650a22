import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DateTimeField } from '#renderer/terms/DateTimeField.tsx';
import { DivisionField } from '#renderer/terms/DivisionField.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { clock } from '#renderer/ui/now.ts';
import { isAhead } from '#renderer/ui/parse-time.ts';
import { AddressParts } from './AddressParts.tsx';
import type { FormPart } from './form-part.ts';
import classes from './IntakeForm.module.css';
import { useProblemTexts } from './intake-problems.ts';
import { ShortTextField } from './ShortTextField.tsx';

const MINUTE_MS = 60_000;

/** Where and when it happened, and whom it is about. */
export function PlaceSection({ content, change, problems, disabled, centre, isActive }: FormPart) {
  const { t } = useTranslation();
  const texts = useProblemTexts();
  const [isTimeTyped, setTimeTyped] = useState(false);
  const { place } = content;
  // Half a time cannot be read yet; it is said when the field is left, or after somebody tried to submit.
  const unreadable: FormPart['problems'] =
    content.occurredText && !isTimeTyped ? [...problems, { field: 'occurredAt', code: 'UNREADABLE_TIME' }] : problems;
  const unreadableText = texts.error(unreadable, 'occurredAt');
  const timeError =
    unreadableText !== null && isAhead(content.occurredText ?? '', clock.now())
      ? t('intake.problem.TIME_AHEAD')
      : unreadableText;
  return (
    <fieldset className={classes.section}>
      <legend className={classes.legend}>{t('intake.section.where')}</legend>
      <div className={classes.pair}>
        <FieldRow label={t('intake.field.division')}>
          {(control) => (
            <DivisionField
              control={control}
              value={place.divisionCode}
              onChange={(divisionCode) => change({ place: { ...place, divisionCode } })}
              centre={centre}
              disabled={disabled}
            />
          )}
        </FieldRow>
        <FieldRow
          label={t('intake.field.address')}
          error={texts.error(problems, 'place.address')}
          errorTestId={TEST_IDS.intakeFieldError('place.address')}
        >
          {(control) => (
            <>
              <ShortTextField
                control={control}
                value={place.address}
                onChange={(address) => change({ place: { ...place, address } })}
                placeholder={t('intake.hint.address')}
                disabled={disabled}
                testId={TEST_IDS.intakeAddress}
              />
              <AddressParts
                address={place.address}
                divisionCode={place.divisionCode}
                centre={centre}
                onTakeDivision={(divisionCode) => change({ place: { ...place, divisionCode } })}
                disabled={disabled}
                isActive={isActive}
              />
            </>
          )}
        </FieldRow>
        <FieldRow
          label={t('intake.field.landmark')}
          error={texts.error(problems, 'place.landmark')}
          errorTestId={TEST_IDS.intakeFieldError('place.landmark')}
        >
          {(control) => (
            <ShortTextField
              control={control}
              value={place.landmark}
              onChange={(landmark) => change({ place: { ...place, landmark } })}
              placeholder={t('intake.hint.landmark')}
              disabled={disabled}
              testId={TEST_IDS.intakeLandmark}
            />
          )}
        </FieldRow>
        <FieldRow
          label={t('intake.field.subject')}
          error={texts.error(problems, 'subject')}
          errorTestId={TEST_IDS.intakeFieldError('subject')}
        >
          {(control) => (
            <ShortTextField
              control={control}
              value={content.subject}
              onChange={(subject) => change({ subject })}
              placeholder={t('intake.hint.subject')}
              disabled={disabled}
              testId={TEST_IDS.intakeSubject}
            />
          )}
        </FieldRow>
      </div>
      <FieldRow
        label={t('intake.field.occurredAt')}
        error={timeError}
        errorTestId={TEST_IDS.intakeFieldError('occurredAt')}
      >
        {(control) => (
          <div className={classes.inline}>
            <DateTimeField
              control={control}
              value={content.occurredAt}
              unreadable={content.occurredText ?? ''}
              onChange={(occurredAt, text) => change({ occurredAt, occurredText: text === '' ? undefined : text })}
              onTyping={setTimeTyped}
              placeholder={t('intake.hint.occurredAt')}
              disabled={disabled}
              testId={TEST_IDS.intakeOccurredAt}
            />
            <Button
              variant="default"
              disabled={disabled}
              onClick={() =>
                change({ occurredAt: Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS, occurredText: undefined })
              }
            >
              {t('intake.occurredNow')}
            </Button>
          </div>
        )}
      </FieldRow>
    </fieldset>
  );
}
