import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { OpenPromises } from './OpenPromises.tsx';
import { TicketCluster } from './TicketCluster.tsx';
import classes from './TicketDetail.module.css';

/** 母单 and 子单 of a ticket, promises that still bind, own notes that can still be taken back, and how each of these is undone. */
export function TicketRelations({ uid }: { readonly uid: TicketId }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data } = useLiveQuery(['tickets'], () => dataClient.duplicates.relations({ uid }), [uid]);
  if (!data) return null;
  const { self, link, parent, children, mayMerge, withdrawable, promises } = data;
  const last = withdrawable.at(-1);
  if (!link && children.length === 0 && promises.length === 0 && !last) return null;
  const run = (work: Promise<unknown>, done: string) =>
    work.then(
      () => showNotice('success', done),
      (error: unknown) => showNotice('error', failureText(toCallFailure(error))),
    );
  const takeBack = (eventId: NonNullable<typeof last>) => {
    const text = t('duplicates.takenBackNote');
    const work =
      eventId.draftId === null
        ? dataClient.duplicates.withdrawNote({ uid, eventId: eventId.eventId, text })
        : dataClient.duplicates.separateDraft({ id: eventId.draftId, text });
    void run(work, t('duplicates.noteTakenBack'));
  };
  return (
    <div className={classes.relations} data-testid={TEST_IDS.ticketRelations}>
      <TicketCluster
        uid={uid}
        self={self}
        status={self.status}
        link={link}
        parent={parent}
        mayMerge={mayMerge}
        tickets={children}
      />
      <OpenPromises uid={uid} promises={promises} />
      {last && (
        <p className={classes.relation}>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => takeBack(last)}
            data-testid={TEST_IDS.ticketWithdrawNote}
          >
            {t('duplicates.withdrawLast')}
          </Button>
        </p>
      )}
    </div>
  );
}
