import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import { RelockBanner } from '../features/session/RelockBanner.tsx';
import { invokeShell } from '../platform/bridge.ts';
import { dataClient } from '../platform/data-client.ts';
import { useLiveQuery } from '../platform/live-query.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { useWindowStore } from '../platform/window.store.ts';
import { useFailureText } from '../terms/failure-text.ts';
import { useDurationText } from '../terms/time-text.tsx';
import { Banner } from '../ui/Banner.tsx';
import { clock } from '../ui/now.ts';

/** From this many rows on a sync is worth a banner. */
const BANNER_FROM_ROWS = 1_000;
/** An estimate needs this much of the past, in ms. */
const ESTIMATE_FROM_MS = 2_000;
/** A reconnection that is quicker than this is not worth a banner, in ms. */
const RECONNECT_DELAY_MS = 600;

interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Time left by the speed so far, in ms; null while there is too little to go by. */
function useTimeLeft(progress: Progress | null): number | null {
  const start = useRef<{ at: number; done: number } | null>(null);
  if (!progress) {
    start.current = null;
    return null;
  }
  start.current ??= { at: clock.now(), done: progress.done };
  const elapsed = clock.now() - start.current.at;
  const made = progress.done - start.current.done;
  if (elapsed < ESTIMATE_FROM_MS || made <= 0) return null;
  return (elapsed / made) * (progress.total - progress.done);
}

function FirstSyncBanner() {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const { data: sync } = useLiveQuery(['sync'], () => dataClient.sync.status(), []);
  const progress = sync?.progress && sync.progress.total >= BANNER_FROM_ROWS ? sync.progress : null;
  const left = useTimeLeft(progress);
  if (!progress) return null;
  const text = t('banners.firstSync', {
    done: progress.done.toLocaleString('en'),
    total: progress.total.toLocaleString('en'),
  });
  return (
    <Banner
      tone="info"
      testId={TEST_IDS.firstSyncBanner}
      text={left === null ? text : `${text} ${t('banners.firstSyncEta', { time: durationText(left) })}`}
    >
      <progress max={progress.total} value={progress.done} aria-label={text} />
    </Banner>
  );
}

/** True once the link to the data process has been away for a moment. */
function useLinkAway(): boolean {
  const away = useWindowStore((state) => state.linkState !== 'open');
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!away) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), RECONNECT_DELAY_MS);
    return () => clearTimeout(timer);
  }, [away]);
  return shown;
}

interface BannersProps {
  readonly session: SessionStatus;
  readonly account: string;
}

/** What everybody has to know while they work, below the work and without taking the focus. */
export function Banners({ session, account }: BannersProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const dataState = useWindowStore((state) => state.dataState);
  const linkAway = useLinkAway();
  return (
    <>
      {dataState.kind === 'failed' && (
        <Banner
          tone="bad"
          testId={TEST_IDS.restartBanner}
          text={failureText({ code: ERROR_CODES.find((one) => one === dataState.code) ?? 'INTERNAL' })}
        >
          <Button variant="default" onClick={() => void invokeShell('shell:data-restart', undefined)}>
            {t('fatal.retry')}
          </Button>
        </Banner>
      )}
      {dataState.kind !== 'failed' && linkAway && (
        <Banner
          tone="warn"
          testId={TEST_IDS.restartBanner}
          text={
            dataState.kind === 'restarting'
              ? t('banners.restarting', { attempt: dataState.attempt })
              : t('banners.reconnecting')
          }
        />
      )}
      {session.phase === 'locked' && !linkAway && <RelockBanner account={account} />}
      {session.storage !== 'ok' && (
        <Banner
          tone="bad"
          testId={TEST_IDS.storageBanner}
          text={t(session.storage === 'disk-full' ? 'banners.diskFull' : 'banners.readOnly')}
        />
      )}
      <FirstSyncBanner />
    </>
  );
}
