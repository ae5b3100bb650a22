import type { OpenAPI } from '@orpc/openapi';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export const DOCS_STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886; }
nav a { margin-right: 1rem; }
details { border: 1px solid #8886; border-radius: 6px; margin: .6rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 2px solid #4a7dff; outline-offset: 2px; }
code, pre { font-family: ui-monospace, monospace; font-size: 13px; }
pre { overflow: auto; max-height: 30rem; background: #8881; padding: .8rem; border-radius: 6px; }
.method { display: inline-block; min-width: 4rem; font-weight: 700; }
.note { white-space: pre-line; }
`;

/** The API document as one readable page: no script, nothing from elsewhere, works offline. */
export function renderDocsPage(document: OpenAPI.Document): string {
  const operations = listOperations(document);
  const tags = [...new Set(operations.map((operation) => operation.tag))];
  const sections = tags.map((tag) => {
    const own = operations.filter((operation) => operation.tag === tag);
    return `<section><h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>${own.map(renderOperation).join('')}</section>`;
  });
  const links = tags.map((tag) => `<a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a>`).join('');
  const { title, description } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${DOCS_STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1><p class="note">${escapeHtml(description ?? '')}</p>
<nav aria-label="Sections">${links}<a href="/api/openapi.json">openapi.json</a></nav>
<main>${sections.join('')}</main></body></html>`;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly spec: OpenAPI.OperationObject;
}

function listOperations(document: OpenAPI.Document): readonly Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const spec = item?.[method];
      return spec ? [{ method: method.toUpperCase(), path, tag: spec.tags?.[0] ?? 'other', spec }] : [];
    }),
  );
}

function renderOperation({ method, path, spec }: Operation): string {
  const parts = [
    spec.parameters ? renderPart('Parameters', spec.parameters) : '',
    spec.requestBody ? renderPart('Request body', spec.requestBody) : '',
    ...Object.entries(spec.responses ?? {}).map(([status, response]) => renderPart(`Answer ${status}`, response)),
  ];
  const head = `<span class="method">${method}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(spec.summary ?? '')}`;
  return `<details><summary>${head}</summary>${parts.join('')}</details>`;
}

function renderPart(title: string, value: unknown): string {
  return `<h3>${escapeHtml(title)}</h3><pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
