import { VisuallyHidden } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionStatus } from '#shared/contract/data.contract.ts';
import type { User } from '#shared/contract/server.contract.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { DraftId } from '#shared/kernel/ids.ts';
import { CallLogPage } from '../features/call-log/CallLogPage.tsx';
import { CitizenPanel } from '../features/citizen/CitizenPanel.tsx';
import { PersonPane } from '../features/citizen/PersonPane.tsx';
import { IntakePanel } from '../features/intake/IntakePanel.tsx';
import { selectActive, useIntakeStore } from '../features/intake/intake.store.ts';
import { showDraft } from '../features/intake/intake-session.ts';
import { OutboxPage } from '../features/outbox/OutboxPage.tsx';
import { SearchPage } from '../features/search/SearchPage.tsx';
import { MyTicketsPage } from '../features/tickets/MyTicketsPage.tsx';
import { QueuePage } from '../features/tickets/QueuePage.tsx';
import { TicketDetail } from '../features/tickets/TicketDetail.tsx';
import { useAction } from '../platform/actions.ts';
import { usePhoneStore } from '../platform/phone-client.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { SplitView } from '../ui/SplitView.tsx';
import { goTo, type Page, useRouteStore } from './route.store.ts';
import classes from './Shell.module.css';

const FormPreviewPage = lazy(() =>
  import('../features/intake/form-preview/FormPreviewPage.tsx').then((module) => ({ default: module.FormPreviewPage })),
);
const SettingsPage = lazy(() =>
  import('../features/settings/SettingsPage.tsx').then((module) => ({ default: module.SettingsPage })),
);

interface PagesProps {
  readonly session: SessionStatus;
  readonly user: User;
  readonly page: Page;
}

function renderTicket(uid: string, onClose: () => void) {
  return <TicketDetail key={uid} uid={uid} onClose={onClose} />;
}

function renderPerson(uid: string, onClose: () => void) {
  return <PersonPane key={uid} uid={uid} onClose={onClose} renderTicket={renderTicket} />;
}

/** Shows an open draft on the workbench. */
function openDraft(id: DraftId): void {
  const tab = useIntakeStore.getState().drafts.find((draft) => draft.id === id);
  if (!tab) return;
  goTo('workbench');
  showDraft(tab.key);
}

/**
 * Whom the citizen panel is about: whoever rings now, else the person of the draft on the screen, else the caller of the
 * call that goes on. Null when there is nobody.
 */
function useCallerInSight(): string | null {
  const ringing = usePhoneStore(({ phone }) => (phone.call?.phase === 'ringing-in' ? phone.call.ani : null));
  const talking = usePhoneStore(({ phone }) => phone.call?.ani ?? null);
  const drafted = useIntakeStore((state) => {
    const draft = selectActive(state);
    if (!draft) return null;
    const typed = normalizePhone(draft.content.caller.phone);
    return typed !== '' ? typed : (draft.call?.ani ?? null);
  });
  return ringing ?? drafted ?? talking;
}

/** The workbench stays alive behind the other pages, so that coming back finds the cursor where it was. */
function Workbench({ user, isActive }: { readonly user: User; readonly isActive: boolean }) {
  const { t } = useTranslation();
  const rootRef = useRef<HTMLDivElement>(null);
  const lastFocus = useRef<HTMLElement | null>(null);
  const phone = useCallerInSight();
  const focusBack = () => {
    const target = lastFocus.current?.isConnected ? lastFocus.current : null;
    (target ?? rootRef.current?.querySelector<HTMLElement>('textarea'))?.focus();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the page comes to the front
  useEffect(() => {
    if (isActive) focusBack();
  }, [isActive]);
  useAction('focus.intake', () => rootRef.current?.querySelector<HTMLElement>('textarea')?.focus(), isActive);
  return (
    <div
      ref={rootRef}
      className={classes.page}
      hidden={!isActive}
      onFocusCapture={(event) => {
        lastFocus.current = event.target;
      }}
      data-testid={TEST_IDS.page('workbench')}
    >
      <VisuallyHidden component="h1">{t('app.pages.workbench')}</VisuallyHidden>
      <SplitView
        main={<IntakePanel centre={user.centre} role={user.role} isActive={isActive} />}
        side={<CitizenPanel phone={phone} isActive={isActive} renderTicket={renderTicket} />}
      />
    </div>
  );
}

/** The page the agent is on. */
export function Pages({ session, user, page }: PagesProps) {
  const searchFocus = useRouteStore((state) => state.searchFocus);
  const other = () => {
    switch (page) {
      case 'workbench':
        return null;
      case 'mine':
        return <MyTicketsPage />;
      case 'queue':
        return <QueuePage />;
      case 'calls':
        return <CallLogPage renderTicket={renderTicket} onOpenDraft={openDraft} />;
      case 'search':
        return <SearchPage focusTicket={searchFocus} renderTicket={renderTicket} renderPerson={renderPerson} />;
      case 'outbox':
        return <OutboxPage />;
      case 'forms':
        return (
          <Suspense fallback={null}>
            <FormPreviewPage centre={user.centre} role={user.role} />
          </Suspense>
        );
      case 'settings':
        return (
          <Suspense fallback={null}>
            <SettingsPage session={session} />
          </Suspense>
        );
    }
  };
  return (
    <>
      <Workbench user={user} isActive={page === 'workbench'} />
      {page !== 'workbench' && (
        <div className={classes.page} data-testid={TEST_IDS.page(page)}>
          {other()}
        </div>
      )}
    </>
  );
}
