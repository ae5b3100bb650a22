import { toDataError } from '../errors.ts';
import type { Reply } from './server-client.ts';
import type { SyncProblem } from './sync-context.ts';

/** A failed reply in words for the status. Answers of a proxy, timeouts and 5xx count as offline: nobody of ours answered properly. */
export function toProblem(reply: Exclude<Reply<unknown>, { kind: 'answer' }>): SyncProblem {
  if (reply.kind === 'unreachable') {
    return { code: 'OFFLINE', detail: reply.detail, connection: 'offline', retryAfterMs: reply.retryAfterMs };
  }
  return {
    code: reply.code,
    detail: reply.detail,
    connection: reply.status >= 500 ? 'offline' : 'refused',
    retryAfterMs: reply.retryAfterMs ?? readRetryAfter(reply.data),
  };
}

function readRetryAfter(data: unknown): number | null {
  if (data === null || typeof data !== 'object' || !('retryAfterMs' in data)) return null;
  return typeof data.retryAfterMs === 'number' ? Math.min(3_600_000, Math.max(0, data.retryAfterMs)) : null;
}

/** A failure of this side (storage, programming) in words for the status. */
export function problemOf(error: unknown): SyncProblem {
  const known = toDataError(error);
  const code = known !== null && typeof known === 'object' && 'code' in known ? String(known.code) : 'INTERNAL';
  return ownProblem(code, known instanceof Error ? known.message : 'sync failed');
}

/** A problem found on this side. */
export function ownProblem(code: string, detail: string): SyncProblem {
  return { code, detail, connection: 'refused', retryAfterMs: null };
}
