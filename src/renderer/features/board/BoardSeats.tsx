import { IconHeadset } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useDurationText } from '#renderer/terms/time-text.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { Board } from '#shared/contract/board.contract.ts';
import classes from './Board.module.css';
import { useBoardStore } from './board.store.ts';
import { type ShownSeat, useBoardColumns } from './board-columns.tsx';

/** No 班组 has an empty name. */
const EVERYBODY = '';

interface BoardSeatsProps {
  readonly board: Board;
  readonly receivedAt: number;
  /** Seats of the alarm that is chosen; null shows all. */
  readonly only: readonly string[] | null;
  readonly autoFocus: boolean;
}

/** Whose seats are shown; the waiting callers are everybody's. */
function TeamChoice({ teams, chosen }: { readonly teams: readonly string[]; readonly chosen: string | null }) {
  const { t } = useTranslation();
  const choices = [
    { value: EVERYBODY, label: t('board.everyTeam') },
    ...teams.map((value) => ({ value, label: value })),
  ];
  return (
    <div className={classes.teams}>
      <ChoiceGroup
        label={t('board.column.team')}
        choices={choices}
        value={chosen !== null && teams.includes(chosen) ? chosen : EVERYBODY}
        onChange={(value) => useBoardStore.setState({ team: value === EVERYBODY ? null : value })}
        testId={TEST_IDS.boardTeam}
      />
    </div>
  );
}

/** Those who have signed out come last. */
const isOut = ({ position }: ShownSeat) => Number(position === 'signed-out');

/** The seats of the centre as they were told, their times by this computer's clock. */
export function BoardSeats({ board, receivedAt, only, autoFocus }: BoardSeatsProps) {
  const { t } = useTranslation();
  const durationText = useDurationText();
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
  const teams = [...new Set(all.flatMap(({ team }) => team ?? []))].sort((a, b) => a.localeCompare(b, 'zh-Hans-CN'));
  const columns = useBoardColumns(teams.length > 0);
  const team = useBoardStore((state) => state.team);
  // The last one of a 班组 may have gone home: an empty board would hide the others.
  const ofTeam = team !== null && teams.includes(team) ? all.filter((seat) => seat.team === team) : all;
  const shown = only === null ? ofTeam : all.filter(({ seat }) => only.includes(seat));
  const heard = ofTeam.filter(({ isSilent }) => !isSilent);
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
    ['silent', ofTeam.length - heard.length],
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
      {teams.length > 0 && <TeamChoice teams={teams} chosen={team} />}
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
