import { IconBell } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../platform/actions.ts';
import { dataClient } from '../platform/data-client.ts';
import { actionKey } from '../platform/keymap.ts';
import { showNotice } from '../platform/notice.store.ts';
import { usePhoneStore } from '../platform/phone-client.ts';
import { useRemindersStore } from '../platform/reminders.store.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { displayTicketNumber } from '../terms/ticket-number.ts';
import { KeyHint } from '../ui/KeyHint.tsx';
import { goTo } from './route.store.ts';
import classes from './StatusBar.module.css';

/** Reminders that have just come: in the status bar, where they cover nothing and take no focus; never while a call is on. */
export function ReminderNotice() {
  const { t } = useTranslation();
  const isOnCall = usePhoneStore((state) => state.phone.call !== null);
  const fresh = useRemindersStore((state) => state.fresh);
  const [first] = fresh;
  const isShown = first !== undefined && !isOnCall;
  const acknowledge = () => {
    const reminders = fresh.map(({ uid, days, dueAt }) => ({ uid, days, dueAt }));
    void dataClient.reminders.acknowledge({ reminders }).catch(() => showNotice('error', t('reminders.failed')));
  };
  useAction('reminders.done', acknowledge, isShown);
  return (
    <span className={classes.reminder} role="status" data-testid={TEST_IDS.reminderNotice}>
      {isShown && (
        <>
          <button type="button" className={classes.item} data-tone="warn" onClick={() => goTo('reminders')}>
            <IconBell size={14} aria-hidden />
            {fresh.length === 1
              ? t('reminders.one', { no: displayTicketNumber(first.ticket), step: t(`reminders.step.${first.days}`) })
              : t('reminders.several', { count: fresh.length })}
          </button>
          <button
            type="button"
            className={classes.noticeButton}
            aria-keyshortcuts={actionKey('reminders.done')}
            onClick={acknowledge}
            data-testid={TEST_IDS.reminderNoticeDone}
          >
            {t('reminders.acknowledge')} <KeyHint keys={actionKey('reminders.done')} />
          </button>
        </>
      )}
    </span>
  );
}
