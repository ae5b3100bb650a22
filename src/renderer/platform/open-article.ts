import { create } from 'zustand';
import type { RecordId } from '#shared/kernel/ids.ts';

/** The article somebody wished to read from anywhere in the console; a new object for every wish. */
export const useArticleWish = create<{ readonly wish: { readonly uid: RecordId } | null }>(() => ({ wish: null }));

/** Wishes to read an article on the page of the knowledge base. */
export function openArticle(uid: RecordId): void {
  useArticleWish.setState({ wish: { uid } });
}
