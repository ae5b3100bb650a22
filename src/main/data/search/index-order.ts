/** Above the numbers of tickets, which have eight digits. A number above it has a negative row and is found all the same. */
const ABOVE = 2 ** 27;

/**
 * The row under which a number (of a ticket, or a person's row id) stands in the full-text index, and back: the highest number has the
 * lowest row. Results are wanted newest first, and a list of the index is walked forward several times as quickly as backward.
 */
export function indexRow(number: number): number {
  return ABOVE - number;
}
