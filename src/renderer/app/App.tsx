import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '#shared/contract/server.contract.ts';
import { SignInScreen } from '../features/session/SignInScreen.tsx';
import { dataClient } from '../platform/data-client.ts';
import { useLiveQuery } from '../platform/live-query.ts';
import { useWindowStore } from '../platform/window.store.ts';
import { FatalScreen } from './FatalScreen.tsx';
import { loadShell, SHELL_FETCHED_MS } from './load-shell.ts';
import { PreferenceSwitches } from './PreferenceSwitches.tsx';
import classes from './screens.module.css';

const Shell = lazy(() => loadShell().then((module) => ({ default: module.Shell })));
const CallWaiting = lazy(() => import('./CallWaiting.tsx').then((module) => ({ default: module.CallWaiting })));
/** An opening that is quicker than this shows nothing at all, in ms. */
const OPENING_DELAY_MS = 400;

function Opening() {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), OPENING_DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return <div className={classes.opening}>{shown && t('app.loading')}</div>;
}

/** Account of the person whose session was locked in this window, null when nobody was here. Shell code writes it (left-place.ts). */
function readLockedBy(): string | null {
  const place: unknown = window.history.state;
  return typeof place === 'object' && place !== null && 'account' in place ? String(place.account) : null;
}

/** The phone is looked at after the shell was fetched: nothing of it may hold up the first screen. */
function LaterCallWaiting() {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), SHELL_FETCHED_MS);
    return () => clearTimeout(timer);
  }, []);
  return due ? (
    <Suspense fallback={null}>
      <CallWaiting />
    </Suspense>
  ) : null;
}

/**
 * Which of the whole-window screens is shown. A session that the data process lost by a restart stays on the screen with
 * its text and asks for the password at the side; a session that was locked on purpose is closed.
 */
export function App() {
  const dataState = useWindowStore((state) => state.dataState);
  const linkState = useWindowStore((state) => state.linkState);
  const { data: session } = useLiveQuery(['session'], () => dataClient.session.status(), []);
  const [openUser, setOpenUser] = useState<User | null>(null);
  const linkLost = useRef(false);
  // A data process that is still starting has nobody unlocked: the form need not wait for it to say so.
  const [isColdStart] = useState(() => dataState.kind === 'starting');
  const mode = useWindowStore((state) => state.info?.mode ?? 'production');
  const unlockedUser = session?.phase === 'unlocked' ? session.user : null;

  useEffect(() => {
    if (linkState === 'down') linkLost.current = true;
  }, [linkState]);

  useEffect(() => {
    if (!session) return;
    if (unlockedUser) {
      linkLost.current = false;
      setOpenUser(unlockedUser);
      return;
    }
    if (!openUser || linkLost.current) return;
    let cancelled = false;
    void loadShell().then(({ leaveSession }) => {
      if (cancelled) return;
      leaveSession(openUser.account);
      setOpenUser(null);
    });
    return () => {
      cancelled = true;
    };
  }, [session, unlockedUser, openUser]);

  const user = unlockedUser ?? openUser;
  if (!user && dataState.kind === 'failed') return <FatalScreen code={dataState.code} detail={dataState.detail} />;
  if (!user && (session || isColdStart)) {
    return (
      <SignInScreen
        session={session ?? null}
        mode={session?.mode ?? mode}
        lockedBy={readLockedBy()}
        notice={<LaterCallWaiting />}
        footer={<PreferenceSwitches />}
      />
    );
  }
  if (!session || !user) return <Opening />;
  return (
    <Suspense fallback={<Opening />}>
      <Shell key={user.id} session={session} user={user} onLock={() => (linkLost.current = false)} />
    </Suspense>
  );
}
