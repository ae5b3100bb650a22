import { Checkbox, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import classes from './Decide.module.css';
import { UnitPicker } from './UnitPicker.tsx';
import type { Candidate, WrittenDecision } from './written-decision.ts';

interface FieldsProps {
  readonly written: WrittenDecision;
  readonly set: (part: Partial<WrittenDecision>) => void;
}

interface UnitFieldsProps extends FieldsProps {
  readonly candidates: readonly Candidate[];
  /** The name of a unit is typed and not taken yet. */
  readonly onOpen: (isOpen: boolean) => void;
}

/** 主办 and 协办: the unit of the rule with its reason, or another one by typing. */
export function UnitFields({ written, set, candidates, onOpen }: UnitFieldsProps) {
  const { t } = useTranslation();
  const [only] = candidates;
  const isSingle = candidates.length === 1;
  const proposal = isSingle ? (only?.proposal ?? null) : null;
  const returnedBy = [...new Set(candidates.flatMap(({ ticket }) => ticket.returnedBy))];
  const unit = written.unit ?? proposal?.unit ?? '';
  const isReturned = written.unit === null ? candidates.some(isProposedAgain) : returnedBy.includes(unit);
  const reason =
    written.unit !== null && written.unit !== proposal?.unit
      ? t('tickets.decide.basis.manual')
      : proposal
        ? t(`tickets.decide.basis.${proposal.basis}`)
        : t(isSingle ? 'tickets.decide.noProposal' : 'tickets.decide.byRule');
  return (
    <>
      <FieldRow label={t('tickets.decide.unit')} help={reason}>
        {(control) => (
          <UnitPicker
            control={control}
            value={unit}
            placeholder={t(isSingle ? 'tickets.decide.unitHint' : 'tickets.decide.unitHintMany')}
            isFirst={isSingle && proposal === null}
            onChange={(name) => set({ unit: name })}
            onOpen={onOpen}
          />
        )}
      </FieldRow>
      {returnedBy.length > 0 && (
        <FieldRow label={t('tickets.decide.returnedBy')} group>
          {() => (
            <>
              <p className={`${classes.units} selectable`}>{returnedBy.join(t('intake.comma'))}</p>
              {isReturned && (
                <Checkbox
                  checked={written.despiteReturn}
                  label={t('tickets.decide.despiteReturn')}
                  onChange={(event) => set({ despiteReturn: event.currentTarget.checked })}
                  data-testid={TEST_IDS.decideDespite}
                />
              )}
            </>
          )}
        </FieldRow>
      )}
      <FieldRow label={t('tickets.decide.coUnits')} help={t('tickets.decide.coUnitsHint')}>
        {({ id, describedBy }) => (
          <TextInput
            id={id}
            aria-describedby={describedBy}
            value={written.coUnits}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => set({ coUnits: event.currentTarget.value })}
            data-testid={TEST_IDS.decideCoUnits}
          />
        )}
      </FieldRow>
    </>
  );
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

function isProposedAgain({ ticket, proposal }: Candidate): boolean {
  return proposal !== null && ticket.returnedBy.includes(proposal.unit);
}

const REVIEW_DAYS = ['30', '60', '90'] as const;

/** 挂账: when it is looked at again. */
export function AccountFields({ written, set }: FieldsProps) {
  const { t } = useTranslation();
  return (
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
  );
}
