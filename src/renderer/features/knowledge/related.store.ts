import { useEffect } from 'react';
import { create } from 'zustand';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useSettled } from '#renderer/ui/settled.ts';
import type { ArticleSuggestion } from '#shared/contract/knowledge.contract.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { headOf, isStorableText } from '#shared/kernel/text.ts';

/** What is being written in the form on the screen. */
export interface Writing {
  readonly categoryCode: string | null;
  readonly text: string;
}

/** Pause in the typing before related articles are asked for, in ms. */
const SETTLE_MS = 300;
const MOST = 6;

/** Articles that fit the form on the screen, the best first. */
export const useRelatedStore = create<{ readonly articles: readonly ArticleSuggestion[] }>(() => ({ articles: [] }));

/** Follows what is being written; nothing while there is no form. */
export function useRelatedArticles(writing: Writing | null): void {
  const categoryCode = writing?.categoryCode ?? null;
  const text = useSettled(usableText(writing?.text ?? ''), SETTLE_MS);
  const { data } = useLiveQuery(
    ['records'],
    async (signal) =>
      categoryCode === null && text.trim() === ''
        ? []
        : dataClient.knowledge.suggest({ categoryCode, text, limit: MOST }, { signal }),
    [categoryCode, text],
  );
  useEffect(() => {
    useRelatedStore.setState({ articles: data ?? [] });
  }, [data]);
}

/** Text that cannot be stored is said at its field; here it only finds nothing. */
function usableText(text: string): string {
  return isStorableText(text) ? headOf(text, LIMITS.longText) : '';
}
