import type { SyncedRecord } from '#shared/domain/record.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { findRecord } from './record.repository.ts';

/** What is kept of an article for lists and searches. Texts are folded. */
export interface IndexedArticle {
  readonly recordId: number;
  readonly version: number;
  readonly updatedAt: number;
  readonly isPublished: boolean;
  readonly publishedAt: number;
  readonly isWaiting: boolean;
  readonly feedback: number;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly categoryCodes: readonly string[];
  readonly title: string;
  readonly focus: string;
  readonly body: string;
  /** Tokens of focus and body as the index keeps them, separated by spaces. */
  readonly focusTokens: string;
  readonly bodyTokens: string;
}

/** Which articles are wanted. Days are yyyy-MM-dd. */
export interface ArticleFilter {
  readonly state: 'all' | 'valid' | 'expiring' | 'expired' | 'waiting' | 'noticed';
  /** A category of any level; articles of what is above and below it belong to it. */
  readonly category: string | null;
  readonly withUnpublished: boolean;
  readonly today: string;
  /** The last day that counts as soon. */
  readonly soon: string;
}

/** A row as ranking needs it. */
export interface ArticleText {
  readonly record_id: number;
  readonly published_at: number;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
  readonly title: string;
  readonly focus: string;
  readonly body: string;
}

/** Articles whose index does not fit the record any more: new, changed. */
export function listStaleArticles(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>(
    `SELECT r.id FROM records r LEFT JOIN article_index i ON i.record_id = r.id
     WHERE r.kind = 'article' AND (i.version IS NOT r.version OR i.updated_at IS NOT r.updated_at) LIMIT ?`,
    limit,
  );
}

/** Index entries of articles that are gone. */
export function listLostArticles(db: ReadableDb): readonly number[] {
  return db.values<number>('SELECT record_id FROM article_index WHERE record_id NOT IN (SELECT id FROM records)');
}

/** An article record by its row id. */
export function findArticleById(db: ReadableDb, id: number): Extract<SyncedRecord, { kind: 'article' }> | null {
  const uid = db.value<string>('SELECT uid FROM records WHERE id = ?', id);
  const record = uid === undefined ? null : findRecord(db, uid);
  return record?.kind === 'article' ? record : null;
}

/** Replaces what the index knows of an article. */
export function saveIndexedArticle(db: WritableDb, article: IndexedArticle): void {
  deleteIndexedArticle(db, article.recordId);
  db.run(
    `INSERT INTO article_index (record_id, version, updated_at, is_published, published_at, is_waiting, feedback, valid_from,
       valid_to, title, focus, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    article.recordId,
    article.version,
    article.updatedAt,
    article.isPublished ? 1 : 0,
    article.publishedAt,
    article.isWaiting ? 1 : 0,
    article.feedback,
    article.validFrom,
    article.validTo,
    article.title,
    article.focus,
    article.body,
  );
  for (const code of article.categoryCodes) {
    db.run('INSERT INTO article_categories (record_id, code) VALUES (?, ?)', article.recordId, code);
  }
  db.run(
    'INSERT INTO articles_fts (rowid, focus, body) VALUES (?, ?, ?)',
    article.recordId,
    article.focusTokens,
    article.bodyTokens,
  );
}

/** Forgets an article. */
export function deleteIndexedArticle(db: WritableDb, recordId: number): void {
  const { changes } = db.run('DELETE FROM article_index WHERE record_id = ?', recordId);
  if (changes > 0) db.run('DELETE FROM articles_fts WHERE rowid = ?', recordId);
}

const WANTED = `WITH wanted(with_unpublished, category, state, today, soon) AS (VALUES (?, ?, ?, ?, ?))`;
const IS_WANTED = `(wanted.with_unpublished = 1 OR i.is_published = 1)
  AND (wanted.category IS NULL OR EXISTS (
    SELECT 1 FROM article_categories c WHERE c.record_id = i.record_id
      AND (substr(c.code, 1, length(wanted.category)) = wanted.category
        OR substr(wanted.category, 1, length(c.code)) = c.code)))
  AND CASE wanted.state
    WHEN 'valid' THEN i.valid_to IS NULL OR i.valid_to >= wanted.today
    WHEN 'expiring' THEN i.valid_to BETWEEN wanted.today AND wanted.soon
    WHEN 'expired' THEN i.valid_to < wanted.today
    WHEN 'waiting' THEN i.is_waiting = 1
    WHEN 'noticed' THEN i.feedback > 0
    ELSE 1 END`;
const TEXT_COLUMNS = `i.record_id, i.published_at, i.valid_from, i.valid_to, i.title, i.focus, i.body`;

function wantedValues({ withUnpublished, category, state, today, soon }: ArticleFilter) {
  return [withUnpublished ? 1 : 0, category, state, today, soon] as const;
}

/** How many articles are wanted. */
export function countArticles(db: ReadableDb, filter: ArticleFilter): number {
  const count = db.value<number>(
    `${WANTED} SELECT count(*) FROM article_index i, wanted WHERE ${IS_WANTED}`,
    ...wantedValues(filter),
  );
  return count ?? 0;
}

/** Row ids of wanted articles, the last published first. */
export function listArticleIds(
  db: ReadableDb,
  filter: ArticleFilter,
  limit: number,
  offset: number,
): readonly number[] {
  return db.values<number>(
    `${WANTED} SELECT i.record_id FROM article_index i, wanted WHERE ${IS_WANTED}
     ORDER BY i.published_at DESC, i.record_id DESC LIMIT ? OFFSET ?`,
    ...wantedValues(filter),
    limit,
    offset,
  );
}

/** Wanted articles that a full-text expression may mean, with the texts to check it by. */
export function matchArticles(
  db: ReadableDb,
  filter: ArticleFilter,
  expression: string,
  limit: number,
): readonly ArticleText[] {
  return db.all<ArticleText>(
    `${WANTED} SELECT ${TEXT_COLUMNS} FROM articles_fts JOIN article_index i ON i.record_id = articles_fts.rowid, wanted
     WHERE articles_fts MATCH ? AND ${IS_WANTED} LIMIT ?`,
    ...wantedValues(filter),
    expression,
    limit,
  );
}

/** Row ids of published articles that are about a token, at most `limit`. */
export function listArticlesAbout(db: ReadableDb, token: string, limit: number): readonly number[] {
  return db.values<number>(
    `SELECT i.record_id FROM articles_fts JOIN article_index i ON i.record_id = articles_fts.rowid
     WHERE articles_fts MATCH ? AND i.is_published = 1 LIMIT ?`,
    `focus : "${token}"`,
    limit,
  );
}

/** Published articles of a category and of those above and beside it: row ids with the code that brought each here. */
export function listArticlesNear(
  db: ReadableDb,
  category: string,
): readonly { readonly record_id: number; readonly code: string }[] {
  return db.all(
    `SELECT i.record_id, c.code FROM article_categories c JOIN article_index i ON i.record_id = c.record_id
     WHERE i.is_published = 1 AND (substr(c.code, 1, 4) = ? OR c.code = ?)`,
    category.slice(0, 4),
    category.slice(0, 2),
  );
}

/** Texts and days of an article. */
export function findArticleText(db: ReadableDb, recordId: number): ArticleText | null {
  return db.get<ArticleText>(`SELECT ${TEXT_COLUMNS} FROM article_index i WHERE i.record_id = ?`, recordId) ?? null;
}
