import { type ReactNode, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useQualityWindow } from '#renderer/platform/use-row-window.ts';
import { toTicketFilter } from '#renderer/terms/conditions/ticket-filter.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { clock, useTicking } from '#renderer/ui/now.ts';
import { Page } from '#renderer/ui/Page.tsx';
import { VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { QualityLine, QualitySide } from '#shared/contract/quality.contract.ts';
import { CHECK_READING_ROLES } from '#shared/domain/quality/check.ts';
import { type QualityList, qualitySortsOf } from '#shared/domain/quality/quality-list.ts';
import { shippedSampling } from '#shared/domain/quality/shipped-sheets.ts';
import { INTAKE_ROLES, type Role } from '#shared/domain/roles.ts';
import type { TicketView } from '#shared/domain/ticket-view.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import classes from './Quality.module.css';
import { QualityPanel } from './QualityPanel.tsx';
import { QualityToolbar } from './QualityToolbar.tsx';
import { useQualityStore } from './quality.store.ts';
import { useQualityColumns } from './quality-columns.tsx';

interface QualityPageProps {
  readonly role: Role;
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
  /** A kept view was chosen, of a list or of a search. */
  readonly onOpenView: (view: TicketView) => void;
}

/** The time in which a ticket waits to be checked runs out by itself. */
const tenMinutesOf = (now: number) => Math.floor(now / 600_000);

const SIDES: Readonly<Record<QualityList, QualitySide>> = {
  to_check: 'check',
  checked: 'check',
  appealed: 'check',
  calibration: 'calibration',
  mine: 'mine',
};

/** The lists a role works from. */
function listsOf(role: Role): readonly QualityList[] {
  const own: readonly QualityList[] = INTAKE_ROLES.includes(role) ? ['mine'] : [];
  return CHECK_READING_ROLES.includes(role) ? ['to_check', 'checked', 'appealed', 'calibration', ...own] : own;
}

/** 质检: checkers score what the rule has drawn, settle appeals and calibrate; whoever was checked finds their results and appeals. */
export function QualityPage({ role, renderTicket, onOpenView }: QualityPageProps) {
  const { t } = useTranslation();
  const lists = listsOf(role);
  const chosen = useQualityStore((state) => state.list);
  // A view that was kept under another role shows the first list of this one.
  const list = lists.find((name) => name === chosen) ?? lists[0] ?? 'mine';
  const tick = useTicking(tenMinutesOf);
  const { data: counts } = useLiveQuery(['records', 'tickets', 'session'], () => dataClient.quality.counts(), [tick]);
  return (
    <Checks
      key={list}
      list={list}
      tick={tick}
      renderTicket={renderTicket}
      toolbar={
        <>
          {lists.length > 1 && (
            <ChoiceGroup
              label={t('quality.lists')}
              choices={lists.map((value) => {
                const name = t(`quality.list.${value}`);
                return { value, label: counts ? t('tickets.queueCount', { name, count: counts[value] }) : name };
              })}
              value={list}
              onChange={(next) => useQualityStore.setState({ list: next })}
              testId={TEST_IDS.qualityList}
            />
          )}
          <QualityToolbar list={list} onOpenView={onOpenView} />
        </>
      }
    />
  );
}

interface ChecksProps {
  readonly list: QualityList;
  readonly tick: number;
  readonly toolbar: ReactNode;
  readonly renderTicket: QualityPageProps['renderTicket'];
}

/** One list, the ticket that is open and what is said of it. */
function Checks({ list, tick, toolbar, renderTicket }: ChecksProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { conditions, sorts } = useQualityStore();
  const filter = toTicketFilter(conditions, clock.now());
  const sort = sorts[list] === 'oldest' || sorts[list] === 'newest' ? sorts[list] : qualitySortsOf(list)[0];
  const question = { list, sort, ...(filter ? { filter } : {}) };
  const { rows: lines, failure, onRange } = useQualityWindow(question, tick);
  const [selected, setSelected] = useState<TicketId | null>(null);
  const [openUid, setOpenUid] = useState<TicketId | null>(null);
  // The list takes the focus when it comes, and again whenever what was open is closed.
  const [focusList, setFocusList] = useState(true);
  const columns = useQualityColumns(list, openUid !== null);
  const select = useCallback((line: QualityLine) => setSelected(line.ticketUid), []);
  const close = useCallback(() => {
    setOpenUid(null);
    setFocusList(true);
  }, []);
  const table =
    lines === undefined ? (
      <p className={classes.hint}>{failure ? failureText(failure) : ''}</p>
    ) : lines.length === 0 ? (
      <EmptyState
        title={t(filter ? 'tickets.narrowedEmpty.title' : `quality.empty.${list}.title`)}
        text={t(filter ? 'tickets.narrowedEmpty.text' : `quality.empty.${list}.text`, {
          days: shippedSampling().windowDays,
        })}
      />
    ) : (
      <VirtualTable
        label={t(`quality.list.${list}`)}
        columns={columns}
        rows={lines}
        rowKey={(line) => line.ticketUid}
        selectedKey={selected}
        onSelect={select}
        onOpen={(line) => {
          setFocusList(false);
          setOpenUid(line.ticketUid);
        }}
        onRange={onRange}
        onCurrent={ignore}
        autoFocus={focusList}
        testId={TEST_IDS.qualityTable}
        rowTestId={(line) => TEST_IDS.qualityRow(line.ticketUid)}
      />
    );
  return (
    <Page title={t(list === 'mine' ? 'quality.list.mine' : 'app.pages.quality')}>
      <div className={classes.page} data-framed>
        {toolbar && <div className={classes.toolbar}>{toolbar}</div>}
        <div className={classes.columns} data-open={openUid !== null}>
          <div className={classes.list}>{table}</div>
          {openUid !== null && (
            <>
              <div className={classes.ticket}>{renderTicket(openUid, close)}</div>
              <QualityPanel key={openUid} ticketUid={openUid} side={SIDES[list]} onClose={close} />
            </>
          )}
        </div>
      </div>
    </Page>
  );
}

/** The cursor stays at its place when a line goes: the next one to check has come there. */
function ignore(): void {}
