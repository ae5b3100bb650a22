import { ERROR_CODES, type ErrorCode } from '#shared/contract/error-codes.ts';

/** An expected failure inside the data process. The code crosses the boundary, the message is for logs only. */
export class DataError extends Error {
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string = code, data?: Readonly<Record<string, unknown>>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DataError';
    this.code = code;
    this.data = data;
  }
}

/** An error that another thread told of by its code; one without a code of ours is INTERNAL. */
export function dataErrorOf(code: string, message: string): DataError {
  return new DataError(ERROR_CODES.find((known) => known === code) ?? 'INTERNAL', message);
}

/** What a thread ended with, as this one would have met it: on the way between them only the code is kept. */
export function threadError(error: unknown): unknown {
  const known = ERROR_CODES.find((code) => code === errnoOf(error));
  return known && error instanceof Error ? new DataError(known, error.message, undefined, error) : toDataError(error);
}

/** True when the error carries that code. */
export function hasCode(error: unknown, code: ErrorCode): error is DataError {
  return error instanceof DataError && error.code === code;
}

/** The `code` of a Node or SQLite error, empty when it has none. */
export function errnoOf(error: unknown): string {
  if (error === null || typeof error !== 'object' || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/**
 * Turns the errors of SQLite and of the file system into ours; anything else comes back unchanged.
 * A page that fails its authentication tag arrives as SQLITE_CORRUPT, a wrong key or a broken first page as SQLITE_NOTADB.
 */
export function toDataError(error: unknown): unknown {
  if (error instanceof DataError) return error;
  const errno = errnoOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (errno === 'SQLITE_FULL' || errno === 'ENOSPC' || errno === 'EDQUOT' || errno === 'SQLITE_IOERR_SHMSIZE') {
    return new DataError('DISK_FULL', message, undefined, error);
  }
  if (errno.startsWith('SQLITE_CORRUPT') || errno === 'SQLITE_NOTADB') {
    return new DataError('DATABASE_DAMAGED', message, undefined, error);
  }
  if (errno.startsWith('SQLITE_READONLY') || errno === 'EROFS' || errno === 'EACCES' || errno === 'EPERM') {
    return new DataError('READ_ONLY', message, undefined, error);
  }
  if (errno.startsWith('SQLITE_BUSY') || errno.startsWith('SQLITE_LOCKED')) {
    return new DataError('DATABASE_BUSY', message, undefined, error);
  }
  return error;
}
