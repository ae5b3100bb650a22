import { Button } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import { SplitView } from '#renderer/ui/SplitView.tsx';
import { VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { Reminder } from '#shared/contract/reminders.contract.ts';
import { shippedReminderRules } from '#shared/domain/reminder/shipped-reminder-rules.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { useReminderColumns } from './reminder-columns.tsx';

interface RemindersPageProps {
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
}

/** 提醒: limits for 办结 that come near or ran out, for whoever at the centre has to do something about it; one key takes note. */
export function RemindersPage({ renderTicket }: RemindersPageProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const columns = useReminderColumns();
  const { data, failure } = useLiveQuery(['reminders', 'tickets', 'session'], () => dataClient.reminders.list(), []);
  const [current, setCurrent] = useState<Reminder | null>(null);
  const [selected, setSelected] = useState<TicketId | null>(null);
  const [openUid, setOpenUid] = useState<TicketId | null>(null);
  const [focusList, setFocusList] = useState(true);
  const reminders = data?.reminders;

  const acknowledge = async (which: readonly Reminder[]) => {
    try {
      const keys = which.map(({ uid, days, dueAt }) => ({ uid, days, dueAt }));
      await dataClient.reminders.acknowledge({ reminders: keys });
    } catch {
      showNotice('error', t('reminders.failed'));
    }
  };
  const close = () => {
    setOpenUid(null);
    setFocusList(true);
  };
  useAction('app.back', close, openUid !== null);
  useAction('reminders.acknowledge', () => current && void acknowledge([current]), current !== null);

  const body = () => {
    if (!reminders) return <p>{failure ? failureText(failure) : ''}</p>;
    if (reminders.length === 0) {
      return (
        <EmptyState
          icon={<IconBellOff size={36} stroke={1.4} />}
          title={t('reminders.empty.title')}
          text={t('reminders.empty.text', { days: shippedReminderRules().listedDays })}
        />
      );
    }
    return (
      <VirtualTable
        label={t('actions.page.reminders')}
        columns={columns}
        rows={reminders}
        rowKey={({ uid }) => uid}
        selectedKey={selected}
        onSelect={({ uid }) => {
          setSelected(uid);
          setFocusList(false);
          if (openUid !== null) setOpenUid(uid);
        }}
        onOpen={({ uid }) => setOpenUid(uid)}
        onCurrent={setCurrent}
        autoFocus={focusList}
        testId={TEST_IDS.reminderTable}
        rowTestId={({ uid }) => TEST_IDS.reminderRow(uid)}
      />
    );
  };
  const note =
    data && reminders && reminders.length > 0
      ? t(data.hasMore ? 'reminders.shown' : 'reminders.count', { count: reminders.length })
      : undefined;
  return (
    <SplitView
      main={
        <Page
          title={t('actions.page.reminders')}
          note={note}
          actions={
            reminders &&
            reminders.length > 0 && (
              <>
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={current === null}
                  rightSection={<KeyHint keys={actionKey('reminders.acknowledge')} />}
                  aria-keyshortcuts={actionKey('reminders.acknowledge')}
                  onClick={() => current && void acknowledge([current])}
                  data-testid={TEST_IDS.reminderAcknowledge}
                >
                  {t('reminders.acknowledge')}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => void acknowledge(reminders)}
                  data-testid={TEST_IDS.reminderAcknowledgeAll}
                >
                  {t('reminders.acknowledgeAll')}
                </Button>
              </>
            )
          }
        >
          {body()}
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
