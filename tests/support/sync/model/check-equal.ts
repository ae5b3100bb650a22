import { expect } from 'vitest';
import { findCitizen } from '#main/data/repositories/citizen.repository.ts';
import { findRecord } from '#main/data/repositories/record.repository.ts';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import { helloResponseSchema, pullResponseSchema, type WireRow } from '#shared/sync/wire.ts';
import { CONSOLE_ID } from '../../data/samples.ts';
import type { ModelCentre } from './model-centre.ts';
import type { ModelConsole } from './model-console.ts';

/** Rows of the server as a console would pull them with an empty cache. */
export async function pullAll(centre: ModelCentre, { user }: Pick<ModelConsole, 'user'>): Promise<readonly WireRow[]> {
  const ask = async (path: string, body: unknown) =>
    (await centre.answer({ path, body, user, consoleId: CONSOLE_ID })).body;
  const hello = helloResponseSchema.parse(
    await ask('/sync/hello', { console: CONSOLE_ID, incarnation: 1, schema: 3, lastOp: 0 }),
  );
  let cursors = hello.scopes.map(({ id, epoch }) => ({ scope: id, epoch, seq: 0 }));
  const rows: WireRow[] = [];
  for (;;) {
    const page = pullResponseSchema.parse(await ask('/sync/pull', { cursors, limit: 2_000 }));
    rows.push(...page.rows);
    cursors = page.cursors;
    if (!page.more) return rows;
  }
}

/** Every console holds the server's rows, field by field; its count and digest are those of the rows and of the server. */
export async function checkEqual(centre: ModelCentre, consoles: readonly ModelConsole[]): Promise<void> {
  for (const each of consoles) {
    const { db } = each.work;
    const pulled = await pullAll(centre, each);
    const rowsOf = (table: WireRow['table']) =>
      pulled
        .filter((one) => one.table === table)
        .map(({ row }) => row)
        .sort((a, b) => (a.uid < b.uid ? -1 : 1));
    const tickets = db
      .values<string>('SELECT uid FROM tickets WHERE scope_id IS NOT NULL ORDER BY uid')
      .map((uid) => findTicket(db, uid)?.ticket ?? null);
    const citizens = db
      .values<string>('SELECT uid FROM citizens ORDER BY uid')
      .map((uid): Citizen | null => findCitizen(db, uid));
    const records = db
      .values<string>('SELECT uid FROM records ORDER BY uid')
      .map((uid): SyncedRecord | null => findRecord(db, uid));
    expect(tickets, `tickets of ${each.name}`).toEqual(rowsOf('tickets'));
    expect(citizens, `citizens of ${each.name}`).toEqual(rowsOf('citizens'));
    expect(records, `documents of ${each.name}`).toEqual(rowsOf('records'));
    expect(db.value('SELECT count(*) FROM parked_rows'), `parked rows of ${each.name}`).toBe(0);
    for (const { scope, count, digest, parity, held, epoch } of each.scopes) {
      const clock = centre.database.tables.clocks.get(scope);
      const own = { epoch, count, digest: formatDigest(digest), parity, held };
      const hi = Number(clock?.digest_hi ?? 0);
      const lo = Number(clock?.digest_lo ?? 0);
      const theirs = { epoch: clock?.epoch ?? 1, count: Number(clock?.count ?? 0), digest: formatDigest({ hi, lo }) };
      expect(own, `${scope} of ${each.name}`).toEqual({ ...theirs, parity: 'equal', held: null });
    }
    checkRecount(centre);
  }
}

function checkRecount({ database: { tables } }: ModelCentre): void {
  for (const table of [tables.tickets, tables.citizens, tables.records]) {
    for (const [scope, rows] of Map.groupBy(table.values(), (row) => String(row.scope))) {
      const digest = rows.reduce((sum, row) => addToDigest(sum, String(row.uid), Number(row.version)), EMPTY_DIGEST);
      const clock = tables.clocks.get(scope);
      expect({ hi: clock?.digest_hi, lo: clock?.digest_lo }, `digest of ${scope} at the server`).toEqual(digest);
    }
  }
}
