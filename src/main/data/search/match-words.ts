import type { Clause, Term } from './parse-query.ts';
import { findReadAs, type ReadRun, readNames } from './reading-match.ts';

/** What a row offers to a query: its folded text, and the names that are also found by how they are read. */
export interface Searchable {
  readonly text: string;
  readonly names: () => readonly string[];
  /** Words that are found only when they are typed as a whole. */
  readonly whole?: readonly string[];
}

/** The words by which a row fits one of the clauses, null when it fits none. An empty query fits by no word. */
export function matchWords(clauses: readonly Clause[], row: Searchable): readonly string[] | null {
  if (clauses.length === 0) return [];
  let read: readonly ReadRun[] | null = null;
  const wordsOf = ({ texts, readings }: Term): readonly string[] => {
    const found = texts.filter((word) => row.text.includes(word) || row.whole?.includes(word));
    if (found.length > 0 || readings.length === 0) return found;
    const runs = read ?? readNames(row.names());
    read = runs;
    const words = readings.flatMap((reading) => runs.flatMap((run) => findReadAs(run, reading) ?? []));
    return [...new Set(words)];
  };
  for (const terms of clauses) {
    const words = terms.map(wordsOf);
    if (words.every((found) => found.length > 0)) return [...new Set(words.flat())];
  }
  return null;
}
