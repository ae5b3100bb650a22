import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCategoryNames } from '#renderer/terms/reference-text.tsx';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { useLater } from '#renderer/ui/later.ts';
import type { TicketSummary } from '#shared/contract/data.contract.ts';
import classes from './CitizenPanel.module.css';

/** Lines drawn with the first picture; the rest, below the edge of most screens, follows right after it. */
const FIRST_LINES = 8;

interface HistoryListProps {
  readonly tickets: readonly TicketSummary[];
  readonly onOpen: (uid: string) => void;
}

/** The caller's last tickets, newest first; one opens beside the form. */
export function HistoryList({ tickets, onOpen }: HistoryListProps) {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  const lines = useLater(tickets.length, FIRST_LINES);
  return (
    <ul className={classes.list} data-testid={TEST_IDS.citizenTickets}>
      {tickets.slice(0, lines).map((ticket) => (
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
