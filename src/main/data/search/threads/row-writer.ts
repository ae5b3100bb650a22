import { type AskedWorker, startAskedWorker } from '../../asked-worker.ts';
import { openEncrypted } from '../../db/open.ts';
import type { OpenDb } from '../../db/sqlite.ts';
import { DataError, dataErrorOf } from '../../errors.ts';
import type { QueuedRow } from '../../repositories/search-queue.repository.ts';
import { type FacetDictionary, openFacetDictionary } from '../facet-dictionary.ts';
import { type FullText, mergeSome, writeCitizen, writeTicket } from '../write-rows.ts';
import type { IndexAnswer, IndexedRows, IndexRequest, IndexSetup, PreparedRows } from './index-messages.ts';

/** Parts that are prepared while one is written, or the index is merged: some three megabytes each. */
const AHEAD = 8;
const CACHE_KIB = 32_000;
const ENDED: PreparedRows = { kind: 'failed', code: 'INTERNAL', detail: 'the thread that prepares rows ended' };

/** Writes prepared rows into the index, and has the next ones prepared meanwhile. */
export class RowWriter {
  readonly #index: OpenDb;
  readonly #dictionary: FacetDictionary;
  readonly #preparer: AskedWorker<IndexRequest, PreparedRows>;
  readonly #stop: Int32Array;
  readonly #parts: number;
  #ahead: Promise<PreparedRows>[] = [];

  /** @param entry file of the thread that prepares */
  constructor(setup: IndexSetup, entry: string) {
    const { index, nativeBinding, stop, sizes } = setup;
    this.#index = openEncrypted(index.path, index.key, { nativeBinding, cacheKib: CACHE_KIB });
    this.#dictionary = openFacetDictionary(this.#index);
    this.#stop = new Int32Array(stop);
    this.#parts = sizes.parts;
    // What it fails with is in the answers that do not come.
    this.#preparer = startAskedWorker(entry, { ...setup, role: 'prepares' } satisfies IndexSetup, () => undefined);
  }

  /** @throws DataError for every failure of the storage; nothing of the rows was committed then */
  async answer(request: IndexRequest): Promise<IndexAnswer> {
    if (request.kind === 'close') {
      await this.#preparer.ask({ kind: 'close' });
      await this.#preparer.ended;
      this.#index.close();
      return { kind: 'indexed', tickets: [], citizens: [], facets: new Float64Array(), entries: [], isLast: true };
    }
    try {
      return await this.#indexNext();
    } catch (error) {
      this.#dictionary.distrust();
      try {
        if (this.#index.inTransaction) this.#index.exec('ROLLBACK');
      } catch {
        // What went wrong first says more.
      }
      throw error;
    }
  }

  #askAhead(): void {
    this.#ahead.push(this.#preparer.ask({ kind: 'next' }).then((answer) => (answer === 'ended' ? ENDED : answer)));
  }

  async #indexNext(): Promise<IndexedRows> {
    const index = this.#index;
    const tickets: QueuedRow[] = [];
    const citizens: QueuedRow[] = [];
    const facets: number[] = [];
    const written = new Set<FullText>();
    let isLast = false;
    index.exec('BEGIN IMMEDIATE');
    for (let part = 0; part < this.#parts && !isLast; part++) {
      while (this.#ahead.length < AHEAD) this.#askAhead();
      const rows = await this.#ahead.shift();
      if (!rows || rows.kind === 'none') isLast = true;
      else if (rows.kind === 'failed') throw dataErrorOf(rows.code, rows.detail);
      else if (rows.kind === 'tickets') {
        for (const ticket of rows.prepared) {
          this.#checkStop();
          const { status, category, division, unit, agent, at } = writeTicket(index, this.#dictionary, ticket);
          facets.push(ticket.facets.number, status, category, division, unit, agent, at);
        }
        tickets.push(...rows.queued);
        written.add('tickets_fts');
      } else {
        for (const citizen of rows.prepared) {
          this.#checkStop();
          writeCitizen(index, citizen);
        }
        citizens.push(...rows.queued);
        written.add('persons_fts');
      }
    }
    this.#checkStop();
    this.#dictionary.flush();
    index.exec('COMMIT');
    const entries = this.#dictionary.committed();
    this.#merge(written);
    return { kind: 'indexed', tickets, citizens, facets: Float64Array.from(facets), entries, isLast };
  }

  /** What was committed stays committed: a disk that is full now is met by the next write, and told of there. */
  #merge(tables: Iterable<FullText>): void {
    try {
      for (const table of tables) while (!this.#isStopped() && mergeSome(this.#index, table));
    } catch {
      // Merged with the next rows.
    }
  }

  #isStopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0;
  }

  /** @throws DataError when everything is to end */
  #checkStop(): void {
    if (this.#isStopped()) throw new DataError('NOT_UNLOCKED', 'indexing was stopped');
  }
}
