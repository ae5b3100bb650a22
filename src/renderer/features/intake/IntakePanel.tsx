import { IconFilePencil } from '@tabler/icons-react';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { FileOwner } from '#renderer/terms/attachments/files-being-stored.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { useLater } from '#renderer/ui/later.ts';
import type { Role } from '#shared/domain/roles.ts';
import { ActiveDraft } from './ActiveDraft.tsx';
import { DraftTabs } from './DraftTabs.tsx';
import { openBlankDraft, showDraft } from './draft-tabs.ts';
import classes from './IntakePanel.module.css';
import { selectActive, useIntakeStore } from './intake.store.ts';
import { useIntakeCommands } from './intake-commands.ts';
import { SubmittedNumber } from './SubmittedNumber.tsx';

interface IntakePanelProps {
  /** Division code of the centre. */
  readonly centre: string;
  readonly role: Role;
  /** False while another page is shown: the keys of the form are not its own then. */
  readonly isActive: boolean;
}

/** The drafts of this seat: tabs, the form of the active one, and what can be done with it. */
export function IntakePanel({ centre, role, isActive }: IntakePanelProps) {
  const { t } = useTranslation();
  const { drafts, activeKey, arrivedKey, focusTicket, loaded, submittedUid } = useIntakeStore();
  const active = useIntakeStore(selectActive);
  // A form that came by itself is drawn after what the ring has to show; what the agent asked for is there at once.
  const drawnKey = useLater(activeKey, activeKey);
  const isDrawn = active !== null && (activeKey !== arrivedKey || activeKey === drawnKey);
  const commands = useIntakeCommands();
  const panelRef = useRef<HTMLDivElement>(null);
  const panelId = useId();

  useEffect(() => {
    if (focusTicket > 0) panelRef.current?.querySelector<HTMLElement>('textarea')?.focus();
  }, [focusTicket]);

  // When a draft leaves the screen its focus goes to the next one, or to the button that makes one.
  const focusWhatIsLeft = () => {
    requestAnimationFrame(() => {
      const panel = panelRef.current;
      const next =
        panel?.querySelector<HTMLElement>('textarea') ??
        panel?.querySelector<HTMLElement>(`[data-testid="${TEST_IDS.intakeNew}"]`);
      next?.focus();
    });
  };

  const step = (by: 1 | -1) => {
    const index = drafts.findIndex((draft) => draft.key === activeKey);
    const next = drafts[(index + by + drafts.length) % drafts.length];
    if (next) showDraft(next.key);
  };
  useAction('intake.next', () => step(1), isActive && drafts.length > 1);
  useAction('intake.previous', () => step(-1), isActive && drafts.length > 1);

  return (
    <section className={classes.panel} aria-label={t('intake.label')} data-testid={TEST_IDS.intake} ref={panelRef}>
      <DraftTabs
        drafts={drafts}
        activeKey={activeKey}
        panelId={panelId}
        onShow={(key) => showDraft(key, false)}
        onDiscard={(key) => void commands.discard(key).then(focusWhatIsLeft)}
        onNew={openBlankDraft}
        aside={submittedUid && <SubmittedNumber uid={submittedUid} />}
      />
      {isDrawn ? (
        <FileOwner value={active.key} key={active.key}>
          <ActiveDraft
            draft={active}
            centre={centre}
            role={role}
            isActive={isActive}
            panelId={panelId}
            onGone={focusWhatIsLeft}
          />
        </FileOwner>
      ) : (
        loaded && (
          <EmptyState
            icon={<IconFilePencil size={36} stroke={1.4} />}
            title={t('intake.empty.title')}
            text={t('intake.empty.text', { key: actionKey('intake.new') })}
            testId={TEST_IDS.intakeEmpty}
          />
        )
      )}
    </section>
  );
}
