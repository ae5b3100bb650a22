import { FileInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataCallError } from '#renderer/platform/call-error.ts';
import { takeCarriedFile } from '#renderer/platform/carried-file.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { PasswordRow } from '#renderer/terms/PasswordRow.tsx';
import { PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { CarriedDialog } from './CarriedDialog.tsx';

/** 导入其他座席的待发送: chosen file and passphrase; whatever is wrong is said here, and the file stays as it is. */
export function TakeCarriedDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const { working, message, run } = useDialogWork();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const problem = textProblem(passphrase, PASSWORD_MAX);

  const take = async (chosen: File) => {
    const { name, seat, operations, files } = await takeCarriedFile(chosen, passphrase);
    if (files.missing > 0) throw new DataCallError('CARRIED_CUT');
    const attached = files.total > 0 ? t('outbox.carry.withFiles', { count: files.total }) : '';
    showNotice('success', t('outbox.carry.taken', { name, seat, count: operations, attached }));
    onClose();
  };

  return (
    <CarriedDialog
      way="take"
      isReady={file !== null && passphrase !== '' && problem === null}
      working={working}
      message={message}
      onConfirm={() => file && void run(() => take(file))}
      onClose={onClose}
      testId={TEST_IDS.carryTakeDialog}
      confirmTestId={TEST_IDS.carryTake}
    >
      <FieldRow label={t('outbox.carry.file')}>
        {({ id }) => (
          <FileInput
            id={id}
            value={file}
            placeholder={t('outbox.carry.choose')}
            accept=".json,.hotline,application/json"
            data-autofocus
            onChange={setFile}
            fileInputProps={{ 'data-testid': TEST_IDS.carryFile } as Record<string, string>}
          />
        )}
      </FieldRow>
      <PasswordRow
        label={t('outbox.carry.passphrase')}
        value={passphrase}
        error={problem}
        onText={setPassphrase}
        testId={TEST_IDS.carryPassphrase}
      />
    </CarriedDialog>
  );
}
