import { Button, FileInput, Group, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { CARRIED_FILE_MAX } from '#shared/contract/carried.contract.ts';
import classes from './OutboxPage.module.css';

/** 导入其他座席的待发送: chosen file and passphrase; whatever is wrong is said here, and the file stays as it is. */
export function TakeCarriedDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const textProblem = useTextProblem();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [working, setWorking] = useState(false);
  const [message, setMessage] = useState<string | null>(null);
  const problem = textProblem(passphrase, PASSWORD_MAX);
  const isReady = !working && file !== null && passphrase !== '' && problem === null;

  const take = async () => {
    if (!isReady || !file) return;
    setWorking(true);
    setMessage(null);
    try {
      // A file of something else may be of any size: what is too long is read no further.
      const text = await file.slice(0, 4 * CARRIED_FILE_MAX).text();
      const taken = await dataClient.outbox.takeCarried({
        text: text.toWellFormed().slice(0, CARRIED_FILE_MAX),
        passphrase,
      });
      showNotice('success', t('outbox.carry.taken', { name: taken.name, seat: taken.seat, count: taken.operations }));
      onClose();
    } catch (error) {
      setMessage(failureText(toCallFailure(error)));
      setWorking(false);
    }
  };

  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={() => void take()}
      title={t('outbox.carry.takeTitle')}
      closeLabel={t('outbox.carry.cancel')}
      size={560}
      testId={TEST_IDS.carryTakeDialog}
    >
      <p>{t('outbox.carry.takeText')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void take();
        }}
      >
        <FieldRow label={t('outbox.carry.file')}>
          {({ id }) => (
            <FileInput
              id={id}
              value={file}
              placeholder={t('outbox.carry.choose')}
              accept=".json,application/json"
              data-autofocus
              onChange={setFile}
              fileInputProps={{ 'data-testid': TEST_IDS.carryFile } as Record<string, string>}
            />
          )}
        </FieldRow>
        <FieldRow label={t('outbox.carry.passphrase')} error={problem}>
          {({ id, invalid, describedBy }) => (
            <PasswordInput
              id={id}
              value={passphrase}
              error={invalid}
              aria-invalid={invalid}
              aria-describedby={describedBy}
              autoComplete="off"
              onChange={(event) => setPassphrase(event.currentTarget.value)}
              data-testid={TEST_IDS.carryPassphrase}
            />
          )}
        </FieldRow>
        {message !== null && (
          <p className={classes.error} role="alert" data-testid={TEST_IDS.carryMessage}>
            {message}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('outbox.carry.cancel')}
          </Button>
          <Button type="submit" disabled={!isReady} loading={working} data-testid={TEST_IDS.carryTake}>
            {t('outbox.carry.take')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
