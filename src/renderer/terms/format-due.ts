import { formatMinute } from '../ui/format-time.ts';

const MINUTE_MS = 60_000;

/** When something is due, to the minute. The end of a day is its 24:00, not the beginning of a day that may be off. */
export function formatDue(at: number): string {
  const before = formatMinute(at - MINUTE_MS);
  return before.endsWith(' 23:59') ? before.replace(/23:59$/, '24:00') : formatMinute(at);
}
