import { Button, Group } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../platform/test-ids.ts';
import { Dialog } from '../terms/Dialog.tsx';
import { closeAnyway, offerAsking, stayOpen, useClosingStore } from './closing.store.ts';

/** Asks before the window closes while a call goes on or text is on no disk. Enter and Esc stay. */
export function CloseDialog() {
  const { t } = useTranslation();
  const question = useClosingStore((state) => state.question);
  useEffect(() => offerAsking(), []);
  if (question === null) return null;
  return (
    <Dialog
      opened
      onClose={stayOpen}
      title={t(`closing.${question}.title`)}
      closeLabel={t(`closing.${question}.stay`)}
      size={460}
      testId={TEST_IDS.closeDialog}
    >
      <p>{t(`closing.${question}.text`)}</p>
      <Group justify="flex-end" mt="md">
        <Button color="red" variant="light" onClick={() => void closeAnyway()} data-testid={TEST_IDS.closeAnyway}>
          {t(`closing.${question}.close`)}
        </Button>
        <Button data-autofocus onClick={stayOpen} data-testid={TEST_IDS.closeStay}>
          {t(`closing.${question}.stay`)}
        </Button>
      </Group>
    </Dialog>
  );
}
