/** Everything on screen is Beijing time, wherever the workstation believes to be. No daylight saving since 1991. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

interface BeijingTime {
  readonly year: number;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** Days since the epoch, in Beijing. */
  readonly dayNumber: number;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function toBeijing(at: number): BeijingTime {
  const date = new Date(at + BEIJING_OFFSET_MS);
  return {
    year: date.getUTCFullYear(),
    month: two(date.getUTCMonth() + 1),
    day: two(date.getUTCDate()),
    hour: two(date.getUTCHours()),
    minute: two(date.getUTCMinutes()),
    second: two(date.getUTCSeconds()),
    dayNumber: Math.floor((at + BEIJING_OFFSET_MS) / DAY_MS),
  };
}

/** Words around a time that depend on the language. */
export interface TimeWords {
  readonly today: string;
  readonly yesterday: string;
}

/** A time as it is read at a glance: 今天 14:05, 昨天 09:30, 06-18 14:05, 2025-06-18. */
export function formatWhen(at: number, now: number, words: TimeWords): string {
  const then = toBeijing(at);
  const today = toBeijing(now);
  const clock = `${then.hour}:${then.minute}`;
  if (then.dayNumber === today.dayNumber) return `${words.today} ${clock}`;
  if (then.dayNumber === today.dayNumber - 1) return `${words.yesterday} ${clock}`;
  if (then.year === today.year) return `${then.month}-${then.day} ${clock}`;
  return `${then.year}-${then.month}-${then.day}`;
}

/** The whole date: 2026-06-18 14:05:03. */
export function formatFullTime(at: number): string {
  const time = toBeijing(at);
  return `${time.year}-${time.month}-${time.day} ${time.hour}:${time.minute}:${time.second}`;
}

/** Time of day with seconds: 14:05:03. */
export function formatClock(at: number): string {
  const time = toBeijing(at);
  return `${time.hour}:${time.minute}:${time.second}`;
}

/** A running timer: 0:07, 12:34, 1:02:03. */
export function formatTimer(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Date and time of day to the minute: 2026-06-18 14:05. */
export function formatMinute(at: number): string {
  return formatFullTime(at).slice(0, -3);
}

/** The day alone: 2026-06-18. */
export function formatDay(at: number): string {
  return formatFullTime(at).slice(0, 10);
}
