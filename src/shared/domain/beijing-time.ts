const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** A moment as it is written in texts, in Beijing time: 2026-06-18 09:00. @param at epoch ms */
export function formatBeijing(at: number): string {
  return new Date(at + BEIJING_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
}
