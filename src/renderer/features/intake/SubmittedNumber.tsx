import { ActionIcon } from '@mantine/core';
import { IconCircleCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CopyNumberButton } from '#renderer/terms/CopyNumberButton.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { forgetSubmitted } from './intake.store.ts';
import classes from './SubmittedNumber.module.css';

/**
 * The number of the ticket just made, large enough to be read out, and the server's as soon as there is one. It stands in the row of the
 * tabs, so that no form moves under the hands when it comes or goes.
 */
export function SubmittedNumber({ uid }: { readonly uid: TicketId }) {
  const { t } = useTranslation();
  const { data: ticket } = useLiveQuery(['tickets'], () => dataClient.tickets.get({ uid }), [uid]);
  if (!ticket) return null;
  const number = displayTicketNumber(ticket);
  const isProvisional = ticket.number === null;
  return (
    <section
      className={classes.made}
      aria-label={t('intake.lastSubmitted')}
      title={[ticket.fields.title, ...(isProvisional ? [t('intake.numberComes')] : [])].join('\n')}
      data-testid={TEST_IDS.intakeSubmitted}
    >
      <IconCircleCheck size={16} aria-hidden />
      <span>{t(isProvisional ? 'tickets.detail.provisional' : 'tickets.table.number')}</span>
      <span className={`${classes.number} selectable`}>{number}</span>
      <CopyNumberButton number={number} testId={TEST_IDS.intakeCopyNumber} />
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('app.dismiss')} onClick={forgetSubmitted}>
        <IconX size={15} aria-hidden />
      </ActionIcon>
    </section>
  );
}
