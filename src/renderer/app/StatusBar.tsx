import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCloudUpload,
  IconDatabase,
  IconPlugConnected,
  IconPlugConnectedX,
  IconRefresh,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { User } from '#shared/contract/server.contract.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import type { SyncStatus } from '#shared/contract/sync.contract.ts';
import { dataClient } from '../platform/data-client.ts';
import { useLiveQuery } from '../platform/live-query.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { useCoverage, useListText, useMonthText } from '../terms/coverage.ts';
import { useDivisionNames } from '../terms/reference-text.tsx';
import { useStumbleText } from '../terms/stumble-text.ts';
import { AgeText } from '../terms/time-text.tsx';
import { formatTimer } from '../ui/format-time.ts';
import { useNow } from '../ui/now.ts';
import { NoticeLine } from './NoticeLine.tsx';
import { ReminderNotice } from './ReminderNotice.tsx';
import { goTo } from './route.store.ts';
import classes from './StatusBar.module.css';

const CONNECTIONS = {
  online: ['good', IconPlugConnected],
  offline: ['warn', IconPlugConnectedX],
  refused: ['bad', IconPlugConnectedX],
  'never-tried': ['info', IconPlugConnectedX],
} as const;

function NextTry({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const left = at - useNow();
  return <span>{left > 0 ? t('status.nextTry', { time: formatTimer(left) }) : t('status.tryingNow')}</span>;
}

/** Where the console stands with the server, in words, with the age of the last success. */
function Connection({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const [tone, Icon] = CONNECTIONS[sync.connection];
  const title = sync.problem ? stumbleText(sync.problem, false).title : undefined;
  return (
    <button
      type="button"
      className={classes.item}
      data-tone={tone}
      data-state={sync.connection}
      title={title}
      onClick={() => goTo('outbox')}
      data-testid={TEST_IDS.statusConnection}
    >
      <Icon size={14} aria-hidden />
      {t(`status.${sync.connection}`)}
      {sync.connection !== 'online' && (
        <>
          <span aria-hidden>·</span>
          {sync.lastSuccessAt === null ? t('status.neverSuccess') : <LastSuccess at={sync.lastSuccessAt} />}
          {sync.nextTryAt !== null && (
            <>
              <span aria-hidden>·</span>
              <NextTry at={sync.nextTryAt} />
            </>
          )}
        </>
      )}
      {sync.connection === 'online' && sync.lastSuccessAt !== null && (
        <>
          <span aria-hidden>·</span>
          <LastSuccess at={sync.lastSuccessAt} />
        </>
      )}
    </button>
  );
}

function LastSuccess({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const [before = '', after = ''] = t('status.lastSuccess', { age: '\u0000' }).split('\u0000');
  return (
    <span>
      {before}
      <AgeText at={at} />
      {after}
    </span>
  );
}

const PARITY = { equal: 'parityEqual', different: 'parityDifferent', unknown: 'parityUnknown' } as const;

function countHeld({ tickets, citizens, records, ownNotes }: NonNullable<SyncStatus['held']>): number {
  return tickets + citizens + records + ownNotes;
}

/** A count with its figures as they are written. */
const numberOf = (count: number) => ({ count, number: count.toLocaleString('en') });

interface StatusBarProps {
  readonly session: SessionStatus;
  readonly user: User;
}

/** The 26 px at the bottom: connection, outbox, storage, what this computer holds, and the last notice. */
export function StatusBar({ session, user }: StatusBarProps) {
  const { t } = useTranslation();
  const divisionNames = useDivisionNames();
  const { data: sync } = useLiveQuery(['sync', 'outbox'], () => dataClient.sync.status(), []);
  const coverage = useCoverage();
  const monthText = useMonthText();
  const listText = useListText();
  const unconfirmed = sync ? sync.outbox.waiting + sync.outbox.needsAttention : 0;
  return (
    <footer className={classes.bar} data-testid={TEST_IDS.statusBar}>
      {session.mode === 'demo' && (
        <span className={classes.demo} title={t('app.demoHint')} data-testid={TEST_IDS.demoBadge}>
          {t('app.demo')}
        </span>
      )}
      {sync && <Connection sync={sync} />}
      {sync && (
        <button
          type="button"
          className={classes.item}
          data-tone={unconfirmed > 0 ? 'warn' : 'neutral'}
          onClick={() => goTo('outbox')}
          data-testid={TEST_IDS.statusOutbox}
        >
          <IconCloudUpload size={14} aria-hidden />
          {t('status.outbox', { count: unconfirmed })}
        </button>
      )}
      {sync && sync.outbox.needsAttention > 0 && (
        <button
          type="button"
          className={classes.item}
          data-tone="bad"
          onClick={() => goTo('outbox')}
          data-testid={TEST_IDS.statusAttention}
        >
          <IconAlertTriangle size={14} aria-hidden />
          {t('status.attention', { count: sync.outbox.needsAttention })}
        </button>
      )}
      {sync?.held && (
        <button
          type="button"
          className={classes.item}
          data-tone="bad"
          onClick={() => goTo('outbox')}
          data-testid={TEST_IDS.statusHeld}
        >
          <IconAlertTriangle size={14} aria-hidden />
          {t('status.held', { count: countHeld(sync.held) })}
        </button>
      )}
      {session.storage !== 'ok' && (
        <span className={classes.item} data-tone="bad" data-testid={TEST_IDS.statusStorage}>
          <IconAlertTriangle size={14} aria-hidden />
          {t(session.storage === 'disk-full' ? 'status.storageDiskFull' : 'status.storageReadOnly')}
        </span>
      )}
      <ReminderNotice />
      <NoticeLine />
      {sync?.progress && (
        <span className={classes.item} data-tone="info" data-testid={TEST_IDS.statusSync}>
          <IconRefresh size={14} aria-hidden />
          {t('status.syncing', {
            done: sync.progress.done.toLocaleString('en'),
            total: sync.progress.total.toLocaleString('en'),
          })}
        </span>
      )}
      {sync && (
        <span
          className={classes.item}
          title={t(`status.${sync.held ? 'parityHeld' : PARITY[sync.parity]}`)}
          data-testid={TEST_IDS.statusScope}
          data-parity={sync.parity}
        >
          {sync.parity === 'equal' ? <IconCircleCheck size={14} aria-hidden /> : <IconDatabase size={14} aria-hidden />}
          {t('status.scope', {
            tickets: t('status.tickets', numberOf(sync.cached.tickets)),
            citizens: t('status.citizens', numberOf(sync.cached.citizens)),
          })}
          {coverage?.from && coverage.outside.tickets > 0 && (
            <span>{` · ${t('coverage.status', { from: monthText(coverage.from) })}`}</span>
          )}
          {coverage && coverage.sortedTeams.length > 0 && (
            <span>{` · ${t('coverage.statusTeams', { teams: listText(coverage.sortedTeams) })}`}</span>
          )}
        </span>
      )}
      <span className={classes.item}>
        {t('status.centre', { centre: divisionNames(user.centre).at(-1) ?? user.centre, line: user.lines.join(' ') })}
      </span>
    </footer>
  );
}
