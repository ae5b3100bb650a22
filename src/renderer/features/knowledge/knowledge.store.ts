import { create } from 'zustand';
import type { ArticleListInput } from '#shared/contract/knowledge.contract.ts';
import type { RecordId } from '#shared/kernel/ids.ts';

interface KnowledgeState {
  /** Kept while the person looks at other pages. */
  readonly query: string;
  readonly category: string | null;
  readonly state: ArticleListInput['state'];
  readonly selected: RecordId | null;
  /** What stands beside the list: an article, or the editor of one. */
  readonly open: { readonly uid: RecordId; readonly isEdited: boolean } | null;
}

const NOTHING: KnowledgeState = { query: '', category: null, state: 'all', selected: null, open: null };

export const useKnowledgeStore = create<KnowledgeState>(() => NOTHING);

/** Forgets what was looked for: the session ended. */
export function forgetKnowledge(): void {
  useKnowledgeStore.setState(NOTHING);
}

/** Shows an article beside the list. */
export function showArticle(uid: RecordId): void {
  useKnowledgeStore.setState({ selected: uid, open: { uid, isEdited: false } });
}

/** Shows the editor of an article beside the list. */
export function editArticle(uid: RecordId): void {
  useKnowledgeStore.setState({ selected: uid, open: { uid, isEdited: true } });
}
