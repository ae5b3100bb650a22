import type { RecordOf } from '#shared/domain/record.ts';
import { type EventId, eventIdSchema } from '#shared/kernel/ids.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { type ArticleFile, articleUid } from './article-files.ts';

/** Who wrote and who approved what comes from files. */
export interface ArticleHands {
  readonly authorName: string;
  readonly reviewerName: string;
}

/** An id that belongs to an article of a folder in a centre. */
export function articleEventId(centre: string, name: string, what: string): EventId {
  return eventIdSchema.parse(derivedUuid('hotline-article', centre, name, what));
}

/** An article of a folder as the first published version of a centre. */
export function publishedArticle(
  centre: string,
  { name, content }: ArticleFile,
  { authorName, reviewerName }: ArticleHands,
  at: number,
): RecordOf<'article'> {
  const history = [
    {
      kind: 'published' as const,
      version: 1,
      title: content.title,
      at,
      authorName,
      reviewerName,
      note: '',
      reason: '',
      content,
    },
  ];
  return {
    kind: 'article',
    uid: articleUid(centre, name),
    centre,
    version: 1,
    updatedAt: at,
    doc: { version: 1, published: content, publishedAt: at, authorName, proposal: null, history, feedback: [] },
  };
}

/** An article of a folder as a proposal that an editor of the centre has still to approve. */
export function proposedArticle(
  centre: string,
  { name, content }: ArticleFile,
  authorName: string,
  at: number,
): RecordOf<'article'> {
  const id = articleEventId(centre, name, 'import');
  return {
    kind: 'article',
    uid: articleUid(centre, name),
    centre,
    version: 1,
    updatedAt: at,
    doc: {
      version: 0,
      published: null,
      publishedAt: null,
      authorName,
      proposal: { id, content, note: '', byId: null, byName: authorName, at },
      history: [],
      feedback: [],
    },
  };
}
