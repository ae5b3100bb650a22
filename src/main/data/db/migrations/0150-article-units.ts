import type { Migration } from '../migrate.ts';

/** Articles are indexed again: single characters have tokens of their own now. */
export const articleUnits: Migration = {
  version: 150,
  name: 'article-units',
  up(db) {
    db.exec('UPDATE article_index SET version = -1');
  },
};
