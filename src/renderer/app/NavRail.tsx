import {
  IconBell,
  IconBook2,
  IconClipboardCheck,
  IconCloudUpload,
  IconDeviceDesktopAnalytics,
  IconListDetails,
  IconPencil,
  IconPhone,
  IconSearch,
  IconSettings,
  IconTicket,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { seesChecks } from '#shared/domain/quality/check.ts';
import type { Role } from '#shared/domain/roles.ts';
import { dataClient } from '../platform/data-client.ts';
import { actionKey } from '../platform/keymap.ts';
import { useLiveQuery } from '../platform/live-query.ts';
import { useRemindersStore } from '../platform/reminders.store.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { mayOpen } from './page-rights.ts';
import { goTo, type Page } from './route.store.ts';
import classes from './Shell.module.css';

const WORK = [
  ['workbench', IconPencil],
  ['mine', IconTicket],
  ['queue', IconListDetails],
  ['quality', IconClipboardCheck],
  ['reminders', IconBell],
  ['board', IconDeviceDesktopAnalytics],
  ['calls', IconPhone],
  ['search', IconSearch],
  ['knowledge', IconBook2],
  ['outbox', IconCloudUpload],
] as const;

/** The labelled rail on the left. */
export function NavRail({ page, role }: { readonly page: Page; readonly role: Role }) {
  const { t } = useTranslation();
  const { data: sync } = useLiveQuery(['outbox', 'sync'], () => dataClient.sync.status(), []);
  const waiting = sync ? sync.outbox.waiting + sync.outbox.needsAttention : 0;
  const { data: missed } = useLiveQuery(['calls', 'session'], () => dataClient.calls.missed(), []);
  const worksOnChecks = seesChecks(role);
  const { data: checks } = useLiveQuery(
    ['records', 'tickets', 'session'],
    async () => (worksOnChecks ? (await dataClient.quality.counts()).to_check : 0),
    [worksOnChecks],
  );
  const reminders = useRemindersStore((state) => state.count);
  const badges: Partial<Record<Page, number>> = {
    outbox: waiting,
    calls: missed?.count ?? 0,
    quality: checks ?? 0,
    reminders,
  };
  const entry = (name: Page, Icon: typeof IconPencil, badge: number) => (
    <button
      key={name}
      type="button"
      className={classes.entry}
      aria-current={page === name ? 'page' : undefined}
      title={`${t(`app.pages.${name}`)} (${actionKey(`page.${name}`)})`}
      onClick={() => goTo(name)}
      data-testid={TEST_IDS.nav(name)}
    >
      <Icon size={21} stroke={1.6} aria-hidden />
      {t(`app.pages.${name}`)}
      {badge > 0 && (
        <span className={classes.badge} title={name === 'calls' ? t('call.log.badge', { count: badge }) : undefined}>
          {badge > 99 ? '99+' : badge}
        </span>
      )}
    </button>
  );
  return (
    <nav className={classes.rail} aria-label={t('app.nav')}>
      {WORK.filter(([name]) => mayOpen(name, role)).map(([name, Icon]) => entry(name, Icon, badges[name] ?? 0))}
      <span className={classes.spring} />
      {entry('settings', IconSettings, 0)}
    </nav>
  );
}
