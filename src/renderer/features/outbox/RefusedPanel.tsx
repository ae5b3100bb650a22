import { Button, Group } from '@mantine/core';
import { IconPencil, IconSend, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { OutboxItem } from '#shared/contract/outbox.contract.ts';
import type { DraftId } from '#shared/kernel/ids.ts';
import classes from './OutboxPage.module.css';
import { kindText } from './outbox-columns.tsx';

/** What discarding an operation of a kind does; the words of these become drafts again. */
const CONFIRM: Readonly<Record<string, 'ticket' | 'form'>> = { 'ticket.create': 'ticket', 'draft.hand_over': 'form' };

export interface RefusedPanelProps {
  readonly item: OutboxItem;
  /** Beside a list: the buttons stand under the words. */
  readonly isNarrow?: boolean;
  /** A ticket was given up and its form is open again. */
  readonly onDraftBack: (id: DraftId) => Promise<void>;
  /** The form of a refused ticket is open to be corrected. */
  readonly onCorrect: (id: DraftId) => Promise<void>;
}

/** One refused operation: why, and what can be done about it. */
export function RefusedPanel({ item, isNarrow = false, onDraftBack, onCorrect }: RefusedPanelProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const stumbleText = useStumbleText();
  const [asking, setAsking] = useState(false);
  const [working, setWorking] = useState(false);

  const run = async (work: () => Promise<string>) => {
    setWorking(true);
    try {
      showNotice('success', await work());
    } catch (error) {
      showNotice('error', t('outbox.refused.failed', { reason: failureText(toCallFailure(error)) }));
    } finally {
      setWorking(false);
    }
  };
  const isTicket = item.kind === 'ticket.create';
  const isOpen = item.correctedIn !== null;
  const correct = () =>
    void run(async () => {
      const { draftId } = await dataClient.outbox.correct({ opId: item.opId });
      await onCorrect(draftId);
      return t('outbox.refused.opened');
    });
  const redo = () =>
    void run(async () => {
      const { count } = await dataClient.outbox.redo({ opId: item.opId });
      return t('outbox.refused.redone', { count });
    });
  const discard = () => {
    setAsking(false);
    void run(async () => {
      const { count, draftId } = await dataClient.outbox.discard({ opId: item.opId });
      if (draftId === null) return t('outbox.refused.discarded', { count });
      await onDraftBack(draftId);
      return t('outbox.refused.reopened');
    });
  };
  useAction('outbox.correct', correct, isTicket && !working && !asking);
  useAction('outbox.redo', redo, !isOpen && !working && !asking);
  useAction('outbox.discard', () => setAsking(true), !working && !asking);

  return (
    <section
      className={classes.refused}
      aria-label={t('outbox.refused.label')}
      data-narrow={isNarrow}
      data-testid={TEST_IDS.outboxRefused}
    >
      <p className={classes.refusedText}>
        <b>{isNarrow ? t('outbox.refused.of', { what: t(kindText(item.kind)) }) : item.label}</b>
        {item.lastError && <span>{stumbleText(item.lastError, true).title}</span>}
      </p>
      <Button
        variant="default"
        color="red"
        leftSection={<IconTrash size={15} aria-hidden />}
        rightSection={<KeyHint keys={actionKey('outbox.discard')} />}
        aria-keyshortcuts="Alt+X"
        disabled={working}
        onClick={() => setAsking(true)}
        data-testid={TEST_IDS.outboxDiscard}
      >
        {t('outbox.refused.discard')}
      </Button>
      {!isOpen && (
        <Button
          {...(isTicket ? { variant: 'default' } : {})}
          leftSection={<IconSend size={15} aria-hidden />}
          rightSection={<KeyHint keys={actionKey('outbox.redo')} />}
          aria-keyshortcuts="Alt+R"
          title={t('outbox.refused.redoHint')}
          disabled={working}
          onClick={redo}
          data-testid={TEST_IDS.outboxRedo}
        >
          {t('outbox.refused.redo')}
        </Button>
      )}
      {isTicket && (
        <Button
          leftSection={<IconPencil size={15} aria-hidden />}
          rightSection={<KeyHint keys={actionKey('outbox.correct')} />}
          aria-keyshortcuts="Alt+M"
          title={t('outbox.refused.correctHint')}
          disabled={working}
          onClick={correct}
          data-testid={TEST_IDS.outboxCorrect}
        >
          {t(isOpen ? 'outbox.refused.goOn' : 'outbox.refused.correct')}
        </Button>
      )}
      {asking && (
        <Dialog
          opened
          onClose={() => setAsking(false)}
          title={t('outbox.refused.confirm.title')}
          closeLabel={t('outbox.refused.confirm.no')}
          size={480}
          testId={TEST_IDS.outboxDiscardDialog}
        >
          <p>{t(`outbox.refused.confirm.${CONFIRM[item.kind] ?? 'other'}`, { label: item.label })}</p>
          <Group justify="flex-end" mt="md">
            <Button color="red" variant="light" onClick={discard} data-testid={TEST_IDS.outboxDiscardConfirm}>
              {t('outbox.refused.confirm.yes')}
            </Button>
            <Button data-autofocus onClick={() => setAsking(false)}>
              {t('outbox.refused.confirm.no')}
            </Button>
          </Group>
        </Dialog>
      )}
    </section>
  );
}
