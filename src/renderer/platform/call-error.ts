import { ORPCError } from '@orpc/client';
import { ERROR_CODES, type ErrorCode } from '#shared/contract/error-codes.ts';

/** What went wrong with a call to the data process, as the UI needs it. */
export interface CallFailure {
  readonly code: ErrorCode;
  /** Further facts of the code, as the contract lists them. */
  readonly data: unknown;
}

/** Thrown by the data client itself when the process cannot be asked. */
export class DataCallError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.name = 'DataCallError';
    this.code = code;
  }
}

const KNOWN_CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** Reads the code out of whatever a call threw. Unknown things are INTERNAL. */
export function toCallFailure(error: unknown): CallFailure {
  if (error instanceof DataCallError) return { code: error.code, data: null };
  if (error instanceof ORPCError && KNOWN_CODES.has(String(error.code))) {
    return { code: error.code as ErrorCode, data: error.data };
  }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') return { code: 'BAD_INPUT', data: error.data };
  // The shell has no other way to say its codes.
  const code = ERROR_CODES.find((known) => error instanceof Error && error.message === known);
  return { code: code ?? 'INTERNAL', data: null };
}

/** A number out of the data of a failure, for example `retryAfterMs`, or null when it is not there. */
export function readNumber(data: unknown, key: string): number | null {
  if (typeof data !== 'object' || data === null) return null;
  const value = (data as Record<string, unknown>)[key];
  return typeof value === 'number' ? value : null;
}

/** A text out of the data of a failure, or null when it is not there. */
export function readText(data: unknown, key: string): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const value = (data as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : null;
}
