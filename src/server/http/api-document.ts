import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { serverContract } from '#shared/contract/server.contract.ts';
import { HEADERS, PROTOCOL_VERSION } from '#shared/sync/protocol.ts';

let document: Promise<OpenAPI.Document> | null = null;

/** The OpenAPI document of the server contract; made once. */
export function getApiDocument(): Promise<OpenAPI.Document> {
  document ??= new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(serverContract, {
    info: {
      title: '12345 central server',
      version: String(PROTOCOL_VERSION),
      description: [
        'Plain JSON. Errors are {defined, code, status, message, data}; the code is what counts.',
        `Requests under /sync carry the headers ${Object.values(HEADERS).join(', ')}.`,
        'Requests under /flows carry the key of a receiver of 流转 and 移交; those that change something an Idempotency-Key, too.',
        'Requests under /unit carry the key of a handling unit; those that change something an Idempotency-Key, too.',
        'GET /api/v1/sync/events streams {scope, seq} as server-sent events; GET /healthz and GET /readyz need no token.',
      ].join('\n'),
    },
    servers: [{ url: '/api/v1' }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        flowKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'Key of a receiver of 流转 and 移交, made with `unit-key add --kind flow`',
        },
        unitKey: { type: 'http', scheme: 'bearer', description: 'Key of a handling unit, made with `unit-key add`' },
      },
    },
    security: [{ bearer: [] }],
  });
  return document;
}
