import { ActionIcon } from '@mantine/core';
import { IconLock, IconSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '#shared/contract/server.contract.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import type { IdleNotice } from '#shared/contract/shell.contract.ts';
import { forgetBoard } from '../features/board/board.store.ts';
import { CallBar } from '../features/call/CallBar.tsx';
import { forgetCaller, useCallerCardStore } from '../features/citizen/caller-card.store.ts';
import { countDrafts } from '../features/intake/draft-engines.ts';
import { openBlankDraft } from '../features/intake/draft-tabs.ts';
import { closeIntake, openIntake } from '../features/intake/intake-session.ts';
import { hasUnsavedArticles, openArticleForms } from '../features/knowledge/article-forms.ts';
import { forgetKnowledge, showArticle } from '../features/knowledge/knowledge.store.ts';
import { forgetQuality } from '../features/quality/quality.store.ts';
import { forgetSearch } from '../features/search/search.store.ts';
import { hasUnsavedNotes, openNoteDrafts } from '../features/tickets/note-drafts.ts';
import { forgetQueue } from '../features/tickets/queue.store.ts';
import { useAction } from '../platform/actions.ts';
import { invokeShell, onShellEvent } from '../platform/bridge.ts';
import { decideClosing } from '../platform/close-requests.ts';
import { dataClient } from '../platform/data-client.ts';
import { keepFocus } from '../platform/focus-keeper.ts';
import { loadForms } from '../platform/form-library.ts';
import { actionKey } from '../platform/keymap.ts';
import { showNotice } from '../platform/notice.store.ts';
import { useArticleWish } from '../platform/open-article.ts';
import { startPhoneClient, usePhoneStore } from '../platform/phone-client.ts';
import { prepareReadings } from '../platform/reference-data.ts';
import { hideAllLooks } from '../platform/reveal.store.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { CannedValuesScope } from '../terms/canned-values.tsx';
import { KeyHint } from '../ui/KeyHint.tsx';
import { clock } from '../ui/now.ts';
import { Banners } from './Banners.tsx';
import { CloseDialog } from './CloseDialog.tsx';
import { decideAboutClosing } from './closing.store.ts';
import { registerDraftCount } from './ErrorBoundary.tsx';
import { flushWork } from './flush-work.ts';
import { rememberPlace, useLeftPlace } from './left-place.ts';
import { NavRail } from './NavRail.tsx';
import { type Overlay, Overlays } from './Overlays.tsx';
import { Pages } from './Pages.tsx';
import { mayOpen } from './page-rights.ts';
import { goBack, goTo, PAGES, useRouteStore } from './route.store.ts';
import classes from './Shell.module.css';
import { StatusBar } from './StatusBar.tsx';
import { useCallEffects } from './use-call-effects.ts';
import { useReminders } from './use-reminders.ts';

/**
 * Ends the session on the screen. What is personal is gone with the page itself; only text that is on no disk yet is kept
 * in memory for the same user, who comes back to where they were.
 */
export function leaveSession(account: string): void {
  rememberPlace(account);
  const nothingUnsaved = countDrafts().unsaved === 0 && !hasUnsavedNotes() && !hasUnsavedArticles();
  if (nothingUnsaved) {
    window.location.reload();
    return;
  }
  closeIntake();
  forgetCaller();
  forgetBoard();
  forgetQuality();
  forgetSearch();
  forgetQueue();
  forgetKnowledge();
  hideAllLooks();
}

interface ShellProps {
  readonly session: SessionStatus;
  readonly user: User;
  /** The session is about to be locked on purpose. */
  readonly onLock: () => void;
}

/** The name the console knows for the caller in the call bar. */
function useKnownName(): string {
  const ani = usePhoneStore(({ phone }) => (phone.call ?? phone.lastCall)?.ani ?? '');
  return useCallerCardStore(({ names }) => names.get(ani) ?? '');
}

/** The whole console of a signed-in agent. */
export function Shell({ session, user, onLock }: ShellProps) {
  const { t } = useTranslation();
  const knownName = useKnownName();
  const page = useRouteStore((state) => state.page);
  const trail = useRouteStore((state) => state.trail);
  const [overlay, setOverlay] = useState<Overlay | null>(null);

  useEffect(() => {
    registerDraftCount(countDrafts);
    decideClosing(decideAboutClosing);
    startPhoneClient();
    // Wanted with the first key in a picker; fetched while nothing else is to do.
    requestIdleCallback(() => void prepareReadings());
    // Every draft has a form: the general one is read before the first call.
    requestIdleCallback(() => void loadForms().then((forms) => forms.opening(null, '12345')));
  }, []);
  useEffect(() => {
    if (session.phase !== 'unlocked') return;
    openIntake(user.id);
    openNoteDrafts(user.id);
    openArticleForms(user.id);
  }, [user.id, session.phase]);
  const pagesRef = useRef<HTMLDivElement>(null);
  useEffect(() => (pagesRef.current ? keepFocus(pagesRef.current) : undefined), []);
  useCallEffects(user);
  useLeftPlace(user.account);
  useEffect(() => {
    // Editors take no calls.
    if (user.role === 'editor') goTo('knowledge');
  }, [user.role]);
  useEffect(
    () =>
      useArticleWish.subscribe(({ wish }) => {
        if (!wish) return;
        showArticle(wish.uid);
        goTo('knowledge');
      }),
    [],
  );

  const lock = useCallback(async () => {
    if (!(await flushWork())) {
      showNotice('error', t('app.lockFailed'));
      return;
    }
    onLock();
    await dataClient.session.lock().catch(() => {
      // Locked already, or gone: the session's state says so.
    });
  }, [t, onLock]);
  useEffect(() => {
    // The workstation is locked: what can be saved is saved, then the shell locks, whatever is left.
    const saveAndLock = async () => {
      onLock();
      await flushWork();
      await invokeShell('shell:lock-now', undefined);
    };
    return onShellEvent('shell:lock-requested', () => void saveAndLock());
  }, [onLock]);
  useEffect(() => {
    // Nobody at the workstation: lock, but never over a call, and not before the same time has passed since it ended.
    const lockIdle = async ({ limitMs }: IdleNotice) => {
      const { call, lastCall } = usePhoneStore.getState().phone;
      if (call || clock.now() - (lastCall?.endedAt ?? 0) < limitMs) return;
      onLock();
      await flushWork();
      await dataClient.session.lock().catch(() => {
        // Locked already, or gone: the session's state says so.
      });
    };
    return onShellEvent('shell:idle', (payload) => void lockIdle(payload as IdleNotice));
  }, [onLock]);

  useReminders(user.role);
  for (const one of PAGES) {
    // biome-ignore lint/correctness/useHookAtTopLevel: PAGES never changes, so the order of hooks does not either
    useAction(`page.${one}`, () => goTo(one), mayOpen(one, user.role));
  }
  useAction('app.back', goBack, trail.length > 0);
  useAction('app.lock', () => void lock());
  useAction('app.palette', () => setOverlay('palette'));
  useAction('app.shortcuts', () => setOverlay('shortcuts'));
  useAction('intake.recover', () => setOverlay('recover'));
  useAction('intake.new', () => {
    goTo('workbench');
    openBlankDraft();
  });
  useAction('focus.intake', () => goTo('workbench'), page !== 'workbench');

  return (
    <div className={classes.shell} data-testid={TEST_IDS.shell}>
      <section className={classes.top} aria-label={t('call.label')}>
        <CallBar knownName={knownName} seat={user.seat} lines={user.lines} />
        <div className={classes.tools}>
          <button
            type="button"
            className={classes.palette}
            title={t('palette.label')}
            aria-keyshortcuts="Control+K"
            onClick={() => setOverlay('palette')}
            data-testid={TEST_IDS.paletteButton}
          >
            <IconSearch size={15} aria-hidden />
            {t('palette.open')}
            <KeyHint keys={actionKey('app.palette')} />
          </button>
          <span className={classes.user} title={t('settings.seat', { seat: user.seat })}>
            {user.name}
            <span>{user.seat}</span>
          </span>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('app.lock')}
            title={`${t('app.lock')} (${actionKey('app.lock')})`}
            onClick={() => void lock()}
            data-testid={TEST_IDS.lockButton}
          >
            <IconLock size={18} aria-hidden />
          </ActionIcon>
        </div>
      </section>
      <NavRail page={page} role={user.role} />
      <main className={classes.main}>
        <div ref={pagesRef} className={classes.pages}>
          <CannedValuesScope values={{ 'seat.name': user.name, 'seat.no': user.seat }}>
            <Pages session={session} user={user} page={page} />
          </CannedValuesScope>
        </div>
        <Banners session={session} account={user.account} />
      </main>
      <StatusBar session={session} user={user} />
      <CloseDialog />
      <Overlays overlay={overlay} onClose={() => setOverlay(null)} />
    </div>
  );
}
