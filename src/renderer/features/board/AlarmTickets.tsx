import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import type { BoardAlarm } from '#shared/domain/board/board-alarms.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import classes from './Board.module.css';

interface AlarmTicketsProps {
  readonly alarm: BoardAlarm;
  readonly onOpen: (uid: TicketId) => void;
}

/** The tickets an alarm is about, by their numbers, with the time they have left; each opens. */
export function AlarmTickets({ alarm, onOpen }: AlarmTicketsProps) {
  const { t } = useTranslation();
  const { tickets, ticketCount, kind, value } = alarm;
  return (
    <section className={classes.local} aria-labelledby="board-tickets">
      <h2 id="board-tickets">{t(`board.alarm.${kind}`, { count: value })}</h2>
      {ticketCount > tickets.length && (
        <p className={classes.muted}>{t('board.ticketsShown', { shown: tickets.length, count: ticketCount })}</p>
      )}
      <ul className={classes.tickets}>
        {tickets.map(({ uid, number, acceptedAt, clock }) => (
          <li key={uid}>
            <button type="button" onClick={() => onOpen(uid)} data-testid={TEST_IDS.boardTicket(uid)}>
              {formatTicketNumber(number, acceptedAt)}
              {clock && <ClockTag summary={clock} />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
