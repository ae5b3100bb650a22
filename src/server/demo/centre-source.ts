import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type EncodedTickets, encodeTickets } from '../bulk/encoded-tickets.ts';
import { type DemoCentreOptions, generateDemoCentre } from './generate.ts';
import { inParts, skip } from './parts.ts';

/** What is to be generated, and how much of it is there already. */
export interface CentreOrder {
  readonly seed: number;
  /** Epoch milliseconds, the end of the past. */
  readonly now: number;
  readonly options: DemoCentreOptions;
  readonly done: { readonly citizens: number; readonly tickets: number };
  /** Rows a part. */
  readonly part: number;
  /** Parts that may wait for their reader: the memory they take. */
  readonly ahead: number;
}

type CentrePart =
  | { readonly kind: 'citizens'; readonly rows: readonly Citizen[] }
  | { readonly kind: 'tickets'; readonly tickets: EncodedTickets };
export type CentreMessage =
  | CentrePart
  | { readonly kind: 'records'; readonly records: number }
  | { readonly kind: 'end' };

/** Below so many tickets a thread takes longer to begin than it saves. */
const WORTH_A_THREAD = 5_000;

/**
 * The rows of a demo centre in parts, citizens before tickets, with how many records there are in all first. A large centre is generated in a thread of its
 * own while the caller writes: on two cores that is nearly half the time.
 */
export async function* readCentre(order: CentreOrder): AsyncGenerator<CentreMessage, void> {
  if ((order.options.tickets ?? Number.POSITIVE_INFINITY) < WORTH_A_THREAD) {
    yield* generateHere(order);
    return;
  }
  const thread = new Worker(new URL('./generator-thread.ts', import.meta.url), { workerData: order });
  try {
    // What the thread throws ends the iteration with it.
    for await (const [message] of on(thread, 'message', { close: ['exit'] }) as AsyncIterable<[CentreMessage]>) {
      if (message.kind === 'end') return;
      yield message;
      if (message.kind !== 'records') thread.postMessage('more');
    }
    throw new Error('the thread that generates the demo centre ended before its work');
  } finally {
    await thread.terminate();
  }
}

function* generateHere({ seed, now, options, done, part }: CentreOrder): Generator<CentreMessage, void> {
  const centre = generateDemoCentre(seed, now, options);
  yield { kind: 'records', records: centre.records };
  for (const rows of inParts(skip(centre.citizens(), done.citizens), part)) yield { kind: 'citizens', rows };
  for (const rows of inParts(skip(centre.tickets(), done.tickets), part)) yield encodePart(rows, now);
}

/** A part of the tickets as it is written: encoding is half of the work, and a thread hands bytes over without a copy. */
export function encodePart(tickets: readonly Ticket[], now: number): Extract<CentrePart, { kind: 'tickets' }> {
  return { kind: 'tickets', tickets: encodeTickets(tickets, now, () => null) };
}
