import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { clock } from '#renderer/ui/now.ts';
import { articleValidity } from '#shared/domain/knowledge.ts';
import type { TicketFields } from '#shared/domain/ticket.ts';
import { beijingDate } from '#shared/domain/ticket-number.ts';
import type { RecordId } from '#shared/kernel/ids.ts';

/** Where an article goes: 答复 or 内容. */
export type InsertTarget = 'answer' | 'content';

/** What writing into the form did: the text was there already, or the list of citations is full. */
export type WriteResult = 'inserted' | 'there' | 'too-many-citations';

export type WriteArticle = (
  target: InsertTarget,
  text: string,
  citation: TicketFields['citations'][number],
) => WriteResult;

/**
 * Takes an article over into the form on the screen and says what happened. An expired one is written only when asked for twice in a
 * row: whoever reads it out has seen that it is over.
 * @param write writes into the form; null while there is none
 * @returns takes the article's answer, or the given part of it
 */
export function useInsertArticle(
  write: WriteArticle | null,
): (uid: RecordId, target: InsertTarget, text?: string) => Promise<void> {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const warnedOf = useRef<RecordId | null>(null);
  return async (uid, target, text) => {
    if (!write) {
      showNotice('info', t('knowledge.noDraft'));
      return;
    }
    try {
      const { doc } = (await dataClient.knowledge.get({ uid })).article;
      const { published, version } = doc;
      if (!published) return;
      const isExpired = articleValidity(published, beijingDate(clock.now())) === 'expired';
      if (isExpired && warnedOf.current !== uid) {
        warnedOf.current = uid;
        showNotice('error', t('knowledge.expiredAgain', { date: published.validTo ?? '' }));
        return;
      }
      warnedOf.current = null;
      const { title } = published;
      const result = write(target, text ?? published.answer, { articleUid: uid, version, title });
      const words = { target: t(`knowledge.target.${target}`), title };
      if (result === 'too-many-citations') showNotice('error', t('knowledge.tooManyCitations'));
      else showNotice('success', t(result === 'there' ? 'knowledge.cited' : 'knowledge.inserted', words));
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };
}
