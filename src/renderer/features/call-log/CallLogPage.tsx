import { IconPhoneX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { type CallFilter, useCallWindow } from '#renderer/platform/use-row-window.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import { SplitView } from '#renderer/ui/SplitView.tsx';
import { VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { DraftId } from '#shared/kernel/ids.ts';
import { CallDetail } from './CallDetail.tsx';
import classes from './CallLog.module.css';
import { useCallColumns } from './call-columns.tsx';

const FILTERS = ['all', 'missed', 'in', 'out'] as const satisfies readonly CallFilter[];

interface CallLogPageProps {
  /** Shows the ticket that was made of a call. */
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
  readonly onOpenDraft: (id: DraftId) => void;
  readonly onRestoreDraft: (id: DraftId) => void;
}

/** 通话记录: every call of this console with what became of it; missed callers are called back from here. */
export function CallLogPage({ renderTicket, onOpenDraft, onRestoreDraft }: CallLogPageProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const columns = useCallColumns();
  const [filter, setFilter] = useState<CallFilter>('all');
  const [selected, setSelected] = useState<string | null>(null);
  const [openId, setOpenId] = useState<string | null>(null);
  const [ticketUid, setTicketUid] = useState<string | null>(null);
  const [focusList, setFocusList] = useState(true);
  const { rows, isComplete, failure, onRange } = useCallWindow(filter);

  const close = () => {
    if (ticketUid !== null) return setTicketUid(null);
    setOpenId(null);
    setFocusList(true);
  };
  useAction('app.back', close, openId !== null);

  const body = () => {
    if (rows === undefined) {
      return <p className={classes.state}>{failure ? t('call.log.failed', { reason: failureText(failure) }) : ''}</p>;
    }
    if (rows.length === 0) {
      const empty = filter === 'missed' ? 'noMissed' : 'empty';
      return (
        <EmptyState
          icon={<IconPhoneX size={36} stroke={1.4} />}
          title={t(`call.log.${empty}.title`)}
          text={t(`call.log.${empty}.text`)}
        />
      );
    }
    return (
      <VirtualTable
        key={filter}
        label={t('actions.page.calls')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.callId}
        selectedKey={selected}
        onSelect={(row) => {
          setSelected(row.callId);
          setFocusList(false);
          if (openId !== null) setOpenId(row.callId);
        }}
        onOpen={(row) => {
          setTicketUid(null);
          setOpenId(row.callId);
        }}
        onRange={onRange}
        autoFocus={focusList}
        testId={TEST_IDS.callTable}
        rowTestId={(row) => TEST_IDS.callRow(row.callId)}
      />
    );
  };

  const side = () => {
    if (ticketUid !== null) return renderTicket(ticketUid, close);
    if (openId === null) return <EmptyState title={t('call.log.pick.title')} text={t('call.log.pick.text')} />;
    return (
      <CallDetail
        key={openId}
        callId={openId}
        onClose={close}
        onOpenTicket={setTicketUid}
        onOpenDraft={onOpenDraft}
        onRestoreDraft={onRestoreDraft}
      />
    );
  };
  const count = rows?.length ?? 0;
  return (
    <SplitView
      main={
        <Page
          title={t('actions.page.calls')}
          note={count === 0 ? undefined : t(isComplete ? 'call.log.count' : 'call.log.loaded', { count })}
          actions={
            <ChoiceGroup
              label={t('call.log.filter')}
              choices={FILTERS.map((value) => ({ value, label: t(`call.log.filters.${value}`) }))}
              value={filter}
              onChange={setFilter}
              testId={TEST_IDS.callFilter}
            />
          }
        >
          {body()}
        </Page>
      }
      side={side()}
    />
  );
}
