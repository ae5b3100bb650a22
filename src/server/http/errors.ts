import { ORPCError } from '@orpc/server';
import type { FastifyReply } from 'fastify';
import { ERROR_CODES, type ErrorCode } from '#shared/contract/error-codes.ts';
import { isUnavailable, isValueError } from '../db/transaction.ts';
import type { Log } from '../log.ts';
import { ServiceError } from '../service-error.ts';

/** Body of every error answer. */
export interface ErrorBody {
  readonly defined: boolean;
  readonly code: ErrorCode;
  readonly status: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The error body of a code; message is the code itself: texts belong to the console's languages. */
export function toErrorBody(code: ErrorCode, status: number, data?: unknown): ErrorBody {
  return { defined: true, code, status, message: code, ...(data === undefined ? {} : { data }) };
}

/** Turns whatever was thrown while answering into an expected error. The unexpected is logged and told as INTERNAL. */
export function toServiceError(error: unknown, log: Log, route: string): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof ORPCError) {
    if (error.code === 'BAD_REQUEST') return new ServiceError('BAD_INPUT', describeIssues(error.data));
    if (isErrorCode(error.code)) return new ServiceError(error.code);
  }
  if (isUnavailable(error)) {
    log.error('request.database-unavailable', error, { route });
    return new ServiceError('NOT_READY', undefined, 2_000);
  }
  if (isValueError(error)) {
    // A check of ours is missing, but the fault is in the input.
    log.error('request.value-refused', error, { route });
    return new ServiceError('BAD_INPUT');
  }
  log.error('request.failed', error instanceof ORPCError && error.cause ? error.cause : error, { route });
  return new ServiceError('INTERNAL');
}

/** Where the input was wrong; never what was in it. */
export function describeIssues(data: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return undefined;
  const issues = data.issues.slice(0, 10).map((issue: unknown) => {
    const { path, code } =
      typeof issue === 'object' && issue !== null ? { path: undefined, code: undefined, ...issue } : {};
    const steps: readonly unknown[] = Array.isArray(path) ? path : [];
    return {
      path: steps
        .map((step) => String(step).slice(0, 40))
        .join('.')
        .slice(0, 120),
      code: typeof code === 'string' ? code : 'invalid',
    };
  });
  return { issues };
}

function isErrorCode(code: string): code is ErrorCode {
  return ERROR_CODES.some((known) => known === code);
}

/** Answers a plain Fastify route with an error. */
export function sendError(reply: FastifyReply, error: ServiceError): FastifyReply {
  if (error.retryAfterMs !== undefined) reply.header('retry-after', toRetryAfter(error.retryAfterMs));
  reply.header('cache-control', 'no-store');
  return reply.code(error.status).send(toErrorBody(error.code, error.status, error.data));
}

/** Retry-After in whole seconds, rounded up. */
export function toRetryAfter(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)));
}
