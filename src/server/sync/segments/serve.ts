import type pg from 'pg';
import type { z } from 'zod';
import {
  mayHaveSegments,
  type SegmentManifest,
  type SegmentPacking,
  type segmentsRequestSchema,
} from '#shared/sync/segments.ts';
import { type Actor, readsScope } from '../../auth/actor.ts';
import { inTransaction, SNAPSHOT } from '../../db/transaction.ts';
import { ServiceError } from '../../service-error.ts';
import { checkCursor, readClocks } from '../pull.ts';
import { repack } from './pack.ts';
import { findManifest, readSegment } from './segment-store.ts';

/**
 * The segments with which a console can go on from its cursor.
 * @throws ServiceError FORBIDDEN, SCOPE_EPOCH_CHANGED and SCOPE_TOO_OLD as for a pull; NOT_FOUND when there are none
 */
export function getManifest(
  deps: { readonly pool: pg.Pool },
  actor: Actor,
  cursor: z.infer<typeof segmentsRequestSchema>,
): Promise<SegmentManifest> {
  const { scope, epoch, seq } = cursor;
  if (!readsScope(actor, scope)) throw new ServiceError('FORBIDDEN');
  return inTransaction(
    deps.pool,
    async (client) => {
      checkCursor(cursor, (await readClocks(client, [scope])).get(scope));
      const manifest = mayHaveSegments(scope) ? await findManifest(client, scope, seq) : null;
      if (!manifest || manifest.segments.length === 0) throw new ServiceError('NOT_FOUND');
      const segments = manifest.segments.map(({ sha256, ...segment }) => ({
        ...segment,
        sha256: sha256.toString('hex'),
      }));
      return { scope, epoch, seq: manifest.seq, segments };
    },
    SNAPSHOT,
  );
}

/**
 * The bytes of a segment for somebody who may read its scope.
 * @throws ServiceError NOT_FOUND also for one that is out of reach or was taken away
 */
export async function getSegment(
  deps: { readonly pool: pg.Pool },
  actor: Actor,
  id: string,
  packing: SegmentPacking,
): Promise<Buffer> {
  const segment = await readSegment(deps.pool, id);
  if (!segment || !readsScope(actor, segment.scope)) throw new ServiceError('NOT_FOUND');
  return repack(segment.data, packing);
}
