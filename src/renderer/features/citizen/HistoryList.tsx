import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { useCategoryNames } from '#renderer/terms/reference-text.tsx';
import { OutsideMark, TicketStateTag } from '#renderer/terms/TicketStanding.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { AgeText, TimeText } from '#renderer/terms/time-text.tsx';
import { useLater } from '#renderer/ui/later.ts';
import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import classes from './CitizenPanel.module.css';

/** Lines drawn with the first picture; the rest, below the edge of most screens, follows right after it. */
const FIRST_LINES = 8;

interface HistoryListProps {
  readonly card: CallerCard;
  readonly onOpen: (uid: string) => void;
}

/** The caller's tickets: what nobody has finished with its age and time left, then the last others, each newest first. */
export function HistoryList({ card, onOpen }: HistoryListProps) {
  const { t } = useTranslation();
  const open = new Set(card.open.map(({ uid }) => uid));
  const others = card.tickets.filter(({ uid }) => !open.has(uid));
  const lines = useLater(card.open.length + others.length, FIRST_LINES);
  return (
    <div data-testid={TEST_IDS.citizenTickets}>
      {card.open.length + others.length === 0 && <p className={classes.empty}>{t('citizen.noTicketsYet')}</p>}
      {card.open.length > 0 && (
        <>
          <h3 className={classes.listTitle}>{t('citizen.open', { count: card.totals.open })}</h3>
          <ul className={classes.list} data-testid={TEST_IDS.citizenOpen}>
            {card.open.slice(0, lines).map((ticket) => (
              <TicketItem key={ticket.uid} ticket={ticket} isOpen onOpen={onOpen} />
            ))}
          </ul>
        </>
      )}
      {others.length > 0 && lines > card.open.length && (
        <>
          {card.open.length > 0 && <h3 className={classes.listTitle}>{t('citizen.others')}</h3>}
          <ul className={classes.list}>
            {others.slice(0, lines - card.open.length).map((ticket) => (
              <TicketItem key={ticket.uid} ticket={ticket} isOpen={false} onOpen={onOpen} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface TicketItemProps {
  readonly ticket: TicketSummary;
  readonly isOpen: boolean;
  readonly onOpen: (uid: string) => void;
}

function TicketItem({ ticket, isOpen, onOpen }: TicketItemProps) {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  return (
    <li>
      <button
        type="button"
        className={classes.item}
        onClick={() => onOpen(ticket.uid)}
        data-testid={TEST_IDS.citizenTicket(ticket.uid)}
      >
        <span className={classes.title} title={ticket.title}>
          {ticket.title || ticket.excerpt || t('tickets.detail.noTitle')}
        </span>
        <TicketStateTag ticket={ticket} />
        <span className={classes.meta}>
          {isOpen ? <AgeText at={ticket.createdAt} /> : <TimeText at={ticket.acceptedAt ?? ticket.createdAt} />}
          {isOpen && ticket.clock && <ClockTag summary={ticket.clock} />}
          <span>{t(`terms.type.${ticket.type}`)}</span>
          <span>
            {displayTicketNumber(ticket)} <OutsideMark ticket={ticket} />
          </span>
          <span>{categoryNames(ticket.categoryCode).at(-1) ?? ''}</span>
        </span>
      </button>
    </li>
  );
}
