import { flushDrafts } from '../features/intake/draft-engines.ts';
import { flushArticleForms } from '../features/knowledge/article-forms.ts';
import { flushNoteDrafts } from '../features/tickets/note-drafts.ts';

/** Brings everything that was typed to the disk at once. True when nothing is left in memory only. */
export async function flushWork(): Promise<boolean> {
  return (await Promise.all([flushDrafts(), flushNoteDrafts(), flushArticleForms()])).every(Boolean);
}
