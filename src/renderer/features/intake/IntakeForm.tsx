import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DraftFiles } from '#renderer/terms/attachments/DraftFiles.tsx';
import { TagField } from '#renderer/terms/TagField.tsx';
import { CheckGroup } from '#renderer/ui/CheckGroup.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { type IntakeField, MOST_DRAFT_FILES } from '#shared/domain/intake.ts';
import { DEMANDS, LIMITS, MARKERS, TICKET_TYPES, URGENCIES } from '#shared/domain/ticket.ts';
import { CallerSection } from './CallerSection.tsx';
import { CategorySection } from './CategorySection.tsx';
import type { FormPart } from './form-part.ts';
import classes from './IntakeForm.module.css';
import { useProblemTexts } from './intake-problems.ts';
import { LongTextField } from './LongTextField.tsx';
import { PlaceSection } from './PlaceSection.tsx';
import { PromiseField } from './PromiseField.tsx';
import { ShortTextField } from './ShortTextField.tsx';
import { UrgencyProposal } from './UrgencyProposal.tsx';

/** The intake form: write down first, classify after, then who and where. */
export function IntakeForm(part: FormPart) {
  const { content, change, problems, required, disabled, isActive } = part;
  const { t } = useTranslation();
  const texts = useProblemTexts();
  const needed = (field: IntakeField) => (required.has(field) ? t('intake.required') : null);
  const error = (field: IntakeField) => texts.error(problems, field);

  return (
    <div className={classes.form}>
      <fieldset className={classes.section}>
        <legend className={classes.legend}>{t('intake.section.what')}</legend>
        <FieldRow
          label={t('intake.field.content')}
          required={needed('content')}
          error={error('content')}
          errorTestId={TEST_IDS.intakeFieldError('content')}
        >
          {(control) => (
            <>
              <LongTextField
                control={control}
                value={content.content}
                onChange={(text) => change({ content: text })}
                max={LIMITS.longText}
                size="long"
                placeholder={t('intake.hint.content')}
                disabled={disabled}
                testId={TEST_IDS.intakeContent}
              />
              <UrgencyProposal
                content={content}
                change={change}
                disabled={disabled}
                isActive={isActive}
                because="word"
              />
            </>
          )}
        </FieldRow>
        <FieldRow
          label={t('intake.field.originalWords')}
          error={error('originalWords')}
          errorTestId={TEST_IDS.intakeFieldError('originalWords')}
        >
          {(control) => (
            <LongTextField
              control={control}
              value={content.originalWords}
              onChange={(originalWords) => change({ originalWords })}
              max={LIMITS.longText}
              size="medium"
              placeholder={t('intake.hint.originalWords')}
              disabled={disabled}
              testId={TEST_IDS.intakeOriginalWords}
            />
          )}
        </FieldRow>
        <FieldRow
          label={t('intake.field.title')}
          required={needed('title')}
          error={error('title')}
          errorTestId={TEST_IDS.intakeFieldError('title')}
        >
          {(control) => (
            <ShortTextField
              control={control}
              value={content.title}
              onChange={(title) => change({ title })}
              placeholder={t('intake.hint.title')}
              disabled={disabled}
              testId={TEST_IDS.intakeTitle}
            />
          )}
        </FieldRow>
        <FieldRow
          group
          label={t('intake.field.type')}
          required={needed('type')}
          error={error('type')}
          errorTestId={TEST_IDS.intakeFieldError('type')}
        >
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={TICKET_TYPES.map((value) => ({ value, label: t(`terms.type.${value}`) }))}
              value={content.type}
              onChange={(type) => change({ type })}
              disabled={disabled}
              testId={TEST_IDS.intakeType}
            />
          )}
        </FieldRow>
        <FieldRow
          label={t('intake.field.category')}
          required={needed('categoryCode')}
          error={error('categoryCode')}
          errorTestId={TEST_IDS.intakeFieldError('categoryCode')}
        >
          {(control) => (
            <CategorySection
              control={control}
              content={content}
              change={change}
              disabled={disabled}
              isActive={isActive}
            />
          )}
        </FieldRow>
        <FieldRow label={t('intake.field.tags')}>
          {(control) => (
            <TagField
              control={control}
              values={content.tags}
              onChange={(tags) => change({ tags })}
              disabled={disabled}
            />
          )}
        </FieldRow>
        <FieldRow group label={t('intake.field.demands')}>
          {(control) => (
            <CheckGroup
              labelledBy={control.labelId}
              checks={DEMANDS.map((value) => ({ value, label: t(`terms.demand.${value}`) }))}
              values={content.demands}
              onChange={(demands) => change({ demands })}
              disabled={disabled}
              testId={TEST_IDS.intakeDemand}
            />
          )}
        </FieldRow>
      </fieldset>
      <CallerSection {...part} />
      <PlaceSection {...part} />
      <fieldset className={classes.section}>
        <legend className={classes.legend}>{t('intake.section.how')}</legend>
        <FieldRow group label={t('intake.field.urgency')}>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={URGENCIES.map((value) => ({ value, label: t(`terms.urgency.${value}`) }))}
              value={content.urgency}
              onChange={(urgency) => change({ urgency })}
              disabled={disabled}
              testId={TEST_IDS.intakeUrgency}
            />
          )}
        </FieldRow>
        <FieldRow group label={t('intake.field.markers')}>
          {(control) => (
            <CheckGroup
              labelledBy={control.labelId}
              checks={MARKERS.map((value) => ({ value, label: t(`terms.marker.${value}`) }))}
              values={content.markers}
              onChange={(markers) => change({ markers })}
              disabled={disabled}
              testId={TEST_IDS.intakeMarker}
            />
          )}
        </FieldRow>
        <PromiseField {...part} />
      </fieldset>
      <FieldRow group label={t('attachments.label')}>
        {(control) => (
          <DraftFiles
            value={content.attachments}
            onChange={(next) => change(({ attachments }) => ({ attachments: next(attachments) }))}
            disabled={disabled}
            most={MOST_DRAFT_FILES}
            id={control.id}
            describedBy={control.describedBy}
            takeRef={part.takeFiles}
            testId={TEST_IDS.intakeFiles}
          />
        )}
      </FieldRow>
      {part.special}
    </div>
  );
}
