import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Bootstrap } from './bootstrap.ts';
import { UnitClient } from './unit-client.ts';

/** A unit's own system, with a key of the demo centre and a line to the server that nobody cuts. */
export async function connectUnit(world: Bootstrap, unit: string): Promise<UnitClient> {
  const key = `unit-${randomBytes(32).toString('base64url').padEnd(43, 'A').slice(0, 43)}`;
  await world.sql(
    `INSERT INTO unit_keys (id, hash, centre, lines, units, holder, created_at) VALUES ($1, $2, '320100', '{12345}', $3, $4, 0)`,
    [randomUUID(), createHash('sha256').update(key).digest(), [unit], unit],
  );
  return new UnitClient(world.directUrl, key);
}
