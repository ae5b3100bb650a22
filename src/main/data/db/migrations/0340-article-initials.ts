import type { Migration } from '../migrate.ts';

/** Articles are indexed again: zh, ch and sh have tokens of their own among the initials now. */
export const articleInitials: Migration = {
  version: 340,
  name: 'article-initials',
  up(db) {
    db.exec('UPDATE article_index SET version = -1');
  },
};
