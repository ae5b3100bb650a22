import type { OpenDb } from '../db/sqlite.ts';
import type { Facets } from './facet-columns.ts';
import type { FacetDictionary } from './facet-dictionary.ts';
import { indexRow } from './index-order.ts';
import type { PreparedCitizen, PreparedTicket } from './prepare-rows.ts';

/** Index pages merged in one go. */
const MERGE_PAGES = 16;

export type FullText = 'tickets_fts' | 'persons_fts';

/** Writes a ticket; inside the transaction of the index. @returns its facets in numbers */
export function writeTicket(index: OpenDb, dictionary: FacetDictionary, { facets, tokens }: PreparedTicket): Facets {
  if (tokens !== null) {
    index.run('INSERT OR REPLACE INTO tickets_fts (rowid, text) VALUES (?, ?)', indexRow(facets.number), tokens);
  }
  return dictionary.put(facets);
}

/** Writes a person; inside the transaction of the index. */
export function writeCitizen(index: OpenDb, { row, tokens }: PreparedCitizen): void {
  if (tokens === null) index.run('DELETE FROM persons_fts WHERE rowid = ?', row);
  else index.run('INSERT OR REPLACE INTO persons_fts (rowid, text) VALUES (?, ?)', row, tokens);
}

/** Merges a few pages of the index. @returns false when there is nothing worth merging */
export function mergeSome(index: OpenDb, table: FullText): boolean {
  const before = index.value<number>('SELECT total_changes()') ?? 0;
  index.run(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`, MERGE_PAGES);
  return (index.value<number>('SELECT total_changes()') ?? 0) - before > 1;
}
