import { IconPlugConnectedX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import type { Board } from '#shared/contract/board.contract.ts';
import type { AlarmKind } from '#shared/domain/board/board-alarms.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { AlarmTickets } from './AlarmTickets.tsx';
import classes from './Board.module.css';
import { BoardAlarms } from './BoardAlarms.tsx';
import { BoardFigures } from './BoardFigures.tsx';
import { BoardFreshness } from './BoardFreshness.tsx';
import { BoardSeats } from './BoardSeats.tsx';
import { LocalQueues } from './LocalQueues.tsx';
import { useBoard } from './use-board.ts';

interface BoardPageProps {
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
}

/** 值班看板: what the centre's seats do, who waits, the figures of the day and what is wrong; without a network as it was told last. */
export function BoardPage({ renderTicket }: BoardPageProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data, failure } = useBoard();
  const [chosen, setChosen] = useState<AlarmKind | null>(null);
  const [openUid, setOpenUid] = useState<TicketId | null>(null);
  const board = data?.board ?? null;
  const alarm = board?.alarms.find(({ kind }) => kind === chosen) ?? null;
  const close = () => {
    if (openUid !== null) setOpenUid(null);
    else setChosen(null);
  };
  useAction('app.back', close, openUid !== null || alarm !== null);

  const choose = (kind: AlarmKind | null) => {
    setChosen(kind);
    setOpenUid(null);
  };
  const side = () => {
    if (openUid !== null) return renderTicket(openUid, close);
    if (alarm && alarm.tickets.length > 0) return <AlarmTickets alarm={alarm} onOpen={setOpenUid} />;
    return <LocalQueues />;
  };
  const told = (now: Board, receivedAt: number) => (
    <>
      <BoardAlarms alarms={now.alarms} chosen={chosen} onChoose={choose} />
      <BoardFigures figures={now.figures} accepted={now.accepted} />
      <BoardSeats
        board={now}
        receivedAt={receivedAt}
        only={alarm && alarm.seats.length > 0 ? alarm.seats : null}
        autoFocus={openUid === null}
      />
    </>
  );
  return (
    <Page
      title={t('actions.page.board')}
      note={failure ? failureText(failure) : undefined}
      actions={data && <BoardFreshness receivedAt={data.receivedAt} />}
    >
      <div className={classes.board} data-open={openUid !== null}>
        <div className={classes.main}>
          {board && data?.receivedAt != null
            ? told(board, data.receivedAt)
            : data && (
                <EmptyState
                  icon={<IconPlugConnectedX size={36} stroke={1.4} />}
                  title={t('board.noBoard.title')}
                  text={t('board.noBoard.text')}
                />
              )}
        </div>
        <div className={classes.side}>{side()}</div>
      </div>
    </Page>
  );
}
