import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { CONTENT_TYPES, type Format, type Row, writeGeoReport } from '../open311/georeport-text.ts';
import { findOpen311Key, type Open311Key } from '../open311/open311-keys.ts';
import { idempotencyKeySchema, postRequest, postRequestSchema } from '../open311/open311-post.ts';
import { findByToken, listRequests, requestsQuerySchema } from '../open311/open311-requests.ts';
import { defineService, discover, findService, listServices } from '../open311/open311-services.ts';
import { ServiceError } from '../service-error.ts';
import type { Services } from '../services.ts';
import { toRetryAfter, toServiceError } from './errors.ts';

/** Only so much is taken at once. */
const BODY_LIMIT = 64 * 1024;

/** A refusal as GeoReport v2 tells it. */
class GeoReportError extends Error {
  readonly status: 400 | 403 | 404;
  constructor(status: 400 | 403 | 404, description: string) {
    super(description);
    this.status = status;
  }
}

type Params = { readonly format: string; readonly id?: string };
type Query = Readonly<Record<string, unknown>>;
interface Asked {
  readonly services: Services;
  readonly centre: string;
  /** Of whoever shows one; reading needs none. */
  readonly key: Open311Key | null;
  readonly params: Params;
  readonly query: Query;
  readonly body: Query;
  /** Of a client that names its requests. */
  readonly idempotencyKey: unknown;
}
type Answer = readonly [root: string, content: Row | readonly Row[]];

/**
 * Open311 GeoReport v2 below a path, for the centres that switched it on: services, their definitions, requests (list, one, post) and
 * tokens, as XML and JSON.
 */
export function addOpen311Routes(
  app: FastifyInstance,
  path: string,
  ready: () => Services | null,
  centres: ReadonlySet<string>,
  log: Log,
  understandError: (error: unknown) => ServiceError,
): void {
  const on =
    (work: (asked: Asked) => Promise<Answer>, status = 200) =>
    async (
      request: FastifyRequest<{ Params: Params; Querystring: Query; Body: Query | null }>,
      reply: FastifyReply,
    ) => {
      const format = request.params.format === 'json' ? 'json' : 'xml';
      try {
        if (!['json', 'xml'].includes(request.params.format)) throw new GeoReportError(404, 'format: xml or json');
        const asked = await understand(request, ready(), centres);
        const [root, content] = await work(asked);
        return send(reply, status, format, root, content);
      } catch (error) {
        return sendErrors(reply, format, error, log);
      }
    };
  app.register(async (scope) => {
    // What is refused before a route is asked: a body that cannot be read.
    scope.setErrorHandler((error, request, reply) => refuseOpen311(request, reply, understandError(error), log));
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_LIMIT },
      async (_request: FastifyRequest, body: string) => readForm(body),
    );
    scope.get(`${path}/discovery.:format`, async (request: FastifyRequest<{ Params: Params }>, reply) => {
      const format = request.params.format === 'json' ? 'json' : 'xml';
      return send(reply, 200, format, 'discovery', discover(`${request.protocol}://${request.host}${path}`));
    });
    scope.get(
      `${path}/services.:format`,
      on(async () => ['services', listServices()]),
    );
    scope.get(
      `${path}/services/:id.:format`,
      on(async ({ params }) => {
        if (!findService(params.id ?? '')) throw new GeoReportError(404, 'service_code was not found');
        return ['service_definition', defineService(params.id ?? '')];
      }),
    );
    scope.get(
      `${path}/requests.:format`,
      on(async (asked) => ['service_requests', await list(asked, asked.query)]),
    );
    scope.get(
      `${path}/requests/:id.:format`,
      on(async (asked) => {
        const found = await list(asked, { service_request_id: asked.params.id });
        if (found.length === 0) throw new GeoReportError(404, 'service_request_id was not found');
        return ['service_requests', found];
      }),
    );
    scope.get(
      `${path}/tokens/:id.:format`,
      on(async ({ services, centre, params }) => {
        const token = z.uuid().safeParse(params.id);
        const id = token.success ? await findByToken(services.pool, centre, token.data) : null;
        if (id === null || !token.success) throw new GeoReportError(404, 'token was not found');
        return ['service_requests', [{ service_request_id: id, token: token.data }]];
      }),
    );
    scope.post(`${path}/requests.:format`, on(post, 201));
  });
}

/** Tells a refusal as GeoReport v2 has it, in the format that the address ends with. */
export function refuseOpen311(
  request: FastifyRequest,
  reply: FastifyReply,
  error: ServiceError,
  log: Log,
): FastifyReply {
  const format = request.url.split('?')[0]?.endsWith('.json') ? 'json' : 'xml';
  reply.header('cache-control', 'no-store');
  return sendErrors(reply, format, error, log);
}

async function understand(
  request: FastifyRequest<{ Params: Params; Querystring: Query; Body: Query | null }>,
  services: Services | null,
  centres: ReadonlySet<string>,
): Promise<Asked> {
  if (!services) throw new ServiceError('NOT_READY', undefined, 1_000);
  const query = withoutEmpty(request.query);
  const body = withoutEmpty(request.body ?? {});
  const given = { ...query, ...body };
  const { jurisdiction_id = [...centres][0], api_key } = given;
  if (centres.size > 1 && !('jurisdiction_id' in given)) {
    throw new GeoReportError(400, 'jurisdiction_id was not provided');
  }
  if (typeof jurisdiction_id !== 'string' || !centres.has(jurisdiction_id)) {
    throw new GeoReportError(404, 'jurisdiction_id was not found');
  }
  const key = typeof api_key === 'string' ? await findOpen311Key(services.pool, api_key) : null;
  services.limits.take(key ? 'open311Key' : 'open311Address', key?.id ?? request.ip);
  if (api_key !== undefined && key?.centre !== jurisdiction_id) throw new GeoReportError(403, 'api_key is not valid');
  const { params, headers } = request;
  return { services, centre: jurisdiction_id, key, params, query, body, idempotencyKey: headers['idempotency-key'] };
}

/** The specification has it that an argument that is passed and empty is one that is not passed. */
function withoutEmpty(given: Query): Query {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

function list({ services, centre, key }: Asked, query: Query): Promise<readonly Row[]> {
  const { jurisdiction_id: _centre, api_key: _key, extensions: _extensions, ...wanted } = query;
  const reader = { centre, readsDetails: key?.readsDetails ?? false };
  // Numbers override all other arguments.
  const { service_request_id } = wanted;
  const asked = service_request_id === undefined ? wanted : { service_request_id };
  return listRequests(services.pool, reader, parse(requestsQuerySchema, asked), services.clock.now());
}

async function post({ services, key, body, idempotencyKey }: Asked): Promise<Answer> {
  if (!key) throw new GeoReportError(403, 'api_key was not provided');
  const named = z.object({ 'Idempotency-Key': idempotencyKeySchema.optional() });
  const { 'Idempotency-Key': name = null } = parse(named, { 'Idempotency-Key': idempotencyKey });
  const { pool, clock, log, pokes, clockSets, identity } = services;
  const poke = (scopes: ReadonlyMap<string, number>) => pokes.announce(scopes);
  const deps = { pool, clock, log, clockSets, mode: identity.mode, poke };
  const { service_code: code } = body;
  if (typeof code === 'string' && code !== '' && !findService(code)) {
    throw new GeoReportError(404, 'service_code was not found');
  }
  const posted = await postRequest(deps, key, parse(postRequestSchema, body), name);
  if (!posted.ok) throw new GeoReportError(400, `The request was not taken: ${posted.reason}`);
  return ['service_requests', [{ service_request_id: posted.id, service_notice: null, account_id: null }]];
}

/** Names what is wrong, never what was in it. */
function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))];
  throw new GeoReportError(400, `missing or wrong: ${places.join(', ')}`);
}

/** A form whose fields come once each. */
function readForm(text: string): Query {
  const form = new URLSearchParams(text);
  const names = [...form.keys()];
  if (new Set(names).size < names.length) throw new ServiceError('BAD_INPUT');
  return Object.fromEntries(form);
}

function send(reply: FastifyReply, status: number, format: Format, root: string, content: Row | readonly Row[]) {
  return reply
    .code(status)
    .type(CONTENT_TYPES[format])
    .send(writeGeoReport(format, root, content));
}

function sendErrors(reply: FastifyReply, format: Format, error: unknown, log: Log) {
  const tell = (status: number, description: string) =>
    send(reply, status, format, 'errors', [{ code: status, description }]);
  if (error instanceof GeoReportError) return tell(error.status, error.message);
  const { status, code, retryAfterMs } = toServiceError(error, log, 'open311');
  if (retryAfterMs !== undefined) reply.header('retry-after', toRetryAfter(retryAfterMs));
  return tell(status, code);
}
