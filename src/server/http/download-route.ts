import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../service-error.ts';
import type { SignedIn } from './upload-route.ts';

/** GET …/attachments/<sha256>: the bytes of a file this person may read, all or from a place on. */
export function addDownloadRoute(app: FastifyInstance, path: string, signedIn: SignedIn): void {
  app.get<{ Params: { sha256: string } }>(`${path}/:sha256`, { exposeHeadRoute: false }, async (request, reply) => {
    const { services, actor } = await signedIn(request);
    const { sha256 } = request.params;
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ServiceError('NOT_FOUND');
    const file = await services.attachments.find(actor, sha256);
    if (!file) throw new ServiceError('NOT_FOUND');
    reply.headers({
      // Never shown or run by whatever receives it.
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
    });
    const range = readRange(request.headers.range, file.size);
    if (range === 'none') return reply.code(416).header('content-range', `bytes */${file.size}`).send();
    if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`);
    const { start, end } = range ?? { start: 0, end: file.size - 1 };
    return reply.header('content-length', end - start + 1).send(createReadStream(file.path, { start, end }));
  });
}

/** One range of bytes; null for all (none was asked for, or in a form that is not understood), `none` for one outside of the file. */
function readRange(header: string | undefined, size: number): { start: number; end: number } | 'none' | null {
  const match = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match) return null;
  const [, first = '', last = ''] = match;
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start > end ? 'none' : { start, end };
}
