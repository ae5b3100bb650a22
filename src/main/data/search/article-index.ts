import type { ArticleContent, ArticleDoc } from '#shared/domain/knowledge.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { foldText } from '#shared/kernel/text.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { hasCode } from '../errors.ts';
import {
  deleteIndexedArticle,
  findArticleById,
  type IndexedArticle,
  listLostArticles,
  listStaleArticles,
  saveIndexedArticle,
} from '../repositories/article-index.repository.ts';
import { tokenText } from './search-tokens.ts';

/** Between two texts of an article; no query can contain it, so nothing is found across a border. */
const SEPARATOR = '\n';
/** Articles per transaction. */
const PART = 10;
/** One slice of indexing; nobody waits longer for it. */
const SLICE_MS = 16;

/** Keeps the index of the articles in step with their records. */
export interface ArticleIndex {
  /** Records may have changed. */
  invalidate(): void;
  /** Indexes what changed since, called before every question; what takes longer than a slice goes on in the background. */
  refresh(): void;
  close(): void;
}

export interface ArticleIndexDeps {
  readonly db: WritableDb;
  /** Runs a write under the watch of the storage guard; while the disk is full the index stays as it is. */
  write<T>(work: () => T): T;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Work in the background is done: questions asked meanwhile have fuller answers now. */
  readonly onCaughtUp: () => void;
  readonly onError: (error: unknown) => void;
}

export function createArticleIndex({ db, write, elapsed, onCaughtUp, onError }: ArticleIndexDeps): ArticleIndex {
  let isStale = true;
  let timer: NodeJS.Immediate | null = null;

  /** @returns true when nothing is left to do, or nothing can be done now */
  const indexSlice = (): boolean => {
    const begun = elapsed();
    try {
      const lost = listLostArticles(db);
      if (lost.length > 0) {
        write(() =>
          db.transaction(() => {
            for (const id of lost) deleteIndexedArticle(db, id);
          }),
        );
      }
      for (let part = listStaleArticles(db, PART); part.length > 0; part = listStaleArticles(db, PART)) {
        if (elapsed() - begun > SLICE_MS) return false;
        write(() =>
          db.transaction(() => {
            for (const id of part) indexArticle(db, id);
          }),
        );
      }
      isStale = false;
      return true;
    } catch (error) {
      if (hasCode(error, 'DISK_FULL') || hasCode(error, 'READ_ONLY')) return true;
      throw error;
    }
  };
  const goOn = () => {
    timer = null;
    try {
      if (indexSlice()) onCaughtUp();
      else timer = setImmediate(goOn);
    } catch (error) {
      onError(error);
    }
  };
  return {
    invalidate: () => {
      isStale = true;
    },
    refresh: () => {
      if (isStale && timer === null && !indexSlice()) timer = setImmediate(goOn);
    },
    close: () => {
      if (timer) clearImmediate(timer);
      timer = null;
      isStale = false;
    },
  };
}

function indexArticle(db: WritableDb, id: number): void {
  const record = findArticleById(db, id);
  if (record) saveIndexedArticle(db, toIndexed(id, record));
}

/** What an article says now: its published words, or those that wait for their first approval. */
export function wordsOf(doc: ArticleDoc): ArticleContent | null {
  return doc.published ?? doc.proposal?.content ?? null;
}

/** The texts of a focus that are also found by how they are read. */
export function namesIn(focus: string): readonly string[] {
  return focus.split(SEPARATOR);
}

function toIndexed(recordId: number, { version, updatedAt, doc }: RecordOf<'article'>): IndexedArticle {
  const words = wordsOf(doc) ?? doc.history.findLast(({ content }) => content !== null)?.content ?? null;
  const title = foldText(words?.title ?? '');
  const focus = foldText([words?.title ?? '', ...(words?.questions ?? []), ...(words?.keywords ?? [])].join(SEPARATOR));
  const sources = (words?.sources ?? []).flatMap((source) => [source.title, source.number, source.issuer]);
  const lines = (words?.sections ?? []).flatMap((section) => section.lines);
  const body = foldText([words?.answer ?? '', ...lines, ...sources].join(SEPARATOR));
  return {
    recordId,
    version,
    updatedAt,
    isPublished: doc.published !== null,
    publishedAt: doc.publishedAt ?? updatedAt,
    isWaiting: doc.proposal !== null,
    feedback: doc.feedback.length,
    validFrom: words?.validFrom ?? null,
    validTo: words?.validTo ?? null,
    categoryCodes: [...new Set(words?.categoryCodes ?? [])],
    title,
    focus,
    body,
    focusTokens: tokenText(focus, namesIn(focus)),
    bodyTokens: tokenText(body, []),
  };
}
