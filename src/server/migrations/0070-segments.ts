import type { Migration } from '../db/migrate.ts';

/**
 * Rows of large scopes, packed for consoles that start empty. Everything here can be made again from the rows, so that nothing of it goes
 * through the write-ahead log: after a crash of the database the tables are empty, and consoles pull until segments are made anew.
 * - segments: the changes of one scope after one seq and up to another, compressed once and never changed. Nobody is told of a retired one
 *   any more; it stays for a while for those who were.
 * - segment_manifests: which segments together hold a scope up to a seq, for the builds of one format.
 * - clocks.packed_floor: somebody was erased with this seq; what was packed up to an earlier one may hold them and is never given out.
 */
export const migration: Migration = {
  id: 70,
  name: 'segments',
  statements: [
    `CREATE UNLOGGED TABLE segments (
      id uuid PRIMARY KEY,
      scope text NOT NULL,
      epoch bigint NOT NULL,
      format integer NOT NULL,
      after_seq bigint NOT NULL,
      until_seq bigint NOT NULL,
      rows integer NOT NULL,
      changes integer NOT NULL,
      size integer NOT NULL,
      sha256 bytea NOT NULL,
      data bytea NOT NULL,
      retired_at bigint
    )`,
    // Compressed already.
    'ALTER TABLE segments ALTER COLUMN data SET STORAGE EXTERNAL',
    'CREATE INDEX segments_by_scope ON segments (scope, until_seq)',
    `CREATE UNLOGGED TABLE segment_manifests (
      scope text NOT NULL,
      format integer NOT NULL,
      epoch bigint NOT NULL,
      seq bigint NOT NULL,
      made_at bigint NOT NULL,
      PRIMARY KEY (scope, format)
    )`,
    'ALTER TABLE clocks ADD COLUMN packed_floor bigint NOT NULL DEFAULT 0',
  ],
};
