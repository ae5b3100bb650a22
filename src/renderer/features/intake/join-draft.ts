import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { filesStored } from '#renderer/terms/attachments/files-being-stored.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { engineOf } from './draft-engines.ts';
import { removeTab, returnTab } from './draft-tabs.ts';
import { findDraft, patchDraft } from './intake.store.ts';

export interface JoinCommands {
  /** Adds the words of a draft to a ticket as 补充 or 催办 and closes the draft as 已并入; the notice takes it back. */
  readonly join: (key: string, ticketUid: TicketId, kind: 'note' | 'remind') => Promise<void>;
  /** Plans (null: no longer) a 母单 that is proposed when the draft is submitted. */
  readonly plan: (key: string, parentUid: TicketId | null) => Promise<void>;
}

/** What can be done with a draft that speaks of a matter the centre has already. */
export function useJoinCommands(): JoinCommands {
  const { t } = useTranslation();
  const failureText = useFailureText();
  return useMemo<JoinCommands>(() => {
    const fail = (error: unknown) => showNotice('error', failureText(toCallFailure(error)));
    /** The id of a draft whose newest words and files are on disk. */
    const flushed = async (key: string) => {
      // Joined or linked without one of its files, the draft would be gone before anybody noticed.
      if (!(await filesStored(key))) {
        showNotice('error', t('intake.filesNotTaken'));
        return null;
      }
      const engine = engineOf(key);
      const id = findDraft(key)?.id ?? null;
      const result = await engine?.flush();
      if (!engine || id === null || !result?.ok) {
        const failure = result && !result.ok ? result.failure : { code: 'SHUTTING_DOWN' as const, data: null };
        showNotice('error', failureText(failure));
        return null;
      }
      return { id, revision: engine.revision };
    };
    return {
      join: async (key, ticketUid, kind) => {
        const stored = await flushed(key);
        if (!stored) return;
        const { id, revision } = stored;
        let filesLeftOut: number;
        try {
          ({ filesLeftOut } = await dataClient.duplicates.joinDraft({ id, revision, ticketUid, kind }));
        } catch (error) {
          fail(error);
          return;
        }
        removeTab(key);
        const done = t(kind === 'note' ? 'duplicates.joined' : 'duplicates.reminded');
        const left = filesLeftOut === 0 ? '' : t('duplicates.filesLeftOut', { count: filesLeftOut });
        showNotice('success', `${done}${left}`, () => {
          dataClient.duplicates.separateDraft({ id, text: t('duplicates.takenBackNote') }).then(({ draft }) => {
            returnTab(draft);
            showNotice('info', t('duplicates.takenBack'));
          }, fail);
        });
      },
      plan: async (key, parentUid) => {
        const stored = await flushed(key);
        if (!stored) return;
        try {
          const draft = await dataClient.duplicates.planLink({ id: stored.id, parentUid });
          patchDraft(key, { parentUid: draft.parentUid });
          const undo =
            parentUid === null
              ? null
              : () =>
                  void dataClient.duplicates
                    .planLink({ id: stored.id, parentUid: null })
                    .then((back) => patchDraft(key, { parentUid: back.parentUid }), fail);
          showNotice('info', t(parentUid === null ? 'duplicates.planDropped' : 'duplicates.planMade'), undo);
        } catch (error) {
          fail(error);
        }
      },
    };
  }, [t, failureText]);
}
