import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '#shared/contract/error-codes.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import { UPLOAD_LIFE_MS } from '../attachments/attachments.ts';
import type { Actor } from '../auth/actor.ts';
import type { Log } from '../log.ts';
import { ServiceError } from '../service-error.ts';
import type { Services } from '../services.ts';
import { toErrorBody, toServiceError } from './errors.ts';

/** Who an upload request acts for; the tus server has no place to carry it. */
interface Request {
  readonly actor: Actor;
  readonly id: string;
}

export type SignedIn = (request: FastifyRequest) => Promise<{ readonly services: Services; readonly actor: Actor }>;

/**
 * Uploads by the tus resumable protocol: POST begins one (with `sha256` in its metadata), PATCH sends bytes, HEAD tells how many are there,
 * DELETE gives it up. Each belongs to one person at one console.
 */
export function addUploadRoutes(app: FastifyInstance, path: string, signedIn: SignedIn, log: Log): void {
  const current = new AsyncLocalStorage<Request>();
  let made: { readonly services: Services; readonly tus: Server; readonly store: FileStore } | null = null;
  const tusOf = (services: Services) => {
    if (made?.services !== services) made = createTus(services, path, current, log);
    return made;
  };
  const handle = async (request: FastifyRequest, reply: FastifyReply, id: string, isNew: boolean) => {
    const { services, actor } = await signedIn(request);
    if (!isNew) await services.attachments.ownUpload(actor, id);
    const { tus, store } = tusOf(services);
    if (request.method === 'HEAD') {
      const { offset, size } = await store.getUpload(id).catch(() => ({ offset: -1, size: 0 }));
      // Whole, but the process ended before it was taken over.
      if (offset === size) {
        await services.attachments.finishUpload(id);
        return reply.headers({ 'tus-resumable': '1.0.0', 'upload-offset': size, 'upload-length': size }).send();
      }
    }
    reply.hijack();
    reply.raw.setHeader('cache-control', 'no-store');
    reply.raw.setHeader('x-content-type-options', 'nosniff');
    await current.run({ actor, id }, () => tus.handle(request.raw, reply.raw));
    const { statusCode } = reply.raw;
    const isGivenUp = request.method === 'DELETE' && statusCode === 204;
    // One that could not begin: its console never learns the id.
    const isLost = isNew && statusCode !== 201;
    if (isGivenUp || isLost) await services.attachments.dropUpload(id);
    return reply;
  };
  app.register(async (scope) => {
    // Bytes go to the tus server as they come.
    scope.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) => done(null));
    scope.post(path, (request, reply) => handle(request, reply, randomUUID(), true));
    scope.route<{ Params: { id: string } }>({
      method: ['HEAD', 'PATCH', 'DELETE'],
      url: `${path}/:id`,
      handler: (request, reply) => {
        const { id } = request.params;
        if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new ServiceError('NOT_FOUND');
        return handle(request, reply, id, false);
      },
    });
  });
}

function createTus(services: Services, path: string, current: AsyncLocalStorage<Request>, log: Log) {
  const { attachments } = services;
  const store = new FileStore({
    directory: attachments.folder.uploads,
    expirationPeriodInMilliseconds: UPLOAD_LIFE_MS,
  });
  const asked = (): Request => {
    const request = current.getStore();
    if (!request) throw new Error('an upload outside of a request');
    return request;
  };
  const tus = new CodedServer({
    path,
    datastore: store,
    maxSize: MAX_ATTACHMENT_BYTES,
    // Beside the address the client used, whatever a proxy put before it.
    generateUrl: (_request, { id }) => `uploads/${id}`,
    allowedOrigins: [],
    namingFunction: () => asked().id,
    // The one whose owner was checked, whatever else the address says.
    getFileIdFromRequest: () => asked().id,
    onUploadCreate: async (_request, { id, size, metadata }) => {
      const sha256 = metadata?.sha256 ?? '';
      if (!size || !/^[0-9a-f]{64}$/.test(sha256)) throw new ServiceError('BAD_INPUT');
      await attachments.beginUpload(asked().actor, id, sha256, size);
      // Names belong to the ticket: they are not kept beside the bytes.
      return { metadata: { sha256 } };
    },
    onUploadFinish: async (_request, { id }) => {
      await attachments.finishUpload(id);
      return {};
    },
    onResponseError: (_request, error) => {
      const { code, status, data } = toRefusal(error, log);
      return { status_code: status, body: JSON.stringify(toErrorBody(code, status, data)) };
    },
  });
  return { services, tus, store };
}

/** Tells the library's own refusals of a head (no version of the protocol, no whole number) as every other answer tells one. */
class CodedServer extends Server {
  override write(...[context, headers, status, body = '']: Parameters<Server['write']>): ReturnType<Server['write']> {
    if (status < 400) return super.write(context, headers, status, body);
    headers.set('Content-Type', 'application/json; charset=utf-8');
    const isCoded = body.startsWith('{');
    const code = status === 404 ? 'NOT_FOUND' : 'BAD_INPUT';
    return super.write(context, headers, status, isCoded ? body : JSON.stringify(toErrorBody(code, status)));
  }
}

/** A refusal of the protocol keeps its status, which is part of the protocol; everything else is answered like any other request. */
function toRefusal(error: unknown, log: Log): { code: ErrorCode; status: number; data?: unknown } {
  if (error instanceof ServiceError || !isTusError(error)) return toServiceError(error, log, 'attachments.upload');
  const status = error.status_code;
  if (status >= 500) return { code: 'NOT_READY', status: 503 };
  if (status === 413) return { code: 'ATTACHMENT_TOO_LARGE', status };
  return { code: status === 404 || status === 410 ? 'NOT_FOUND' : 'BAD_INPUT', status };
}

function isTusError(error: unknown): error is { readonly status_code: number } {
  return typeof error === 'object' && error !== null && 'status_code' in error && typeof error.status_code === 'number';
}
