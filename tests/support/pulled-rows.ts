import type { OpenDb } from '#main/data/db/sqlite.ts';
import { insertScope, listScopes, saveScope } from '#main/data/repositories/scope.repository.ts';
import { applyChange } from '#main/data/sync/apply-rows.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';

const ROWS_PER_TRANSACTION = 400;

export interface PulledRows {
  readonly scope: string;
  readonly table: 'tickets' | 'citizens';
  readonly count: number;
  /** The n-th row (1, 2, 3 …) as the server would send it. */
  readonly rowOf: (n: number) => unknown;
}

/**
 * Fills a new scope of a cache through the code that applies pulled rows, some hundred per transaction as a pull does.
 * @param actor whose cache it is
 */
export function applyPulledRows(db: OpenDb, actor: OpActor, { scope: name, table, count, rowOf }: PulledRows): void {
  insertScope(db, name, 1);
  let scope = forceUnwrap(
    'the scope was just inserted',
    listScopes(db).find((each) => each.scope === name),
  );
  for (let n = 1; n <= count; ) {
    const end = Math.min(count, n + ROWS_PER_TRANSACTION - 1);
    db.transaction(() => {
      for (; n <= end; n++) {
        const raw = { table, scope: name, seq: n, row: rowOf(n) };
        scope = applyChange(db, scope, { kind: 'row', seq: n, raw }, actor, 0);
      }
      saveScope(db, scope);
    });
  }
}
