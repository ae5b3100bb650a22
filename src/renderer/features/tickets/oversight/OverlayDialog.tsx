import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { DialogButtons } from '#renderer/terms/DialogButtons.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import type { OverlayKind, OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import classes from '../decide/Decide.module.css';
import { WordsField } from '../WordsField.tsx';
import { useOverlay } from './use-overlay.ts';

interface OverlayDialogProps {
  readonly uid: TicketId;
  readonly kind: OverlayKind;
  /** What is sent; null while something is missing. */
  readonly step: OverlayStep | null;
  readonly areWordsNeeded?: boolean;
  readonly hint?: string;
  readonly onClose: () => void;
  /** After it was taken; without it the dialog is closed. */
  readonly onDone?: () => void;
  /** The fields above the words. */
  readonly children?: ReactNode;
}

/** One thing that is laid over a ticket: its fields, and words about it. Ctrl+Enter sends it. */
export function OverlayDialog(props: OverlayDialogProps) {
  const { uid, kind, step, areWordsNeeded = true, hint = '', onClose, onDone = onClose, children } = props;
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const [words, setWords] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const { working, send } = useOverlay(uid, onDone);
  const problem = textProblem(words, LIMITS.longText);
  const isReady = step !== null && problem === null && !working && !(areWordsNeeded && words.trim() === '');
  const submit = () => {
    if (isReady) void send(step, words, setTrouble);
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={submit}
      title={t(`oversight.step.${kind}`)}
      closeLabel={t('oversight.cancel')}
      size={640}
      testId={TEST_IDS.overlayDialog}
    >
      <div className={classes.fields}>
        {children}
        <WordsField
          label={t(`oversight.words.${kind}`)}
          error={problem}
          help={hint}
          value={words}
          onText={setWords}
          maxRows={6}
          testId={TEST_IDS.overlayWords}
        />
      </div>
      {trouble !== null && <p role="alert">{trouble}</p>}
      <DialogButtons
        cancel={t('oversight.cancel')}
        confirm={t(`oversight.step.${kind}`)}
        isReady={isReady}
        working={working}
        onCancel={onClose}
        onConfirm={submit}
        testId={TEST_IDS.overlayConfirm}
      />
    </Dialog>
  );
}
