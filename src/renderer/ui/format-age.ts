/** How long ago something was, cut down to one unit. */
export interface Age {
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days';
  readonly count: number;
}

/** The age of a moment in the largest unit that fits. A moment in the future has age 0. */
export function toAge(at: number, now: number): Age {
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  if (seconds < 60) return { unit: 'seconds', count: seconds };
  if (seconds < 3600) return { unit: 'minutes', count: Math.floor(seconds / 60) };
  if (seconds < 86_400) return { unit: 'hours', count: Math.floor(seconds / 3600) };
  return { unit: 'days', count: Math.floor(seconds / 86_400) };
}

/** A duration in the parts people say: 1 时 23 分, 4 分 5 秒, 9 秒. */
export interface DurationParts {
  readonly key: 'hoursMinutes' | 'minutesSeconds' | 'seconds';
  readonly h: number;
  readonly m: number;
  readonly s: number;
}

export function toDurationParts(ms: number): DurationParts {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = seconds % 60;
  if (h > 0) return { key: 'hoursMinutes', h, m, s };
  if (m > 0) return { key: 'minutesSeconds', h, m, s };
  return { key: 'seconds', h, m, s };
}
