import type { IntakeContent } from '#shared/domain/intake.ts';
import { changeDraft } from './draft-engines.ts';
import { findDraft, patchDraft } from './intake.store.ts';

type Citation = IntakeContent['citations'][number];

const MOST_CITATIONS = 20;

/**
 * Writes words of an article into the answer or the content of a draft, behind what is there, and notes the citation. Words that are
 * there already are not written twice; an article is cited once, in the version taken last.
 */
export function citeInDraft(
  key: string,
  target: 'answer' | 'content',
  text: string,
  citation: Citation,
): 'inserted' | 'there' | 'too-many-citations' {
  const draft = findDraft(key);
  if (!draft || draft.submitting) return 'there';
  const { content } = draft;
  const before = content[target];
  const isThere = before.includes(text.trim());
  const others = content.citations.filter(({ articleUid }) => articleUid !== citation.articleUid);
  const isFull = others.length >= MOST_CITATIONS;
  const patch: Partial<IntakeContent> = {
    ...(isThere ? {} : { [target]: before.trim() === '' ? text : `${before.trimEnd()}\n${text}` }),
    ...(isFull ? {} : { citations: [...others, citation] }),
    // What is answered on the spot is nearly always a question; the choice stays open.
    ...(target === 'answer' && content.type === null ? { type: 'consult' as const } : {}),
  };
  if (target === 'answer') patchDraft(key, { answerOpen: true, tried: null });
  changeDraft(key, patch);
  if (isFull) return 'too-many-citations';
  return isThere ? 'there' : 'inserted';
}

/** Takes a citation off a draft; the words stay. */
export function dropCitation(key: string, citation: Citation): void {
  const draft = findDraft(key);
  if (!draft) return;
  changeDraft(key, {
    citations: draft.content.citations.filter(({ articleUid }) => articleUid !== citation.articleUid),
  });
}
