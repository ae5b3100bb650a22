import { Button } from '@mantine/core';
import { IconCheck, IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DueText } from '#renderer/terms/DueText.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { TicketRelations } from '#shared/contract/duplicates.contract.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import classes from './TicketDetail.module.css';

interface OpenPromisesProps {
  readonly uid: TicketId;
  readonly promises: TicketRelations['promises'];
}

/** 承诺 that still bind: until when, and how each is settled. */
export function OpenPromises({ uid, promises }: OpenPromisesProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const settle = (eventId: OpenPromisesProps['promises'][number]['eventId'], how: 'kept' | 'withdrawn') =>
    void dataClient.tickets.settlePromise({ uid, eventId, how, text: '' }).then(
      () => showNotice('success', t(`tickets.promise.done.${how}`)),
      (error: unknown) => showNotice('error', failureText(toCallFailure(error))),
    );
  return (
    <div data-testid={TEST_IDS.ticketPromises}>
      {promises.map((promise) => (
        <p key={promise.eventId} className={classes.relation}>
          <IconHandStop size={15} aria-hidden />
          <span>{t('tickets.promise.line', { name: promise.byName, text: promise.text })}</span>
          {promise.dueAt !== null && <DueText at={promise.dueAt} />}
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconCheck size={14} aria-hidden />}
            onClick={() => settle(promise.eventId, 'kept')}
            data-testid={TEST_IDS.ticketPromiseKept}
          >
            {t('tickets.promise.kept')}
          </Button>
          {promise.mine && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => settle(promise.eventId, 'withdrawn')}
              data-testid={TEST_IDS.ticketPromiseWithdraw}
            >
              {t('tickets.promise.withdraw')}
            </Button>
          )}
        </p>
      ))}
    </div>
  );
}
