import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { ORPCError } from '@orpc/server';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { ServiceError } from '../service-error.ts';
import { toUploader } from '../units/unit-act.ts';
import { findUnitKey, isUnitKey } from '../units/unit-keys.ts';
import { addDocsRoutes } from './docs-route.ts';
import { addDownloadRoute } from './download-route.ts';
import { sendError, toErrorBody, toRetryAfter, toServiceError } from './errors.ts';
import { addEventsRoute, EventStreams } from './events-route.ts';
import { parseJsonBody } from './json-body.ts';
import { addOpen311Routes, refuseOpen311 } from './open311-route.ts';
import { addPushRoute } from './push-route.ts';
import type { Readiness } from './readiness.ts';
import { checkMode, createRouter, type RequestContext } from './router.ts';
import { addSegmentRoute } from './segment-route.ts';
import { addUploadRoutes } from './upload-route.ts';

const API = '/api/v1';
const OPEN311 = '/open311/v2';
const BODY_LIMIT = 1024 * 1024;

export interface HttpApp {
  readonly app: FastifyInstance;
  /**
   * Ends the streams, takes no new requests and waits for the ones under way. Connections without a request are closed at
   * once: a keep-alive or one that was opened and never used must not hold a shutdown up.
   */
  close(): Promise<void>;
}

/** The HTTP side of the server. Answers /healthz and /readyz from the first moment, the API once it is ready. */
export function createHttpApp(options: {
  readonly readiness: Readiness;
  readonly log: Log;
  readonly trustProxy?: boolean;
  /** Centres that answer Open311. */
  readonly open311?: ReadonlySet<string>;
}): HttpApp {
  const { readiness, log } = options;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    trustProxy: options.trustProxy ?? false,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200, ignoreDuplicateSlashes: false },
    genReqId: () => crypto.randomUUID(),
    frameworkErrors: (error, request, reply) => {
      const refusal = toHttpError(error, log, routeOf(request));
      if (request.url.startsWith(`${OPEN311}/`)) return void refuseOpen311(request, reply, refusal, log);
      return void sendError(reply, refusal);
    },
    clientErrorHandler: (error, socket) => {
      // Not HTTP, or headers too large: answered in the raw, there is no request yet.
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
      const body = JSON.stringify(toErrorBody('BAD_INPUT', 400));
      socket.end(
        `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
    parseJsonBody(body),
  );
  app.setErrorHandler((error, request, reply) => sendError(reply, toHttpError(error, log, routeOf(request))));
  app.setNotFoundHandler((_request, reply) => sendError(reply, new ServiceError('NOT_FOUND')));
  logRequests(app, log);
  const active = countRequests(app);

  app.get('/healthz', async () => ({ ok: true }));
  app.get('/readyz', async (_request, reply) => {
    const { state } = readiness;
    return reply.code(state.state === 'ready' ? 200 : 503).send(state);
  });
  const streams = new EventStreams();
  addEventsRoute(app, `${API}/sync/events`, () => readiness.services, streams);
  const signedIn = async (request: FastifyRequest) => {
    const { services } = readiness;
    if (!services) throw new ServiceError('NOT_READY', undefined, 1_000);
    checkMode({ headers: request.headers, services });
    const actor = await services.auth.authenticate(request.headers.authorization);
    request.actor = { id: actor.id, console: actor.console };
    return { services, actor };
  };
  const sending = async (request: FastifyRequest) => {
    const { services } = readiness;
    const { authorization } = request.headers;
    if (!services || !isUnitKey(authorization)) return signedIn(request);
    const key = await findUnitKey(services.pool, authorization);
    const actor = toUploader(key, services.identity.mode);
    request.actor = { id: actor.id, console: actor.console };
    services.limits.take('unitKey', key.id);
    return { services, actor };
  };
  addUploadRoutes(app, `${API}/attachments/uploads`, sending, log);
  addDownloadRoute(app, `${API}/attachments`, signedIn);
  addPushRoute(app, `${API}/sync/push`, signedIn);
  addSegmentRoute(app, `${API}/sync/segments`, signedIn);
  if (options.open311?.size) {
    addOpen311Routes(
      app,
      OPEN311,
      () => readiness.services,
      options.open311,
      log,
      (error) => toHttpError(error, log, 'open311'),
    );
  }
  addDocsRoutes(app);
  addApi(app, readiness, log);
  return {
    app,
    close: async () => {
      streams.closeAll();
      const sweep = setInterval(() => {
        if (active() === 0) app.server.closeAllConnections();
      }, 25);
      await app.close().finally(() => clearInterval(sweep));
    },
  };
}

/** @returns a function that tells how many requests are being answered */
function countRequests(app: FastifyInstance): () => number {
  let active = 0;
  app.addHook('onRequest', async (_request, reply) => {
    active++;
    reply.raw.once('close', () => active--);
  });
  return () => active;
}

function addApi(app: FastifyInstance, readiness: Readiness, log: Log): void {
  const handler = new OpenAPIHandler<RequestContext>(createRouter(), {
    clientInterceptors: [
      async ({ next, path, context }) => {
        const procedure = path.join('.');
        context.noteProcedure(procedure);
        try {
          return await next();
        } catch (error) {
          const expected = toServiceError(error, log, procedure);
          if (expected.retryAfterMs !== undefined) context.setRetryAfter(expected.retryAfterMs);
          throw toOrpcError(expected);
        }
      },
    ],
    customErrorResponseBodyEncoder: (error) =>
      toErrorBody(error.code === 'BAD_REQUEST' ? 'BAD_INPUT' : toCode(error), error.status, error.data),
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const { services } = readiness;
    if (!services) throw new ServiceError('NOT_READY', undefined, 1_000);
    const context: RequestContext = {
      services,
      headers: request.headers,
      address: request.ip,
      noteActor: (actor) => {
        request.actor = { id: actor.id, console: actor.console };
      },
      noteProcedure: (name) => {
        request.procedure = name;
      },
      setRetryAfter: (ms) => void reply.header('retry-after', toRetryAfter(ms)),
    };
    const { matched } = await handler.handle(request, reply, { prefix: API, context });
    if (!matched) return sendError(reply, new ServiceError('NOT_FOUND'));
    return reply;
  };
  app.all(`${API}/*`, answer);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, for the log. */
    actor: { readonly id: string; readonly console: string } | null;
    /** Name of the procedure that answers, for the log. */
    procedure: string | null;
  }
}

function toOrpcError(error: ServiceError): ORPCError<string, unknown> {
  return new ORPCError(error.code, {
    status: error.status,
    message: error.code,
    data: error.data,
  });
}

function toCode(error: ORPCError<string, unknown>): ServiceError['code'] {
  return error.status >= 500 && error.code === 'INTERNAL_SERVER_ERROR'
    ? 'INTERNAL'
    : (error.code as ServiceError['code']);
}

/** Fastify's own refusals in our codes. */
function toHttpError(error: unknown, log: Log, route: string): ServiceError {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    const status = error.statusCode;
    if (status === 413) return new ServiceError('PAYLOAD_TOO_LARGE');
    if (status === 404) return new ServiceError('NOT_FOUND');
    if (status === 503) return new ServiceError('NOT_READY', undefined, 1_000);
    if (status >= 400 && status < 500) return new ServiceError('BAD_INPUT');
  }
  return toServiceError(error, log, route);
}

/** The route's pattern, never the path itself: a path can hold a ticket's id or whatever a stranger typed. */
function routeOf(request: FastifyRequest): string {
  return request.procedure ?? request.routeOptions?.url ?? 'unknown';
}

function logRequests(app: FastifyInstance, log: Log): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('procedure', null);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    reply.header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.url === '/readyz' || request.routeOptions.url === '/healthz') return;
    log.info('request', {
      requestId: request.id,
      method: request.method,
      route: routeOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(request.actor ? { userId: request.actor.id, consoleId: request.actor.console } : {}),
    });
  });
}
