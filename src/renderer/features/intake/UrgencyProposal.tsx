import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { type UrgencyProposal as Proposal, proposeUrgency } from '#shared/domain/urgency-rules.ts';
import type { FormPart } from './form-part.ts';
import classes from './UrgencyProposal.module.css';

type UrgencyProposalProps = Pick<FormPart, 'content' | 'change' | 'disabled' | 'isActive'> & {
  /** Said where its cause stands: under the words, or under the category. */
  readonly because: Proposal['because'];
};

/** A higher urgency that words or category ask for, with the reason. Nothing is set by itself. */
export function UrgencyProposal({ content, change, disabled, isActive, because }: UrgencyProposalProps) {
  const { t, i18n } = useTranslation();
  const data = useReferenceData();
  const { title, content: text, originalWords, categoryCode, urgency } = content;
  const proposal = useMemo(() => {
    if (!data) return null;
    const category = categoryCode === null ? null : (data.categoryByCode.get(categoryCode) ?? null);
    const found = proposeUrgency(data.urgencyRules, [title, text, originalWords].join('\n'), category, urgency);
    return found?.because === because ? found : null;
  }, [data, title, text, originalWords, categoryCode, urgency, because]);
  const take = () => proposal && change({ urgency: proposal.urgency });
  useAction('intake.takeUrgency', take, isActive && !disabled && proposal !== null);

  const proposed = proposal === null ? '' : t(`terms.urgency.${proposal.urgency}`);
  return (
    <div role="status">
      {proposal && (
        <div className={classes.proposal} data-testid={TEST_IDS.intakeUrgencyProposal}>
          <IconAlertTriangle size={15} aria-hidden />
          <span>
            {proposal.because === 'word'
              ? t('intake.urgency.word', {
                  urgency: proposed,
                  word: proposal.word,
                  reason: i18n.language === 'en' ? proposal.reasonEn : proposal.reason,
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
  );
}
