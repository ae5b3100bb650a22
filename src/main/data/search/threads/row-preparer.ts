import { openEncrypted } from '../../db/open.ts';
import type { OpenDb } from '../../db/sqlite.ts';
import { listIndexable, listIndexableCitizens, type QueuedRow } from '../../repositories/search-queue.repository.ts';
import { prepareCitizen, prepareTicket } from '../prepare-rows.ts';
import type { IndexRequest, IndexSetup, PreparedRows } from './index-messages.ts';
import { TokenBytes } from './token-bytes.ts';

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
    const bytes = new TokenBytes();
    const encode = <Row extends { readonly tokens: string | null }>(row: Row) => ({
      ...row,
      tokens: row.tokens === null ? null : bytes.encode(row.tokens),
    });
    if (tickets.length > 0) {
      this.#below.tickets = lowest(tickets);
      const prepared = this.#each(tickets, (row) => prepareTicket(this.#cache, row)).map(encode);
      return { kind: 'tickets', queued: tickets.map(bare), prepared };
    }
    const citizens = listIndexableCitizens(this.#cache, this.#part, this.#below.citizens);
    if (citizens.length === 0) return { kind: 'none' };
    this.#below.citizens = lowest(citizens);
    const prepared = this.#each(citizens, ({ id }) => prepareCitizen(this.#cache, id)).map(encode);
    return { kind: 'citizens', queued: citizens.map(bare), prepared };
  }

  /** When everything is to stop rows are left out, and nobody writes the others then. */
  #each<Row, Prepared>(rows: readonly Row[], prepare: (row: Row) => Prepared | null): Prepared[] {
    return rows.flatMap((row) => (Atomics.load(this.#stop, 0) === 0 ? (prepare(row) ?? []) : []));
  }
}

const bare = ({ id, turn }: QueuedRow): QueuedRow => ({ id, turn });

function lowest(rows: readonly QueuedRow[]): number {
  return rows.reduce((least, { id }) => Math.min(least, id), Number.MAX_SAFE_INTEGER);
}
