import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { DialogButtons } from '#renderer/terms/DialogButtons.tsx';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { WordsField } from '../WordsField.tsx';
import classes from './Decide.module.css';

/** Longest reason of a link. */
const MOST_REASON = 500;

interface RefuseProposalDialogProps {
  readonly uid: TicketId;
  readonly onClose: () => void;
}

/** 不同意并单: the ticket stays by itself, and whoever proposed it reads why. */
export function RefuseProposalDialog({ uid, onClose }: RefuseProposalDialogProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const [reason, setReason] = useState('');
  const { working, message, run } = useDialogWork();
  const problem = textProblem(reason, MOST_REASON);
  const isReady = reason.trim() !== '' && problem === null && !working;
  const submit = async () => {
    if (!isReady) return;
    await run(async () => {
      await dataClient.duplicates.unlink({ uid, reason: reason.trim() });
      showNotice('success', t('tickets.merge.refused'));
      onClose();
    });
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={() => void submit()}
      title={t('tickets.merge.refuse')}
      closeLabel={t('tickets.decide.cancel')}
      size={560}
      testId={TEST_IDS.decideDialog}
    >
      <div className={classes.fields}>
        <WordsField
          label={t('tickets.decide.words.reason')}
          error={problem}
          help={t('tickets.merge.refuseHelp')}
          value={reason}
          onText={setReason}
          testId={TEST_IDS.decideWords}
        />
      </div>
      {message !== null && <p role="alert">{message}</p>}
      <DialogButtons
        cancel={t('tickets.decide.cancel')}
        confirm={t('tickets.merge.refuse')}
        isReady={isReady}
        working={working}
        onCancel={onClose}
        onConfirm={() => void submit()}
        testId={TEST_IDS.decideConfirm}
      />
    </Dialog>
  );
}
