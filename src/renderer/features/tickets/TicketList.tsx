import { type ReactNode, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { WindowedRows } from '#renderer/platform/use-row-window.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import { SplitView } from '#renderer/ui/SplitView.tsx';
import { type Column, VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { type ListTime, type TicketColumn, useTicketColumns } from './ticket-columns.tsx';
import classes from './tickets.module.css';

/** Shows one ticket beside the list. */
export type RenderTicket = (uid: string, onClose: () => void) => ReactNode;

interface TicketListProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly empty: { readonly title: string; readonly text: string };
  readonly list: WindowedRows<TicketSummary>;
  readonly renderTicket: RenderTicket;
  /** A column before all others. */
  readonly leading?: Column<TicketSummary> | undefined;
  /** The columns it takes the room of. */
  readonly without?: readonly TicketColumn[] | undefined;
  /** Whose time is shown: that of the ticket when left out, or of the order that is due first. */
  readonly time?: ListTime | undefined;
  /** Between heading and lines, and under the lines. */
  readonly toolbar?: ReactNode;
  readonly footer?: ReactNode;
  /** Told the ticket under the cursor as it is now. Whoever asks works the list off: the cursor stays at its place when a line goes. */
  readonly onCurrent?: (ticket: TicketSummary | null) => void;
}

/** A list of tickets with the chosen one beside it. Once a ticket is open it follows the cursor through the list. */
export function TicketList(props: TicketListProps) {
  const { title, actions, empty, list, renderTicket, leading, without, time, toolbar, footer, onCurrent } = props;
  const { t } = useTranslation();
  const failureText = useFailureText();
  const plainColumns = useTicketColumns(time);
  const kept = plainColumns.filter(({ id }) => without?.every((name) => name !== id) ?? true);
  const columns = leading ? [leading, ...kept] : kept;
  const [selected, setSelected] = useState<string | null>(null);
  const [openUid, setOpenUid] = useState<string | null>(null);
  const [focusList, setFocusList] = useState(true);
  const { rows, isComplete, failure, onRange } = list;

  const close = useCallback(() => {
    setOpenUid(null);
    setFocusList(true);
  }, []);

  useAction('app.back', close, openUid !== null);

  const body = () => {
    if (rows === undefined) {
      return <p className={classes.listState}>{failure ? failureText(failure) : ''}</p>;
    }
    if (rows.length === 0) return <EmptyState title={empty.title} text={empty.text} />;
    return (
      <VirtualTable
        label={title}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.uid}
        selectedKey={selected}
        onSelect={(row) => {
          setSelected(row.uid);
          setFocusList(false);
          if (openUid !== null) setOpenUid(row.uid);
        }}
        onOpen={(row) => setOpenUid(row.uid)}
        onRange={onRange}
        onCurrent={onCurrent}
        autoFocus={focusList}
        testId={TEST_IDS.ticketTable}
        rowTestId={(row) => TEST_IDS.ticketRow(row.uid)}
      />
    );
  };

  const note =
    rows === undefined || rows.length === 0
      ? undefined
      : t(isComplete ? 'tickets.rowCountAll' : 'tickets.rowCount', { count: rows.length });
  return (
    <SplitView
      main={
        <Page title={title} note={note} actions={actions}>
          {toolbar === undefined && footer === undefined ? (
            body()
          ) : (
            <div className={classes.framed} data-framed>
              {toolbar}
              <div className={classes.framedList}>{body()}</div>
              {footer}
            </div>
          )}
        </Page>
      }
      side={
        openUid === null ? (
          <EmptyState title={t('tickets.pick.title')} text={t('tickets.pick.text')} />
        ) : (
          renderTicket(openUid, close)
        )
      }
    />
  );
}
