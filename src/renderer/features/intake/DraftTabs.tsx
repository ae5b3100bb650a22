import { IconPencil, IconPhone, IconPhoneCall, IconPlus, IconUrgent } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './DraftTabs.module.css';
import type { OpenDraft } from './intake.store.ts';

interface DraftTabsProps {
  readonly drafts: readonly OpenDraft[];
  readonly activeKey: string | null;
  readonly panelId: string;
  readonly onShow: (key: string) => void;
  readonly onDiscard: (key: string) => void;
  readonly onNew: () => void;
  /** Stands between the tabs and the button for a new one. */
  readonly aside: ReactNode;
}

/** A name for a draft: what it is about, else who, else which call. */
export function useDraftName(): (draft: Pick<OpenDraft, 'content' | 'call' | 'handedFrom'>) => string {
  const { t } = useTranslation();
  return ({ content, call, handedFrom }) => {
    const words = content.title.trim() || content.content.trim().slice(0, 20) || content.caller.name.trim();
    if (handedFrom) return [t('intake.tabName.from', { ...handedFrom }), words].filter(Boolean).join(' · ');
    if (words !== '') return words;
    if (!call) return t('intake.tabName.untitled');
    return call.ani === '' ? t('intake.tabName.withheld') : t('intake.tabName.call', { phone: formatPhone(call.ani) });
  };
}

/** The drafts as tabs: arrow keys switch, Delete discards (with undo). */
export function DraftTabs({ drafts, activeKey, panelId, onShow, onDiscard, onNew, aside }: DraftTabsProps) {
  const { t } = useTranslation();
  const nameOf = useDraftName();
  const listRef = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the shown tab comes into sight whenever it changes
  useEffect(() => {
    const list = listRef.current;
    if (!list) return;
    // Told with the first layout as well, and whenever the window becomes narrower.
    const observer = new ResizeObserver(() =>
      list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    );
    observer.observe(list);
    return () => observer.disconnect();
  }, [activeKey, drafts.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const index = drafts.findIndex((draft) => draft.key === activeKey);
    if (event.key === 'Delete' && activeKey) {
      event.preventDefault();
      onDiscard(activeKey);
      return;
    }
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: (index + 1) % drafts.length,
      ArrowLeft: (index - 1 + drafts.length) % drafts.length,
      Home: 0,
      End: drafts.length - 1,
    };
    const target = steps[event.key];
    const draft = target === undefined ? undefined : drafts[target];
    if (!draft) return;
    event.preventDefault();
    onShow(draft.key);
    listRef.current?.querySelectorAll<HTMLElement>('[role="tab"]')[target ?? 0]?.focus();
  };

  return (
    <div className={classes.strip}>
      <div
        ref={listRef}
        role="tablist"
        aria-label={t('intake.tabs')}
        className={classes.tabs}
        onKeyDown={onKeyDown}
        data-testid={TEST_IDS.intakeTabs}
      >
        {drafts.map((draft) => {
          const selected = draft.key === activeKey;
          const inCall = draft.call?.answeredAt != null && draft.call.endedAt === null;
          const Icon =
            draft.handOffs.length > 0 ? IconUrgent : inCall ? IconPhoneCall : draft.call ? IconPhone : IconPencil;
          return (
            <button
              key={draft.key}
              type="button"
              role="tab"
              id={`${panelId}-${draft.key}`}
              aria-selected={selected}
              aria-controls={selected ? panelId : undefined}
              tabIndex={selected ? 0 : -1}
              className={classes.tab}
              title={nameOf(draft)}
              onClick={() => onShow(draft.key)}
              data-testid={TEST_IDS.intakeTab(draft.key)}
            >
              <Icon size={14} aria-hidden />
              <span className={classes.name}>{nameOf(draft)}</span>
              {draft.save.kind === 'failed' && (
                <span className={classes.unsaved} role="img" aria-label={t('intake.save.saving')}>
                  ●
                </span>
              )}
            </button>
          );
        })}
      </div>
      {aside}
      <button
        type="button"
        className={classes.new}
        title={t('intake.newDraftHint')}
        aria-keyshortcuts="Control+N"
        onClick={onNew}
        data-testid={TEST_IDS.intakeNew}
      >
        <IconPlus size={14} aria-hidden />
        {t('intake.newDraft')}
        <KeyHint keys={actionKey('intake.new')} />
      </button>
    </div>
  );
}
