/** A slash that asks for a canned text, and what was typed behind it. */
export interface SlashQuery {
  /** Where the slash stands, in UTF-16 units. */
  readonly at: number;
  readonly query: string;
}

/**
 * A slash at the beginning of the text, of a line, after a space or after punctuation that ends a phrase. Between digits, letters or
 * Chinese characters (2025/6/1, https://…, 和/或) it is an ordinary slash. With Chinese punctuation on, the key gives 、, which
 * stands at such a place in no sentence.
 */
const SLASH = /(?:^|[\s。！？；：，、（「“…])([/／])([^\s/／、，。；：！？]{0,20})$/;
const PAUSE = /(?:^|[\s。！？；])(、)([^\s/／、，。；：！？]{0,20})$/;

/** The slash query that ends at the cursor, or null. */
export function findSlashQuery(text: string, cursor: number): SlashQuery | null {
  const before = text.slice(Math.max(0, cursor - 22), cursor);
  // What was cut off before counts as a letter: only a real beginning is one.
  const seen = cursor > 22 ? `x${before}` : before;
  const match = SLASH.exec(seen) ?? PAUSE.exec(seen);
  if (!match) return null;
  const query = match[2] ?? '';
  return { at: cursor - query.length - 1, query };
}
