import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import classes from './OutboxPage.module.css';

interface CarriedDialogProps {
  /** Saving the file here, or taking one in. */
  readonly way: 'save' | 'take';
  readonly isReady: boolean;
  readonly working: boolean;
  readonly message: string | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly testId: string;
  readonly confirmTestId: string;
  readonly children: ReactNode;
}

/** What both ends of carrying work have in common: what it is about, the fields, what went wrong, and the way out. */
export function CarriedDialog(props: CarriedDialogProps) {
  const { way, isReady, working, message, onConfirm, onClose, testId, confirmTestId, children } = props;
  const { t } = useTranslation();
  const confirm = () => {
    if (isReady && !working) onConfirm();
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={confirm}
      title={t(`outbox.carry.${way}Title`)}
      closeLabel={t('outbox.carry.cancel')}
      size={560}
      testId={testId}
    >
      <p>{t(`outbox.carry.${way}Text`)}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        {children}
        {message !== null && (
          <p className={classes.error} role="alert" data-testid={TEST_IDS.carryMessage}>
            {message}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('outbox.carry.cancel')}
          </Button>
          <Button type="submit" disabled={!isReady} loading={working} data-testid={confirmTestId}>
            {t(`outbox.carry.${way}`)}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
