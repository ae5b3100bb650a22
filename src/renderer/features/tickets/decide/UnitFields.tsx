import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TextLine } from '#renderer/terms/TextLine.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { MOST_CO_UNITS } from '#shared/domain/ticket-act.ts';
import { useNamesProblem } from '../oversight/use-names-problem.ts';
import classes from './Decide.module.css';
import { RankedUnits } from './RankedUnits.tsx';
import { useReasonText } from './reason-text.ts';
import { UnitPicker } from './UnitPicker.tsx';
import { type Candidate, chosenUnit, type WrittenDecision } from './written-decision.ts';

/** Most characters of the names of all 协办. */
const CO_UNITS_MAX = 2_000;

interface UnitFieldsProps {
  readonly written: WrittenDecision;
  readonly set: (part: Partial<WrittenDecision>) => void;
  readonly candidates: readonly Candidate[];
  /** The name of a unit is typed and not taken yet. */
  readonly onOpen: (isOpen: boolean) => void;
}

/** 主办 and 协办: the unit of the rule with its reasons, another one of those it names, or any by typing. */
export function UnitFields({ written, set, candidates, onOpen }: UnitFieldsProps) {
  const { t } = useTranslation();
  const { reasonsText } = useReasonText();
  const namesProblem = useNamesProblem();
  const [only] = candidates;
  const isSingle = candidates.length === 1;
  const ranked = isSingle && only ? only.ranked : [];
  const [proposal] = ranked;
  const returnedBy = [...new Set(candidates.flatMap(({ ticket }) => ticket.returnedBy))];
  const unit = written.unit ?? proposal?.unit ?? '';
  const isReturned = candidates.some((one) => one.ticket.returnedBy.includes(chosenUnit(written, one) ?? ''));
  const chosen = ranked.find((one) => one.unit === unit);
  const reason = chosen
    ? reasonsText(chosen.reasons)
    : written.unit !== null
      ? t('tickets.decide.basis.manual')
      : t(isSingle ? 'tickets.decide.noProposal' : 'tickets.decide.byRule');
  return (
    <>
      {ranked.length > 1 && <RankedUnits ranked={ranked} chosen={unit} onChoose={(name) => set({ unit: name })} />}
      <FieldRow label={t('tickets.decide.unit')} help={reason}>
        {(control) => (
          <UnitPicker
            control={control}
            value={unit}
            picked={written.unit ?? ''}
            placeholder={t(isSingle ? 'tickets.decide.unitHint' : 'tickets.decide.unitHintMany')}
            isFirst={isSingle && proposal === undefined}
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
      <TextLine
        label={t('tickets.decide.coUnits')}
        help={t('tickets.decide.coUnitsHint')}
        value={written.coUnits}
        max={CO_UNITS_MAX}
        problem={namesProblem(written.coUnits, MOST_CO_UNITS)}
        onText={(coUnits) => set({ coUnits })}
        testId={TEST_IDS.decideCoUnits}
      />
    </>
  );
}
