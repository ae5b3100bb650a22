/** Open311 answers in both: XML is required by the specification, JSON is what everybody asks for. */
export type Format = 'xml' | 'json';

export type Value = string | number | boolean | null | readonly (Row | string)[];
export interface Row {
  readonly [name: string]: Value;
}

/** What the elements of a list are called in XML. */
const ITEMS: Readonly<Record<string, string>> = {
  services: 'service',
  service_requests: 'request',
  attributes: 'attribute',
  values: 'value',
  errors: 'error',
  endpoints: 'endpoint',
  formats: 'format',
};

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  xml: 'text/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** A list (`services`, `service_requests`, `errors`) or one thing (`service_definition`) as GeoReport v2 writes it. */
export function writeGeoReport(format: Format, root: string, content: Row | readonly Row[]): string {
  if (format === 'json') return JSON.stringify(content);
  return `<?xml version="1.0" encoding="utf-8"?>\n${element(root, isList(content) ? content : { ...content })}\n`;
}

function isList(content: Row | readonly Row[]): content is readonly Row[] {
  return Array.isArray(content);
}

function element(name: string, value: Value | Row): string {
  return `<${name}>${inner(name, value)}</${name}>`;
}

function inner(name: string, value: Value | Row): string {
  if (value === null) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  if (Array.isArray(value)) return value.map((item: Row | string) => element(ITEMS[name] ?? 'item', item)).join('');
  return Object.entries(value)
    .map(([key, one]) => element(key, one))
    .join('');
}

/** Characters that XML 1.0 cannot hold at all are left out. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
