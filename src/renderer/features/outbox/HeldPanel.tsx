import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import type { MissingWork, SyncStatus } from '#shared/contract/sync.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import { DecideDialog } from './DecideDialog.tsx';
import classes from './OutboxPage.module.css';

interface HeldPanelProps {
  readonly held: NonNullable<SyncStatus['held']>;
  readonly role: Role;
}

/** What the server no longer has: why it is still here, what of it is own work, and who decides. */
export function HeldPanel({ held, role }: HeldPanelProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [deciding, setDeciding] = useState(false);
  const [working, setWorking] = useState(false);
  const { because, tickets, citizens, records, ownTickets, ownNotes } = held;
  const hasRows = tickets + citizens + records > 0;
  const hasOwn = ownTickets + ownNotes > 0;

  const sendAgain = async () => {
    setWorking(true);
    try {
      const sent = await dataClient.sync.sendAgain();
      showNotice('success', t('outbox.held.sentAgain', sent));
    } catch (error) {
      showNotice('error', t('outbox.held.failed', { reason: failureText(toCallFailure(error)) }));
    } finally {
      setWorking(false);
    }
  };

  return (
    <section className={classes.held} aria-label={t('outbox.held.label')} data-testid={TEST_IDS.outboxHeld}>
      <div className={classes.heldRow}>
        <p>
          <b>{t(because === 'mass-delete' ? 'outbox.held.mass' : 'outbox.held.restored')}</b>{' '}
          {hasRows && `${t('outbox.held.text', { tickets, citizens, records })} ${t('outbox.held.who')}`}
        </p>
        {hasRows && (
          <Button variant="default" onClick={() => setDeciding(true)} data-testid={TEST_IDS.outboxDecide}>
            {t('outbox.held.decide')}
          </Button>
        )}
      </div>
      {hasOwn && (
        <div className={classes.heldRow}>
          <div className={classes.own}>
            <p>{t('outbox.held.own', { tickets: ownTickets, notes: ownNotes })}</p>
            <MissingList />
          </div>
          <Button
            leftSection={<IconSend size={15} aria-hidden />}
            loading={working}
            onClick={() => void sendAgain()}
            data-testid={TEST_IDS.outboxSendAgain}
          >
            {t('outbox.held.sendAgain')}
          </Button>
        </div>
      )}
      {deciding && <DecideDialog role={role} isOwnWorkMissing={ownTickets > 0} onClose={() => setDeciding(false)} />}
    </section>
  );
}

function MissingList() {
  const { t } = useTranslation();
  const { data } = useLiveQuery(['sync', 'tickets'], () => dataClient.sync.missingWork(), []);
  if (!data) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach what scrolls
    <section className={classes.missing} tabIndex={0} aria-label={t('outbox.held.label')}>
      <ul>
        {data.tickets.map((ticket) => (
          <li key={ticket.uid}>
            {t('outbox.held.noteOf', { no: displayTicketNumber(ticket), text: ticket.title || ticket.excerpt })}
          </li>
        ))}
        {data.notes.map((note) => (
          <li key={note.eventId}>
            {t('outbox.held.noteOf', {
              no: numberOf(note),
              text: `${t(`terms.event.${note.kind}`)} ${note.text}`.trim(),
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}

function numberOf({ number, acceptedAt, at, provisionalNo }: MissingWork['notes'][number]): string {
  return displayTicketNumber({ number, acceptedAt, createdAt: at, provisionalNo });
}
