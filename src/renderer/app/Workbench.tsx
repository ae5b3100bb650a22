import { VisuallyHidden } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '#shared/contract/server.contract.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { CitizenPanel } from '../features/citizen/CitizenPanel.tsx';
import { useCandidateStore, useCandidates } from '../features/duplicates/candidates.store.ts';
import { DuplicatesPanel } from '../features/duplicates/DuplicatesPanel.tsx';
import { IntakePanel } from '../features/intake/IntakePanel.tsx';
import { selectActive, useIntakeStore } from '../features/intake/intake.store.ts';
import { useJoinCommands } from '../features/intake/join-draft.ts';
import { KnowledgePanel } from '../features/knowledge/KnowledgePanel.tsx';
import { useRelatedArticles, useRelatedStore } from '../features/knowledge/related.store.ts';
import { useAction } from '../platform/actions.ts';
import { usePhoneStore } from '../platform/phone-client.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { SideTabs } from '../ui/SideTabs.tsx';
import { SplitView } from '../ui/SplitView.tsx';
import { useDraftWriter } from './draft-writer.ts';
import classes from './Shell.module.css';

interface WorkbenchProps {
  readonly user: User;
  readonly isActive: boolean;
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
}

/** The workbench stays alive behind the other pages, so that coming back finds the cursor where it was. */
export function Workbench({ user, isActive, renderTicket }: WorkbenchProps) {
  const { t } = useTranslation();
  const rootRef = useRef<HTMLDivElement>(null);
  const lastFocus = useRef<HTMLElement | null>(null);
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
        side={<Beside isActive={isActive} renderTicket={renderTicket} />}
      />
    </div>
  );
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

interface BesideProps {
  readonly isActive: boolean;
  readonly renderTicket: WorkbenchProps['renderTicket'];
}

/** From here on a ticket is likely about the same matter. */
const LIKELY = 0.5;

/** What belongs to the form: who calls, and what the centre knows about the matter. */
function Beside({ isActive, renderTicket }: BesideProps) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<'citizen' | 'duplicates' | 'knowledge'>('citizen');
  const [openUid, setOpenUid] = useState<string | null>(null);
  const phone = useCallerInSight();
  const write = useDraftWriter();
  // Told at the tab are those that are more likely the same matter than not; the others are in the list below them.
  const candidates = useCandidateStore(
    (state) => state.candidates.filter(({ probability }) => probability >= LIKELY).length,
  );
  const actions = useJoinActions();
  const related = useRelatedStore(({ articles }) => articles.length);
  // Whoever rings is looked at first.
  const ringing = usePhoneStore(({ phone: state }) => (state.call?.phase === 'ringing-in' ? state.call.callId : null));
  useEffect(() => {
    if (ringing !== null) setTab('citizen');
  }, [ringing]);
  useAction('focus.citizen', () => setTab('citizen'), isActive && tab !== 'citizen');

  return (
    <>
      <RelatedArticles />
      <SameMatter />
      <SideTabs
        label={t('knowledge.panel.label')}
        active={tab}
        onShow={setTab}
        tabs={[
          {
            name: 'citizen',
            label: t('knowledge.panel.citizen'),
            count: 0,
            testId: TEST_IDS.sideTab('citizen'),
            content: <CitizenPanel phone={phone} isActive={isActive} renderTicket={renderTicket} />,
          },
          {
            name: 'duplicates',
            label: t('duplicates.tab'),
            count: candidates,
            testId: TEST_IDS.sideTab('duplicates'),
            content:
              openUid === null ? (
                <DuplicatesPanel
                  isActive={isActive}
                  onShow={() => setTab('duplicates')}
                  onOpen={setOpenUid}
                  actions={actions}
                />
              ) : (
                renderTicket(openUid, () => setOpenUid(null))
              ),
          },
          {
            name: 'knowledge',
            label: t('knowledge.panel.knowledge'),
            count: related,
            testId: TEST_IDS.sideTab('knowledge'),
            content: (
              <KnowledgePanel
                isShown={tab === 'knowledge'}
                isActive={isActive}
                onShow={() => setTab('knowledge')}
                write={write}
              />
            ),
          },
        ]}
      />
    </>
  );
}

/** What can be done with the form on the screen and a ticket about the same matter; null while there is no form. */
function useJoinActions() {
  const { join, plan } = useJoinCommands();
  const key = useIntakeStore((state) => selectActive(state)?.key ?? null);
  const planned = useIntakeStore((state) => selectActive(state)?.parentUid ?? null);
  const canJoin = useIntakeStore((state) => selectActive(state)?.handOffs.length === 0);
  if (key === null) return null;
  return {
    planned,
    canJoin,
    join: (ticketUid: TicketId, kind: 'note' | 'remind') => void join(key, ticketUid, kind),
    plan: (parentUid: TicketId | null) => void plan(key, parentUid),
  };
}

/** Looks for tickets about the matter of the form on the screen. */
function SameMatter() {
  const key = useIntakeStore((state) => selectActive(state)?.key ?? null);
  useCandidates(
    key,
    useIntakeStore((state) => selectActive(state)?.content ?? null),
  );
  return null;
}

/** Looks for articles that fit the form on the screen; apart from the panels, which do not change with every key. */
function RelatedArticles() {
  const content = useIntakeStore((state) => selectActive(state)?.content ?? null);
  useRelatedArticles(
    content && {
      categoryCode: content.categoryCode,
      text: [content.title, content.content, content.originalWords].join('\n').trim(),
    },
  );
  return null;
}
