import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { SEGMENT_TYPES, type SegmentPacking } from '#shared/sync/segments.ts';
import { ServiceError } from '../service-error.ts';
import { getSegment } from '../sync/segments/serve.ts';
import type { SignedIn } from './upload-route.ts';

const idSchema = z.uuid();

/** GET …/sync/segments/<id>: the bytes of a segment, packed as `accept` wants them. */
export function addSegmentRoute(app: FastifyInstance, path: string, signedIn: SignedIn): void {
  app.get<{ Params: { id: string } }>(`${path}/:id`, { exposeHeadRoute: false }, async (request, reply) => {
    const { services, actor } = await signedIn(request);
    const id = idSchema.safeParse(request.params.id);
    if (!id.success) throw new ServiceError('NOT_FOUND');
    const packing = choosePacking(request.headers.accept);
    const data = await getSegment(services, actor, id.data, packing);
    return reply.header('content-type', SEGMENT_TYPES[packing]).send(data);
  });
}

/** As it is kept, unless only the other kind is understood. */
function choosePacking(accept = '*/*'): SegmentPacking {
  return accept.includes(SEGMENT_TYPES.gzip) && !accept.includes(SEGMENT_TYPES.zstd) ? 'gzip' : 'zstd';
}
