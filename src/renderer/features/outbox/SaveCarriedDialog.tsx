import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveCarriedFile } from '#renderer/platform/carried-file.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { PasswordRow } from '#renderer/terms/PasswordRow.tsx';
import { PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { PASSPHRASE_MIN } from '#shared/contract/carried.contract.ts';
import { CarriedDialog } from './CarriedDialog.tsx';

/** 导出待发送: what waits as an encrypted file for another seat; it stays here as well. */
export function SaveCarriedDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const { working, message, run } = useDialogWork();
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const isShort = passphrase !== '' && passphrase.length < PASSPHRASE_MIN;
  const problem =
    textProblem(passphrase, PASSWORD_MAX) ?? (isShort ? t('outbox.carry.short', { min: PASSPHRASE_MIN }) : null);
  const isDifferent = repeated !== '' && repeated !== passphrase;

  const save = async () => {
    const saved = await saveCarriedFile(passphrase);
    if (saved) {
      const { operations, files } = saved;
      const attached = files > 0 ? t('outbox.carry.withFiles', { count: files }) : '';
      showNotice('success', t('outbox.carry.saved', { count: operations, attached }));
    }
    onClose();
  };

  return (
    <CarriedDialog
      way="save"
      isReady={problem === null && passphrase.length >= PASSPHRASE_MIN && repeated === passphrase}
      working={working}
      message={message}
      onConfirm={() => void run(save)}
      onClose={onClose}
      testId={TEST_IDS.carrySaveDialog}
      confirmTestId={TEST_IDS.carrySave}
    >
      <PasswordRow
        label={t('outbox.carry.passphrase')}
        value={passphrase}
        error={problem}
        onText={setPassphrase}
        autoFocus
        testId={TEST_IDS.carryPassphrase}
      />
      <PasswordRow
        label={t('outbox.carry.repeat')}
        value={repeated}
        error={isDifferent ? t('outbox.carry.different') : null}
        onText={setRepeated}
        testId={TEST_IDS.carryRepeat}
      />
    </CarriedDialog>
  );
}
