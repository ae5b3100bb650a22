import type pg from 'pg';
import { coOrdersOf, openCoOrders } from '#shared/domain/co-order.ts';
import type { TicketHandling } from '#shared/domain/ticket-handling.ts';
import { ServiceError } from '../service-error.ts';
import type { UnitKey } from './unit-keys.ts';

const REACHED = 'centre = $1 AND line = ANY($2::text[]) AND uid = $3';

/** Which ticket a unit speaks of, as what, and under which id each unit of the key would have said it. */
export interface Spoken {
  readonly uid: string;
  readonly as: 'lead' | 'co';
  /** The one that is meant where several units of the key help. */
  readonly wanted: string | undefined;
  readonly opIdOf: (unit: string) => string;
}

/**
 * Which unit of the key a request speaks for: the one that said it before under this `Idempotency-Key`, whatever became of the ticket since; otherwise
 * the one that has the ticket, or has or had a 协办单 of it.
 * @throws ServiceError NOT_FOUND for none, BAD_INPUT when it is not said which of several
 */
export async function findSpeaker(pool: pg.Pool, key: UnitKey, spoken: Spoken): Promise<string> {
  const { uid, as, wanted } = spoken;
  const before = await findSpeakerBefore(pool, key, spoken);
  if (before !== null) return before;
  const found = await pool.query<{ unit: string | null; handling: TicketHandling | null }>(
    `SELECT unit, handling FROM tickets WHERE ${REACHED}`,
    [key.centre, key.lines, uid],
  );
  const [row] = found.rows;
  if (!row) throw new ServiceError('NOT_FOUND');
  if (as === 'co') return findHelping(key, row.handling ?? undefined, wanted);
  if (row.unit === null || !key.units.includes(row.unit)) throw new ServiceError('NOT_FOUND');
  return row.unit;
}

/** Who said it the first time. A ticket on a line that the key does not hold is not spoken of. */
async function findSpeakerBefore(pool: pg.Pool, key: UnitKey, { uid, wanted, opIdOf }: Spoken): Promise<string | null> {
  const units = wanted === undefined ? key.units : key.units.filter((unit) => unit === wanted);
  const unitOf = new Map(units.map((unit) => [opIdOf(unit), unit]));
  const found = await pool.query<{ op_id: string }>(
    `SELECT op_id FROM op_log WHERE op_id = ANY($4::uuid[]) AND uid = $3
       AND EXISTS (SELECT FROM tickets WHERE ${REACHED})
     LIMIT 1`,
    [key.centre, key.lines, uid, [...unitOf.keys()]],
  );
  return unitOf.get(found.rows[0]?.op_id ?? '') ?? null;
}

/** The 协办 that is meant: it may have given its part back or been taken off, and is told so then. */
function findHelping({ units }: UnitKey, handling: TicketHandling | undefined, wanted: string | undefined): string {
  const ticket = { handling };
  const reading = handling?.coUnits ?? [];
  const known = [...new Set([...reading, ...coOrdersOf(ticket).map(({ unit }) => unit)])];
  const helping = known.filter((unit) => units.includes(unit) && (wanted === undefined || unit === wanted));
  const open = openCoOrders(ticket).map(({ unit }) => unit);
  // Without a name the one that still owes something is meant, otherwise the one that still helps.
  const nearest = [open, reading, known]
    .map((some) => helping.filter((unit) => some.includes(unit)))
    .find((some) => some.length > 0);
  const [unit] = nearest ?? [];
  if (!nearest || unit === undefined) throw new ServiceError('NOT_FOUND');
  if (nearest.length > 1) throw new ServiceError('BAD_INPUT', { issues: ['query.unit'] });
  return unit;
}
