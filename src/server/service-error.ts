import type { ErrorCode } from '#shared/contract/error-codes.ts';

/** HTTP status per code; what is not listed is the server's own fault. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  BAD_INPUT: 400,
  WEAK_PASSWORD: 400,
  UNAUTHENTICATED: 401,
  BAD_CREDENTIALS: 401,
  TOKEN_REUSED: 401,
  FORBIDDEN: 403,
  ACCOUNT_DISABLED: 403,
  NOT_FOUND: 404,
  MODE_MISMATCH: 409,
  ACT_REFUSED: 409,
  FLOW_REFUSED: 409,
  SYNC_GAP: 409,
  IDENTITY_CLASH: 409,
  SCOPE_EPOCH_CHANGED: 409,
  SCOPE_TOO_OLD: 410,
  PAYLOAD_TOO_LARGE: 413,
  PROTOCOL_TOO_OLD: 426,
  TOO_MANY_TRIES: 429,
  RATE_LIMITED: 429,
  ATTACHMENT_EMPTY: 400,
  ATTACHMENT_MISSING: 409,
  ATTACHMENT_QUOTA: 409,
  ATTACHMENT_TOO_LARGE: 413,
  ATTACHMENT_TYPE: 415,
  ATTACHMENT_DAMAGED: 422,
  NOT_READY: 503,
};

/** An expected refusal: a code for the console, data the contract names for it, nothing else. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  /** When a new try makes sense; becomes the Retry-After header. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, data?: Readonly<Record<string, unknown>>, retryAfterMs?: number) {
    super(code);
    this.name = 'ServiceError';
    this.code = code;
    this.status = STATUS[code] ?? 500;
    this.data = data;
    this.retryAfterMs = retryAfterMs;
  }
}
