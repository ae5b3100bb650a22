import { openEncrypted } from '../../db/open.ts';
import type { OpenDb } from '../../db/sqlite.ts';
import { listIndexable, listIndexableCitizens, type QueuedRow } from '../../repositories/search-queue.repository.ts';
import { prepareCitizen, prepareTicket } from '../prepare-rows.ts';
import type { IndexRequest, IndexSetup, PreparedRows } from './index-messages.ts';

/** Reads rows that wait for the index, the newest first, and takes their texts apart. */
export class RowPreparer {
  readonly #cache: OpenDb;
  readonly #stop: Int32Array;
  readonly #part: number;
  /** Row ids below which the next ones are looked for. */
  #below = { tickets: Number.MAX_SAFE_INTEGER, citizens: Number.MAX_SAFE_INTEGER };

  constructor({ cache, nativeBinding, stop, sizes }: IndexSetup) {
    this.#cache = openEncrypted(cache.path, cache.key, { nativeBinding, durability: 'normal' });
    this.#stop = new Int32Array(stop);
    this.#part = sizes.part;
  }

  answer(request: IndexRequest): PreparedRows {
    if (request.kind === 'close') {
      this.#cache.close();
      return { kind: 'none' };
    }
    const tickets = listIndexable(this.#cache, this.#part, this.#below.tickets);
    if (tickets.length > 0) {
      this.#below.tickets = lowest(tickets);
      const prepared = tickets.flatMap((row) => (this.#isStopped() ? [] : (prepareTicket(this.#cache, row) ?? [])));
      return { kind: 'tickets', queued: tickets.map(bare), prepared };
    }
    const citizens = listIndexableCitizens(this.#cache, this.#part, this.#below.citizens);
    if (citizens.length === 0) return { kind: 'none' };
    this.#below.citizens = lowest(citizens);
    const prepared = citizens.flatMap(({ id }) => (this.#isStopped() ? [] : prepareCitizen(this.#cache, id)));
    return { kind: 'citizens', queued: citizens.map(bare), prepared };
  }

  /** Nobody writes what was left out then. */
  #isStopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0;
  }
}

const bare = ({ id, turn }: QueuedRow): QueuedRow => ({ id, turn });

function lowest(rows: readonly QueuedRow[]): number {
  return rows.reduce((least, { id }) => Math.min(least, id), Number.MAX_SAFE_INTEGER);
}
