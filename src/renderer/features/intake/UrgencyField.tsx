import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { URGENCIES } from '#shared/domain/ticket.ts';
import { proposeUrgency } from '#shared/domain/urgency-rules.ts';
import type { FormPart } from './form-part.ts';
import classes from './UrgencyField.module.css';

type UrgencyFieldProps = Pick<FormPart, 'content' | 'change' | 'disabled' | 'isActive'> & {
  readonly control: FieldControl;
};

/** How urgent it is, and a proposal with its reason when the words or the category ask for more. Nothing is set by itself. */
export function UrgencyField({ control, content, change, disabled, isActive }: UrgencyFieldProps) {
  const { t, i18n } = useTranslation();
  const data = useReferenceData();
  const { title, content: text, originalWords, categoryCode, urgency } = content;
  const proposal = useMemo(() => {
    if (!data) return null;
    const category = categoryCode === null ? null : (data.categoryByCode.get(categoryCode) ?? null);
    return proposeUrgency(data.urgencyRules, [title, text, originalWords].join('\n'), category, urgency);
  }, [data, title, text, originalWords, categoryCode, urgency]);
  const take = () => proposal && change({ urgency: proposal.urgency });
  useAction('intake.takeUrgency', take, isActive && !disabled && proposal !== null);

  const proposed = proposal === null ? '' : t(`terms.urgency.${proposal.urgency}`);
  const english = i18n.language === 'en';
  return (
    <>
      <ChoiceGroup
        control={control}
        choices={URGENCIES.map((value) => ({ value, label: t(`terms.urgency.${value}`) }))}
        value={urgency}
        onChange={(chosen) => change({ urgency: chosen })}
        disabled={disabled}
        testId={TEST_IDS.intakeUrgency}
      />
      <div role="status">
        {proposal && (
          <div className={classes.proposal} data-testid={TEST_IDS.intakeUrgencyProposal}>
            <IconAlertTriangle size={15} aria-hidden />
            <span>
              {proposal.because === 'word'
                ? t('intake.urgency.word', {
                    urgency: proposed,
                    word: proposal.word,
                    reason: english ? proposal.reasonEn : proposal.reason,
                  })
                : t('intake.urgency.category', { urgency: proposed })}
            </span>
            <Button
              variant="light"
              size="compact-sm"
              disabled={disabled}
              rightSection={<KeyHint keys={actionKey('intake.takeUrgency')} />}
              aria-keyshortcuts="Alt+U"
              onClick={take}
              data-testid={TEST_IDS.intakeTakeUrgency}
            >
              {t('intake.urgency.take', { urgency: proposed })}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
