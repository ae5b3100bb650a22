import { Button } from '@mantine/core';
import { IconAlertCircle, IconPrinter, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { IntakeSheet } from '#renderer/terms/print/IntakeSheet.tsx';
import { PrintDialog } from '#renderer/terms/print/PrintDialog.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { IntakeOutcome } from '#shared/domain/intake.ts';
import { useDraftName } from './DraftTabs.tsx';
import classes from './IntakePanel.module.css';
import { type OpenDraft, servicesOf } from './intake.store.ts';
import { SaveStateText } from './SaveStateText.tsx';

interface DraftActionsProps {
  readonly draft: OpenDraft;
  /** Labels of what keeps it from leaving the seat, after somebody tried. */
  readonly missing: readonly string[];
  readonly onDiscard: () => void;
  /** Opens the box of 直接答复. */
  readonly onAnswer: () => void;
  readonly onSubmit: (outcome: IntakeOutcome) => void;
}

/** The bar below a draft: how it is saved, what is missing, and the ways it can leave the seat. */
export function DraftActions({ draft, missing, onDiscard, onAnswer, onSubmit }: DraftActionsProps) {
  const { t } = useTranslation();
  const nameOf = useDraftName();
  const [isPrinting, setPrinting] = useState(false);
  const { key, content, answerOpen, submitting } = draft;
  const isHandedOff = draft.handOffs.length > 0;
  return (
    <div className={classes.bar}>
      {(missing.length > 0 || draft.submitError) && (
        <p className={classes.problems} role="alert" data-testid={TEST_IDS.intakeProblems}>
          <IconAlertCircle size={15} aria-hidden />
          {draft.submitError ??
            t('intake.problems', {
              count: missing.length,
              fields: missing.join(t('intake.comma')),
            })}
        </p>
      )}
      <SaveStateText save={draft.save} />
      <Button
        variant="subtle"
        color="gray"
        c="var(--c-muted)"
        leftSection={<IconPrinter size={15} aria-hidden />}
        title={t('sheet.openHint')}
        onClick={() => setPrinting(true)}
        data-testid={TEST_IDS.intakePrint}
      >
        {t('sheet.open')}
      </Button>
      {isPrinting && (
        <PrintDialog title={t('sheet.open')} fileName="intake-sheet" onClose={() => setPrinting(false)}>
          <IntakeSheet
            fields={content}
            facts={{ number: '', line: draft.call?.line ?? '12345', call: draft.call, byName: '', at: draft.createdAt }}
          />
        </PrintDialog>
      )}
      <Button
        variant="subtle"
        color="gray"
        c="var(--c-muted)"
        leftSection={<IconTrash size={15} aria-hidden />}
        aria-label={t('intake.closeNamed', { name: nameOf(draft) })}
        disabled={submitting || isHandedOff}
        title={isHandedOff ? t('intake.handOffKept') : undefined}
        onClick={onDiscard}
        data-testid={TEST_IDS.intakeTabClose(key)}
      >
        {t('intake.close')}
      </Button>
      {isHandedOff ? (
        <Button
          loading={submitting}
          aria-keyshortcuts="Control+Enter"
          rightSection={<KeyHint keys={actionKey('intake.submit')} />}
          onClick={() => onSubmit('hand_off')}
          data-testid={TEST_IDS.intakeHandOff}
        >
          {t('intake.handOff', { service: servicesOf(draft, t('intake.comma')) })}
        </Button>
      ) : answerOpen ? (
        <>
          <Button
            variant="default"
            disabled={submitting || content.answer.trim() !== ''}
            title={content.answer.trim() === '' ? undefined : t('intake.answerInTheWay')}
            onClick={() => onSubmit('submit')}
            data-testid={TEST_IDS.intakeSubmit}
          >
            {t('intake.submit')}
          </Button>
          <Button
            loading={submitting}
            aria-keyshortcuts="Control+Enter"
            rightSection={<KeyHint keys={actionKey('intake.submit')} />}
            onClick={() => onSubmit('direct_answer')}
            data-testid={TEST_IDS.intakeDirectAnswer}
          >
            {t('intake.directAnswer')}
          </Button>
        </>
      ) : (
        <>
          <Button
            variant="default"
            disabled={submitting}
            aria-keyshortcuts="Control+D"
            rightSection={<KeyHint keys={actionKey('intake.directAnswer')} />}
            onClick={onAnswer}
            data-testid={TEST_IDS.intakeDirectAnswer}
          >
            {t('intake.directAnswer')}
          </Button>
          <Button
            loading={submitting}
            aria-keyshortcuts="Control+Enter"
            rightSection={<KeyHint keys={actionKey('intake.submit')} />}
            onClick={() => onSubmit('submit')}
            data-testid={TEST_IDS.intakeSubmit}
          >
            {t('intake.submit')}
          </Button>
        </>
      )}
    </div>
  );
}
