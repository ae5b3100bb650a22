import { ActionIcon } from '@mantine/core';
import { IconCircleCheck, IconCopy, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { copyText } from '#renderer/platform/clipboard.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { forgetSubmitted } from './intake.store.ts';
import classes from './SubmittedLine.module.css';

/** The ticket just made, above the forms: its number, large enough to be read out, and the server's as soon as there is one. */
export function SubmittedLine({ uid }: { readonly uid: TicketId }) {
  const { t } = useTranslation();
  const { data: ticket } = useLiveQuery(['tickets'], () => dataClient.tickets.get({ uid }), [uid]);
  if (!ticket) return null;
  const number = displayTicketNumber(ticket);
  const copy = async () => {
    if (await copyText(number)) showNotice('success', t('tickets.detail.copied'));
    else showNotice('error', t('tickets.detail.copyFailed'));
  };
  return (
    <section className={classes.line} aria-label={t('intake.lastSubmitted')} data-testid={TEST_IDS.intakeSubmitted}>
      <IconCircleCheck size={16} aria-hidden />
      <span>{t(ticket.number === null ? 'tickets.detail.provisional' : 'tickets.table.number')}</span>
      <span className={`${classes.number} selectable`}>{number}</span>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={t('tickets.detail.copyNumber')}
        title={t('tickets.detail.copyNumber')}
        onClick={() => void copy()}
      >
        <IconCopy size={15} aria-hidden />
      </ActionIcon>
      <span className={classes.title}>{ticket.fields.title}</span>
      {ticket.number === null && <span className={classes.hint}>{t('intake.numberComes')}</span>}
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('app.dismiss')} onClick={forgetSubmitted}>
        <IconX size={15} aria-hidden />
      </ActionIcon>
    </section>
  );
}
