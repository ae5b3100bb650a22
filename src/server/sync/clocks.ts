import type pg from 'pg';
import { addToDigest, type Digest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';

/** What a transaction changes in one scope: rows written, rows more (or fewer), change of the digest. */
export interface ScopeChange {
  rows: number;
  count: number;
  digest: Digest;
}

/** Collects the changes of a transaction per scope. */
export class ScopeChanges {
  readonly #changes = new Map<string, ScopeChange>();

  /** Notes that a row goes from one version to another; `fromVersion` 0 for a new row. */
  addRow(scope: string, uid: string, fromVersion: number, version: number): void {
    const change = this.get(scope);
    let { digest } = change;
    if (fromVersion > 0) digest = addToDigest(digest, uid, fromVersion, -1);
    digest = addToDigest(digest, uid, version);
    this.#changes.set(scope, {
      rows: change.rows + 1,
      count: change.count + (fromVersion > 0 ? 0 : 1),
      digest,
    });
  }

  /** Notes that a row of a version leaves the scope; its removal gets a seq, too. */
  removeRow(scope: string, uid: string, version: number): void {
    const change = this.get(scope);
    this.#changes.set(scope, {
      rows: change.rows + 1,
      count: change.count - 1,
      digest: addToDigest(change.digest, uid, version, -1),
    });
  }

  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  /** Touched scopes in the order in which their clocks are locked. */
  get scopes(): readonly string[] {
    return [...this.#changes.keys()].sort();
  }

  get(scope: string): ScopeChange {
    return this.#changes.get(scope) ?? { rows: 0, count: 0, digest: EMPTY_DIGEST };
  }
}

const RAISE = `
  WITH change AS (
    SELECT * FROM json_to_recordset($1::json) AS c(scope text, rows bigint, count bigint, hi bigint, lo bigint)
  ), locked AS (
    SELECT clocks.scope FROM clocks JOIN change USING (scope) ORDER BY clocks.scope FOR UPDATE OF clocks
  )
  UPDATE clocks SET
    value = clocks.value + change.rows,
    count = clocks.count + change.count,
    digest_hi = (clocks.digest_hi + change.hi) & 4294967295,
    digest_lo = (clocks.digest_lo + change.lo) & 4294967295
  FROM change JOIN locked USING (scope)
  WHERE clocks.scope = change.scope
  RETURNING clocks.scope AS scope, clocks.value AS value`;

/**
 * Raises the clocks of the touched scopes and hands out their seqs. The row locks it takes are held until COMMIT, so seq
 * order is commit order: a reader that sees seq 12 sees 11. Called after everything that needs no seq has been sent.
 * @returns per scope a function giving the next seq of this transaction
 */
export async function raiseClocks(client: pg.ClientBase, changes: ScopeChanges): Promise<NextSeq> {
  if (changes.isEmpty) return () => 0;
  const raised = await raise(client, changes, changes.scopes);
  return giveOut(new Map([...raised, ...(await raiseFirst(client, changes, raised))]));
}

/** {@link raiseClocks} and {@link takeNumbers} in one round trip. */
export async function raiseAndNumber(
  client: pg.ClientBase,
  changes: ScopeChanges,
  count: number,
): Promise<{ readonly nextSeq: NextSeq; readonly numbers: readonly number[] }> {
  const { scopes } = changes;
  const [raised, numbers] = await Promise.all([raise(client, changes, scopes), takeNumbers(client, count, scopes)]);
  const first = await raiseFirst(client, changes, raised);
  const nextSeq = giveOut(new Map([...raised, ...first]));
  // Those that were taken before the clock of a scope was held come after others that were taken while it was.
  return { nextSeq, numbers: first.size > 0 ? await takeNumbers(client, count) : numbers };
}

/** Gives the next seq of a scope in this transaction. */
type NextSeq = (scope: string) => number;

/** @returns the first seq of each scope that has a clock */
async function raise(
  client: pg.ClientBase,
  changes: ScopeChanges,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (scopes.length === 0) return new Map();
  const wanted = scopes.map((scope) => {
    const { rows, count, digest } = changes.get(scope);
    return { scope, rows, count, hi: digest.hi, lo: digest.lo };
  });
  const raised = await client.query<{ scope: string; value: number }>({
    name: 'raise-clocks',
    text: RAISE,
    values: [JSON.stringify(wanted)],
  });
  return new Map(raised.rows.map((row) => [row.scope, row.value - changes.get(row.scope).rows + 1]));
}

/** First write ever in a scope: its clock is made. */
async function raiseFirst(
  client: pg.ClientBase,
  changes: ScopeChanges,
  raised: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const missing = changes.scopes.filter((scope) => !raised.has(scope));
  if (missing.length === 0) return new Map();
  await ensureClocks(client, missing);
  return raise(client, changes, missing);
}

function giveOut(next: Map<string, number>): NextSeq {
  return (scope) => {
    const seq = next.get(scope);
    if (seq === undefined) throw new Error('seq asked for an untouched scope');
    next.set(scope, seq + 1);
    return seq;
  };
}

/**
 * Makes the clocks of scopes that nobody used before, in the newest epoch: after a restore a month that the backup did not know begins
 * anew like all others.
 */
export async function ensureClocks(client: pg.ClientBase | pg.Pool, scopes: readonly string[]): Promise<void> {
  const known = await client.query<{ scope: string }>({
    name: 'known-clocks',
    text: 'SELECT scope FROM clocks WHERE scope = ANY($1::text[])',
    values: [scopes],
  });
  if (known.rows.length === new Set(scopes).size) return;
  await client.query(
    `INSERT INTO clocks (scope, epoch) SELECT unnest($1::text[]), (SELECT coalesce(max(epoch), 1) FROM clocks)
     ON CONFLICT (scope) DO NOTHING`,
    [scopes],
  );
}

/**
 * Hands out ticket numbers in order. Taken while the scope's clock is held, so inside a scope numbers grow in commit order.
 * A sequence and not a counter row: one global counter would make all scopes commit one after the other (measured: half the
 * throughput). Only a rolled-back transaction or a crash leaves a gap, and gaps cost the search index nothing.
 * @param scopes none is handed out while one of these has no clock
 */
export async function takeNumbers(
  client: pg.ClientBase,
  count: number,
  scopes: readonly string[] = [],
): Promise<readonly number[]> {
  if (count === 0) return [];
  // As one value: hundreds of rows cost more to take apart than the rest of the statement.
  const result = await client.query<{ numbers: number[] | null }>({
    name: 'take-numbers',
    text: `SELECT json_agg(nextval('ticket_numbers')) AS numbers FROM generate_series(1, $1::int)
      WHERE (SELECT count(*) FROM clocks WHERE scope = ANY($2::text[])) = cardinality($2::text[])`,
    values: [count, scopes],
  });
  return (result.rows[0]?.numbers ?? []).sort((a, b) => a - b);
}
