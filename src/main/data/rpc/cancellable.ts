import { ORPCError } from '@orpc/server';

/**
 * Lets the messages that have come meanwhile be read before an expensive answer is begun, and gives up when one of them cancelled
 * the call: while somebody types, only the newest of the waiting searches runs.
 * @throws ORPCError CLIENT_CLOSED_REQUEST
 */
export async function unlessCancelled(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new ORPCError('CLIENT_CLOSED_REQUEST');
}
