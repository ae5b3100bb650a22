import { getApiDocument } from '#server/http/api-document.ts';
import { createHttpApp } from '#server/http/app.ts';
import { Readiness } from '#server/http/readiness.ts';
import { createLog } from '#server/log.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { JsonSchema } from './nearly-valid.ts';

/** Whose key a route is asked with. */
export type RouteKey = 'person' | 'unit' | 'flow' | 'open311' | 'nobody';

/** A route of the server as it serves it. */
export interface ServerRoute {
  readonly method: string;
  /** Places for values are written `{id}`. */
  readonly path: string;
  readonly key: RouteKey;
  /** Members of the query that the document names. */
  readonly query: Readonly<Record<string, JsonSchema>>;
  /** What the document says of the body, null where it says nothing. */
  readonly body: JsonSchema | null;
}

/** What a document says of one operation. */
interface Operation {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema?: JsonSchema }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
}

/** Every route there is: those of the contract, out of the OpenAPI document, and those that Fastify answers itself. */
export async function listServerRoutes(): Promise<readonly ServerRoute[]> {
  const documented = await listDocumented();
  const nameOf = ({ method, path }: ServerRoute) => `${method} ${path}`;
  const known = new Set(documented.map(nameOf));
  // Fastify answers some of the contract's itself.
  return [...documented, ...(await listPlain()).filter((route) => !known.has(nameOf(route)))];
}

async function listDocumented(): Promise<readonly ServerRoute[]> {
  const { paths = {} } = await getApiDocument();
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Readonly<Record<string, Operation>>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: `/api/v1${path}`,
      key: keyOf(operation),
      query: Object.fromEntries(
        (operation.parameters ?? [])
          .filter((one) => one.in === 'query')
          .map(({ name, schema }) => [name, schema ?? {}]),
      ),
      body: operation.requestBody?.content?.['application/json']?.schema ?? null,
    })),
  );
}

function keyOf({ security = [] }: Operation): RouteKey {
  if (security.some((one) => 'unitKey' in one)) return 'unit';
  return security.some((one) => 'flowKey' in one) ? 'flow' : 'person';
}

/** Reads the tree that Fastify prints; four characters a level. */
async function listPlain(): Promise<readonly ServerRoute[]> {
  const { app } = createHttpApp({
    readiness: new Readiness('production'),
    log: createLog(systemClock, () => {}),
    open311: new Set(['320100']),
  });
  await app.ready();
  const above: string[] = [];
  const routes = app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const found = /^(.*?)[├└]── (\S+)(?: \((.+)\))?$/.exec(line);
      if (!found) return [];
      const [, indent = '', part = '', methods = ''] = found;
      above.length = indent.length / 4;
      above.push(part);
      const path = above.join('');
      // The contract answers below its prefix.
      if (path === '*' || path.endsWith('/*')) return [];
      return methods.split(', ').map((method) => ({ method, path: path.replaceAll(/:(\w+)/g, '{$1}') }));
    });
  await app.close();
  return routes.map((route) => ({ ...route, key: plainKeyOf(route.path), query: {}, body: null }));
}

function plainKeyOf(path: string): RouteKey {
  if (path.startsWith('/open311/')) return 'open311';
  return path.startsWith('/api/v1/') ? 'person' : 'nobody';
}
