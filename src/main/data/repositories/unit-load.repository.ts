import type { ReadableDb } from '../db/sqlite.ts';

/** Open tickets of units as far as this computer holds them; a unit without any has none. */
export function countUnitLoads(db: ReadableDb, units: readonly string[]): Readonly<Record<string, number>> {
  const count = (unit: string) =>
    db.values<number>(
      `SELECT count(*) FROM tickets INDEXED BY tickets_with_unit WHERE doc ->> '$.unit' = ?
         AND status IN ('to_sign', 'handling', 'return_review', 'extension_review', 'on_account', 'redo')`,
      unit,
    )[0] ?? 0;
  return Object.fromEntries([...new Set(units)].map((unit) => [unit, count(unit)]));
}
