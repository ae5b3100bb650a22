import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { getApiDocument } from './api-document.ts';
import { DOCS_STYLE, renderDocsPage } from './docs-page.ts';

/** No script at all, and only the page's own style by its hash. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(DOCS_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GET /api/openapi.json and the page to read it at /api/docs. */
export function addDocsRoutes(app: FastifyInstance): void {
  app.get('/api/openapi.json', async () => getApiDocument());
  app.get('/api/docs', async (_request, reply) => {
    const page = renderDocsPage(await getApiDocument());
    return reply
      .header('content-security-policy', POLICY)
      .header('referrer-policy', 'no-referrer')
      .type('text/html; charset=utf-8')
      .send(page);
  });
}
