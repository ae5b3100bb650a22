import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import type { OutboxItem } from '#shared/contract/outbox.contract.ts';

/** What discarding an operation of a kind does; the words of these become drafts again. */
const CONFIRM: Readonly<Record<string, 'ticket' | 'form'>> = { 'ticket.create': 'ticket', 'draft.hand_over': 'form' };

interface DiscardDialogProps {
  readonly item: Pick<OutboxItem, 'kind' | 'label'>;
  readonly onClose: () => void;
  readonly onDiscard: () => void;
}

/** Asks before something is given up that stands nowhere else. */
export function DiscardDialog({ item, onClose, onDiscard }: DiscardDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('outbox.refused.confirm.title')}
      closeLabel={t('outbox.refused.confirm.no')}
      size={480}
      testId={TEST_IDS.outboxDiscardDialog}
    >
      <p>{t(`outbox.refused.confirm.${CONFIRM[item.kind] ?? 'other'}`, { label: item.label })}</p>
      <Group justify="flex-end" mt="md">
        <Button color="red" variant="light" onClick={onDiscard} data-testid={TEST_IDS.outboxDiscardConfirm}>
          {t('outbox.refused.confirm.yes')}
        </Button>
        <Button data-autofocus onClick={onClose}>
          {t('outbox.refused.confirm.no')}
        </Button>
      </Group>
    </Dialog>
  );
}
