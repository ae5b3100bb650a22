import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { CALLBACK_CAUSES, UNSOLVED_CAUSES } from '#shared/domain/ticket-act.ts';
import { isDiscontent, type WrittenCallback } from './callback-decision.ts';

interface CallbackFieldsProps {
  readonly written: WrittenCallback;
  readonly set: (part: Partial<WrittenCallback>) => void;
  /** What is asked of somebody who was not reached: when to try again. */
  readonly missed: ReactNode;
}

/** 回访: reached, solved and content are asked one after the other; every no has its own cause. */
export function CallbackFields({ written, set, missed }: CallbackFieldsProps) {
  const { t } = useTranslation();
  const asks = (field: 'reached' | 'solved' | 'satisfied') => (
    <FieldRow label={t(`tickets.decide.callback.${field}`)} group>
      {(control) => (
        <ChoiceGroup
          control={control}
          choices={(['yes', 'no'] as const).map((value) => ({
            value,
            label: t(`tickets.decide.callback.${field}Answer.${value}`),
          }))}
          value={written[field] === null ? null : written[field] ? 'yes' : 'no'}
          onChange={(value) => set({ [field]: value === 'yes' })}
          testId={TEST_IDS.decideAnswer(field)}
        />
      )}
    </FieldRow>
  );
  return (
    <>
      {asks('reached')}
      {written.reached === false && missed}
      {written.reached && asks('solved')}
      {written.reached && written.solved === false && (
        <FieldRow label={t('tickets.decide.callback.unsolvedCause')} group>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={UNSOLVED_CAUSES.map((value) => ({ value, label: t(`tickets.decide.unsolvedCause.${value}`) }))}
              value={written.unsolvedCause}
              onChange={(unsolvedCause) => set({ unsolvedCause })}
              testId={TEST_IDS.decideAnswer('unsolvedCause')}
            />
          )}
        </FieldRow>
      )}
      {written.reached && asks('satisfied')}
      {written.reached && written.satisfied === false && (
        <FieldRow label={t('tickets.decide.callback.cause')} group>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={CALLBACK_CAUSES.map((value) => ({ value, label: t(`tickets.decide.cause.${value}`) }))}
              value={written.cause}
              onChange={(cause) => set({ cause })}
              testId={TEST_IDS.decideAnswer('cause')}
            />
          )}
        </FieldRow>
      )}
      {isDiscontent(written) && (
        <FieldRow label={t('tickets.decide.callback.way')} group>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={(['redo', 'close'] as const).map((value) => ({
                value,
                label: t(`tickets.decide.callback.wayAnswer.${value}`),
              }))}
              value={written.isRedo === null ? null : written.isRedo ? 'redo' : 'close'}
              onChange={(value) => set({ isRedo: value === 'redo' })}
              testId={TEST_IDS.decideAnswer('way')}
            />
          )}
        </FieldRow>
      )}
    </>
  );
}
