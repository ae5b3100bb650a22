import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { ACCOUNT_CAUSES } from '#shared/domain/ticket-act.ts';
import type { WrittenDecision } from './written-decision.ts';

interface FieldsProps {
  readonly written: WrittenDecision;
  readonly set: (part: Partial<WrittenDecision>) => void;
}

/** 权属不清: the unit acts first, whoever the matter belongs to. */
export function ActingField({ written, set }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <FieldRow label={t('oversight.decideOwnership')} help={t('oversight.decideActingHint')} group>
      {({ describedBy }) => (
        <Checkbox
          checked={written.isActing}
          label={t('oversight.decideActing')}
          aria-describedby={describedBy}
          onChange={(event) => set({ isActing: event.currentTarget.checked })}
          data-testid={TEST_IDS.decideActing}
        />
      )}
    </FieldRow>
  );
}

const REVIEW_DAYS = ['30', '60', '90'] as const;

/** 挂账: why it cannot be done now, and when it is looked at again. */
export function AccountFields({ written, set }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <FieldRow label={t('tickets.decide.accountCauseLabel')} group>
        {(control) => (
          <ChoiceGroup
            control={control}
            choices={ACCOUNT_CAUSES.map((value) => ({ value, label: t(`tickets.decide.accountCause.${value}`) }))}
            value={written.accountCause}
            onChange={(accountCause) => set({ accountCause })}
            testId={TEST_IDS.decideAccountCause}
          />
        )}
      </FieldRow>
      <FieldRow label={t('tickets.decide.reviewIn')} group>
        {(control) => (
          <ChoiceGroup
            control={control}
            choices={REVIEW_DAYS.map((value) => ({ value, label: t('tickets.decide.days', { count: Number(value) }) }))}
            value={REVIEW_DAYS.find((value) => Number(value) === written.reviewInDays) ?? null}
            onChange={(value) => set({ reviewInDays: Number(value) })}
            testId={TEST_IDS.decideDays}
          />
        )}
      </FieldRow>
    </>
  );
}
