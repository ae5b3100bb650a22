import type { Migration } from '../migrate.ts';

/**
 * - article_index: what lists and searches ask of a knowledge article, so that its document is parsed only for what is shown;
 *   `version` and `updated_at` are those of the record it was made from. Texts are folded as queries are.
 * - articles_fts: pairs of characters of the same texts; `focus` is what an article is about (title, questions, keywords).
 * - article_drafts: what an editor has typed and not proposed yet; one per article.
 */
export const articles: Migration = {
  version: 60,
  name: 'articles',
  up(db) {
    db.exec(`
      CREATE TABLE article_index (
        record_id INTEGER PRIMARY KEY,
        version INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        is_published INTEGER NOT NULL CHECK (is_published IN (0, 1)),
        published_at INTEGER NOT NULL,
        is_waiting INTEGER NOT NULL CHECK (is_waiting IN (0, 1)),
        feedback INTEGER NOT NULL,
        valid_from TEXT,
        valid_to TEXT,
        title TEXT NOT NULL,
        focus TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX article_index_by_time ON article_index (published_at);
      CREATE TABLE article_categories (
        record_id INTEGER NOT NULL REFERENCES article_index(record_id) ON DELETE CASCADE,
        code TEXT NOT NULL,
        PRIMARY KEY (record_id, code)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX article_categories_by_code ON article_categories (code);
      CREATE VIRTUAL TABLE articles_fts USING fts5(
        focus, body, content='', contentless_delete=1, tokenize='ascii', detail=column
      );

      CREATE TABLE article_drafts (
        uid TEXT PRIMARY KEY,
        based_on INTEGER NOT NULL,
        form TEXT NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
