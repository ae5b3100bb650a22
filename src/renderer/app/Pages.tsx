import { lazy, Suspense } from 'react';
import type { User } from '#shared/contract/server.contract.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import { isQualityList } from '#shared/domain/quality/quality-list.ts';
import type { TicketView } from '#shared/domain/ticket-view.ts';
import type { DraftId, RecordId } from '#shared/kernel/ids.ts';
import { CallLogPage } from '../features/call-log/CallLogPage.tsx';
import { PersonPane } from '../features/citizen/PersonPane.tsx';
import { returnTab, showDraft } from '../features/intake/draft-tabs.ts';
import { useIntakeStore } from '../features/intake/intake.store.ts';
import { editArticle } from '../features/knowledge/knowledge.store.ts';
import { OutboxPage } from '../features/outbox/OutboxPage.tsx';
import { RefusedTicket } from '../features/outbox/RefusedTicket.tsx';
import { openQualityView } from '../features/quality/quality.store.ts';
import { SearchPage } from '../features/search/SearchPage.tsx';
import { openSearchView } from '../features/search/search.store.ts';
import { MyTicketsPage } from '../features/tickets/MyTicketsPage.tsx';
import { QueuePage } from '../features/tickets/QueuePage.tsx';
import { openQueueView } from '../features/tickets/queue.store.ts';
import { TicketDetail } from '../features/tickets/TicketDetail.tsx';
import { dataClient } from '../platform/data-client.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { useDraftWriter } from './draft-writer.ts';
import { goTo, type Page, useRouteStore } from './route.store.ts';
import classes from './Shell.module.css';
import { useRestoreDraft } from './use-restore-draft.ts';
import { Workbench } from './Workbench.tsx';

const FormPreviewPage = lazy(() =>
  import('../features/intake/form-preview/FormPreviewPage.tsx').then((module) => ({ default: module.FormPreviewPage })),
);
const ArticleReader = lazy(() =>
  import('../features/knowledge/ArticleReader.tsx').then((module) => ({ default: module.ArticleReader })),
);
const KnowledgePage = lazy(() =>
  import('../features/knowledge/KnowledgePage.tsx').then((module) => ({ default: module.KnowledgePage })),
);
const QualityPage = lazy(() =>
  import('../features/quality/QualityPage.tsx').then((module) => ({ default: module.QualityPage })),
);
const BoardPage = lazy(() =>
  import('../features/board/BoardPage.tsx').then((module) => ({ default: module.BoardPage })),
);
const RemindersPage = lazy(() =>
  import('../features/reminders/RemindersPage.tsx').then((module) => ({ default: module.RemindersPage })),
);
const SettingsPage = lazy(() =>
  import('../features/settings/SettingsPage.tsx').then((module) => ({ default: module.SettingsPage })),
);

interface PagesProps {
  readonly session: SessionStatus;
  readonly user: User;
  readonly page: Page;
}

function renderRefused(uid: string) {
  return <RefusedTicket uid={uid} onDraftBack={returnDraft} onCorrect={correctDraft} onEditArticle={editInKnowledge} />;
}

function renderTicket(uid: string, onClose: () => void) {
  return <TicketDetail key={uid} uid={uid} onClose={onClose} renderRefused={renderRefused} />;
}

function editInKnowledge(uid: RecordId) {
  editArticle(uid);
  goTo('knowledge');
}

function renderPerson(uid: string, onClose: () => void) {
  return <PersonPane key={uid} uid={uid} onClose={onClose} renderTicket={renderTicket} />;
}

/** Shows what was kept under a name, on the page it belongs to. */
function openView(view: TicketView): void {
  if (view.place === 'search') {
    openSearchView(view);
    goTo('search');
  } else if (isQualityList(view.place)) {
    openQualityView(view);
    goTo('quality');
  } else {
    openQueueView(view);
    goTo('queue');
  }
}

/** The words of a ticket that was given up are a draft among the others again. */
async function returnDraft(id: DraftId): Promise<void> {
  returnTab(await dataClient.drafts.get({ id }));
}

/** Shows the form of a refused ticket, to be corrected. */
async function correctDraft(id: DraftId): Promise<void> {
  await returnDraft(id);
  goTo('workbench');
}

/** Shows an open draft on the workbench. */
function openDraft(id: DraftId): void {
  const tab = useIntakeStore.getState().drafts.find((draft) => draft.id === id);
  if (!tab) return;
  goTo('workbench');
  showDraft(tab.key);
}

/** The page the agent is on. */
export function Pages({ session, user, page }: PagesProps) {
  const write = useDraftWriter();
  const restoreDraft = useRestoreDraft();
  const searchFocus = useRouteStore((state) => state.searchFocus);
  const renderArticle = (uid: string, onClose: () => void) => (
    <Suspense fallback={null}>
      <ArticleReader
        key={uid}
        uid={uid as RecordId}
        user={user}
        marks={[]}
        hasDraft={false}
        write={write}
        onEdit={editInKnowledge}
        onClose={onClose}
      />
    </Suspense>
  );
  const other = () => {
    switch (page) {
      case 'workbench':
        return null;
      case 'mine':
        return <MyTicketsPage renderTicket={renderTicket} />;
      case 'queue':
        return <QueuePage role={user.role} renderTicket={renderTicket} onOpenView={openView} />;
      case 'quality':
        return (
          <Suspense fallback={null}>
            <QualityPage role={user.role} renderTicket={renderTicket} onOpenView={openView} />
          </Suspense>
        );
      case 'reminders':
        return (
          <Suspense fallback={null}>
            <RemindersPage renderTicket={renderTicket} />
          </Suspense>
        );
      case 'board':
        return (
          <Suspense fallback={null}>
            <BoardPage renderTicket={renderTicket} />
          </Suspense>
        );
      case 'calls':
        return <CallLogPage renderTicket={renderTicket} onOpenDraft={openDraft} onRestoreDraft={restoreDraft} />;
      case 'search':
        return (
          <SearchPage
            focusTicket={searchFocus}
            renderTicket={renderTicket}
            renderPerson={renderPerson}
            renderArticle={renderArticle}
            onOpenView={openView}
          />
        );
      case 'knowledge':
        return (
          <Suspense fallback={null}>
            <KnowledgePage user={user} write={write} />
          </Suspense>
        );
      case 'outbox':
        return (
          <OutboxPage
            role={user.role}
            onDraftBack={returnDraft}
            onCorrect={correctDraft}
            onEditArticle={editInKnowledge}
          />
        );
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
      <Workbench user={user} isActive={page === 'workbench'} renderTicket={renderTicket} />
      {page !== 'workbench' && (
        <div className={classes.page} data-testid={TEST_IDS.page(page)}>
          {other()}
        </div>
      )}
    </>
  );
}
