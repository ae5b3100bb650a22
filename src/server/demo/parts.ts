/** All rows but the first ones. */
export function* skip<T>(rows: Iterable<T>, count: number): Iterable<T> {
  let position = 0;
  for (const row of rows) if (position++ >= count) yield row;
}

/** Rows in parts of a size; the last one may be smaller. */
export function* inParts<T>(rows: Iterable<T>, size: number): Iterable<readonly T[]> {
  let part: T[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length === size) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}
