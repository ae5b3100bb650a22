import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCategoryNames } from '#renderer/terms/reference-text.tsx';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { TicketSummary } from '#shared/contract/data.contract.ts';
import classes from './CitizenPanel.module.css';

interface HistoryListProps {
  readonly tickets: readonly TicketSummary[];
  readonly onOpen: (uid: string) => void;
}

/** The caller's last tickets, newest first; one opens beside the form. */
export function HistoryList({ tickets, onOpen }: HistoryListProps) {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  return (
    <ul className={classes.list} data-testid={TEST_IDS.citizenTickets}>
      {tickets.map((ticket) => (
        <li key={ticket.uid}>
          <button
            type="button"
            className={classes.item}
            onClick={() => onOpen(ticket.uid)}
            data-testid={TEST_IDS.citizenTicket(ticket.uid)}
          >
            <span className={classes.title} title={ticket.title}>
              {ticket.title || ticket.excerpt || t('tickets.detail.noTitle')}
            </span>
            <TicketStatusTag status={ticket.status} />
            <span className={classes.meta}>
              <TimeText at={ticket.acceptedAt ?? ticket.createdAt} />
              <span>{t(`terms.type.${ticket.type}`)}</span>
              <span>{displayTicketNumber(ticket)}</span>
              <span>{categoryNames(ticket.categoryCode).at(-1) ?? ''}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
