import { ORPCError, ValidationError } from '@orpc/server';
import { DataError, toDataError } from '../errors.ts';

/**
 * The error a window gets: a code of the contract with its data, never a message of SQLite, a path or a stack.
 * @param report told of every error that is no expected answer
 */
export function toRpcError(error: unknown, report: (error: unknown) => void): ORPCError<string, unknown> {
  const known = toDataError(error);
  if (known instanceof DataError) {
    if (known.code === 'DATABASE_DAMAGED' || known.code === 'INTERNAL') report(known);
    const message = SAFE_DETAILS.has(known.code) ? known.message : known.code;
    return known.data
      ? new ORPCError(known.code, { message, data: known.data })
      : new ORPCError(known.code, { message });
  }
  if (known instanceof ORPCError) {
    if (known.code === 'BAD_REQUEST' && known.cause instanceof ValidationError) {
      return new ORPCError('BAD_INPUT', { message: 'BAD_INPUT' });
    }
    if (known.code === 'INTERNAL_SERVER_ERROR') report(known.cause ?? known);
    else return known;
  } else report(known);
  return new ORPCError('INTERNAL', { message: 'INTERNAL' });
}

/** Codes whose message is ours and says what the network or server did. */
const SAFE_DETAILS: ReadonlySet<string> = new Set(['OFFLINE', 'MODE_MISMATCH', 'KEYRING_UNAVAILABLE']);
