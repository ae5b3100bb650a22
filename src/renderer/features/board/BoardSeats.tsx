import { IconHeadset } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useDurationText } from '#renderer/terms/time-text.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { Board } from '#shared/contract/board.contract.ts';
import classes from './Board.module.css';
import { type ShownSeat, useBoardColumns } from './board-columns.tsx';

interface BoardSeatsProps {
  readonly board: Board;
  readonly receivedAt: number;
  /** Seats of the alarm that is chosen; null shows all. */
  readonly only: readonly string[] | null;
  readonly autoFocus: boolean;
}

/** Those who have signed out come last. */
const isOut = ({ position }: ShownSeat) => Number(position === 'signed-out');

/** The seats of the centre as they were told, their times by this computer's clock. */
export function BoardSeats({ board, receivedAt, only, autoFocus }: BoardSeatsProps) {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const columns = useBoardColumns();
  const [selected, setSelected] = useState<string | null>(null);
  const shift = receivedAt - board.asOf;
  const alarming = new Set(board.alarms.flatMap(({ seats }) => seats));
  const all = board.seats
    .map((seat) => ({
      ...seat,
      since: seat.since + shift,
      call: seat.call && { ...seat.call, since: seat.call.since + shift },
      reportedAt: seat.reportedAt + shift,
      receivedAt,
      isAlarming: alarming.has(seat.seat),
    }))
    .sort((a, b) => isOut(a) - isOut(b));
  const shown = only === null ? all : all.filter(({ seat }) => only.includes(seat));
  const heard = all.filter(({ isSilent }) => !isSilent);
  const count = (positions: readonly ShownSeat['position'][]) =>
    heard.filter(({ position }) => positions.includes(position)).length;
  const sums = [
    ['onDuty', heard.filter(({ position }) => position !== 'signed-out').length],
    ['ready', count(['ready'])],
    ['talking', count(['talking', 'held', 'muted', 'conference', 'help', 'transfer'])],
    ['ringing', count(['ringing', 'dialing'])],
    ['wrapUp', count(['wrap-up'])],
    ['busy', count(['busy'])],
    ['break', count(['break'])],
    ['silent', all.length - heard.length],
  ] as const;
  const { waiting } = board;
  return (
    <div className={classes.seats}>
      <p className={classes.sums}>
        <b data-testid={TEST_IDS.boardWaiting}>
          {waiting.count === 0
            ? t('board.nobodyWaits')
            : t('board.waiting', { count: waiting.count, time: durationText(waiting.longestMs) })}
        </b>
        {sums.map(([name, number]) => (
          <span key={name}>{t(`board.sums.${name}`, { count: number })}</span>
        ))}
      </p>
      {shown.length === 0 ? (
        <EmptyState
          icon={<IconHeadset size={36} stroke={1.4} />}
          title={t('board.noSeats.title')}
          text={t('board.noSeats.text')}
        />
      ) : (
        <VirtualTable
          label={t('board.seats')}
          columns={columns}
          rows={shown}
          rowKey={({ seat }) => seat}
          selectedKey={selected}
          onSelect={({ seat }) => setSelected(seat)}
          onOpen={({ seat }) => setSelected(seat)}
          autoFocus={autoFocus}
          testId={TEST_IDS.boardSeats}
          rowTestId={({ seat }) => TEST_IDS.boardSeat(seat)}
        />
      )}
    </div>
  );
}
