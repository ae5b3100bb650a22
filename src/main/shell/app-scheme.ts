import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Session } from 'electron';

const SCHEME = 'app';
const HOST = 'bundle';
/** Origin of every page of the console. */
export const APP_ORIGIN = `${SCHEME}://${HOST}`;

/** Only these leave the bundle; anything else beside them (source maps, notes) does not exist for a page. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Inline styles are Mantine's; everything else a page uses comes out of the bundle. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Gives app:// a real origin. Has to run before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/**
 * The file inside `root` that a URL names, or null: another scheme or host, credentials, a port, a path that is not plain,
 * or an extension that is not served.
 */
export function resolveAppUrl(root: string, requested: string): { file: string; contentType: string } | null {
  if (!URL.canParse(requested)) return null;
  const url = new URL(requested);
  if (url.protocol !== `${SCHEME}:` || url.host !== HOST || url.username || url.password) return null;
  let pathname: string;
  try {
    pathname = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  const segments = pathname.split('/').slice(1);
  if (segments.some((segment) => !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(segment))) return null;
  const file = path.join(root, ...segments);
  const contentType = CONTENT_TYPES[path.extname(file)];
  if (contentType === undefined || !file.startsWith(root + path.sep)) return null;
  return { file, contentType };
}

/** Serves the built pages of the folder `root` to a session. */
export function serveAppScheme(session: Session, root: string): void {
  const folder = path.resolve(root);
  session.protocol.handle(SCHEME, async (request) => {
    if (request.method !== 'GET') return new Response(null, { status: 405, headers: HEADERS });
    const found = resolveAppUrl(folder, request.url);
    if (found === null) return new Response(null, { status: 404, headers: HEADERS });
    try {
      const body = await readFile(found.file);
      return new Response(new Uint8Array(body), { headers: { ...HEADERS, 'content-type': found.contentType } });
    } catch {
      return new Response(null, { status: 404, headers: HEADERS });
    }
  });
}
