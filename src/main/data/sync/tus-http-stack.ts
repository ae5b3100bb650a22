import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { type HttpTarget, protocolHeaders } from './http.ts';

/** One request of an upload: a piece of 256 KB on a line of 10 KB/s, with some air. */
const REQUEST_TIMEOUT_MS = 45_000;

/** What the stack throws when nobody of ours answered. */
export class NoAnswer extends Error {
  readonly detail: string;

  constructor(detail: string) {
    super(detail);
    this.name = 'NoAnswer';
    this.detail = detail;
  }
}

/**
 * The requests of tus-js-client over the console's own way to the server: same headers, same proxy, no redirects. An answer that does not
 * speak the protocol (a captive portal, a proxy that says 502) counts as none, so that an upload is never begun anew because of it.
 */
export function createTusHttpStack(target: HttpTarget, signal: AbortSignal): HttpStack {
  return {
    getName: () => 'hotline',
    createRequest: (method, url): HttpRequest => {
      const headers = new Headers();
      const stopper = new AbortController();
      return {
        getMethod: () => method,
        getURL: () => url,
        setHeader: (name, value) => headers.set(name, value),
        getHeader: (name) => headers.get(name) ?? undefined,
        setProgressHandler: () => undefined,
        getUnderlyingObject: () => null,
        abort: async () => stopper.abort(),
        send: async (body: Uint8Array<ArrayBuffer> | null) => {
          for (const [name, value] of Object.entries(protocolHeaders(target))) headers.set(name, value);
          const response = await (target.fetch ?? fetch)(url, {
            method,
            headers,
            ...(body === null || body === undefined ? {} : { body }),
            redirect: 'manual',
            cache: 'no-store',
            signal: AbortSignal.any([signal, stopper.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
          });
          const text = await response.text();
          const isOurs = response.ok ? response.headers.has('tus-resumable') : readCode(text) !== null || isHead404();
          if (!isOurs) throw new NoAnswer(`HTTP_${response.status}`);
          return toResponse(response, text);

          function isHead404(): boolean {
            return method === 'HEAD' && (response.status === 404 || response.status === 410);
          }
        },
      };
    },
  };
}

function toResponse(response: Response, text: string): HttpResponse {
  return {
    getStatus: () => response.status,
    getHeader: (name) => response.headers.get(name) ?? undefined,
    getBody: () => text,
    getUnderlyingObject: () => null,
  };
}

/** The code of a refusal of our server; null for whatever else a body is. */
export function readCode(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'code' in parsed && typeof parsed.code === 'string'
      ? parsed.code
      : null;
  } catch {
    return null;
  }
}
