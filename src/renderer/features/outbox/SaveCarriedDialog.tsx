import { Button, Group, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invokeShell } from '#renderer/platform/bridge.ts';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { PASSPHRASE_MIN } from '#shared/contract/carried.contract.ts';
import classes from './OutboxPage.module.css';

/** 导出待发送: what waits as an encrypted file for another seat; it stays here as well. */
export function SaveCarriedDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const textProblem = useTextProblem();
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [working, setWorking] = useState(false);
  const [message, setMessage] = useState<string | null>(null);
  const isShort = passphrase !== '' && passphrase.length < PASSPHRASE_MIN;
  const problem =
    textProblem(passphrase, PASSWORD_MAX) ?? (isShort ? t('outbox.carry.short', { min: PASSPHRASE_MIN }) : null);
  const isDifferent = repeated !== '' && repeated !== passphrase;
  const isReady = !working && problem === null && passphrase.length >= PASSPHRASE_MIN && repeated === passphrase;

  const save = async () => {
    if (!isReady) return;
    setWorking(true);
    setMessage(null);
    try {
      const { operations, ...file } = await dataClient.outbox.saveCarried({ passphrase });
      const { saved } = await invokeShell('shell:save-file', file);
      if (saved) showNotice('success', t('outbox.carry.saved', { count: operations }));
      onClose();
    } catch (error) {
      setMessage(failureText(toCallFailure(error)));
      setWorking(false);
    }
  };
  const fields = [
    ['passphrase', passphrase, setPassphrase, problem, TEST_IDS.carryPassphrase],
    ['repeat', repeated, setRepeated, isDifferent ? t('outbox.carry.different') : null, TEST_IDS.carryRepeat],
  ] as const;

  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={() => void save()}
      title={t('outbox.carry.saveTitle')}
      closeLabel={t('outbox.carry.cancel')}
      size={560}
      testId={TEST_IDS.carrySaveDialog}
    >
      <p>{t('outbox.carry.saveText')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {fields.map(([name, value, set, wrong, testId]) => (
          <FieldRow key={name} label={t(`outbox.carry.${name}`)} error={wrong}>
            {({ id, invalid, describedBy }) => (
              <PasswordInput
                id={id}
                value={value}
                error={invalid}
                aria-invalid={invalid}
                aria-describedby={describedBy}
                autoComplete="off"
                {...(name === 'passphrase' ? { 'data-autofocus': true } : {})}
                onChange={(event) => set(event.currentTarget.value)}
                data-testid={testId}
              />
            )}
          </FieldRow>
        ))}
        {message !== null && (
          <p className={classes.error} role="alert">
            {message}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('outbox.carry.cancel')}
          </Button>
          <Button type="submit" disabled={!isReady} loading={working} data-testid={TEST_IDS.carrySave}>
            {t('outbox.carry.save')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
