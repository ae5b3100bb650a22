import { ERROR_CODES, type ErrorCode } from '#shared/contract/error-codes.ts';
import { HEADERS, PROTOCOL_VERSION, SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import { errnoOf } from '../errors.ts';

/** How one request ended. */
export type HttpOutcome =
  /** The server answered with JSON and status 200; the body is its bytes when it was asked for unread. */
  | { readonly kind: 'answer'; readonly body: unknown }
  /** The server itself refused, with a code of ours. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: ErrorCode;
      readonly detail: string;
      readonly data: unknown;
      readonly retryAfterMs: number | null;
    }
  /**
   * No usable answer: no network, cut, timed out, a proxy or captive portal spoke instead. Whether the server
   * applied the request is unknown; requests are made so that sending them again is harmless.
   */
  | {
      readonly kind: 'unreachable';
      /** A code: of the operating system (ECONNREFUSED), HTTP_502, TIMED_OUT, CUT_OFF, ANSWER_TOO_LONG, UNKNOWN_SHAPE. */
      readonly detail: string;
      /** What the sender can do better: ask for less after `timeout` and `answer-too-long`, send less after `request-too-long`. */
      readonly because: 'timeout' | 'answer-too-long' | 'request-too-long' | 'no-answer';
      readonly retryAfterMs: number | null;
    };

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly accessToken?: string | null;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** The answer is handed over as bytes, for somebody else to read. */
  readonly isUnread?: boolean;
}

export interface HttpTarget {
  /** Base URL of the server, without a slash at the end. */
  readonly baseUrl: string;
  readonly mode: 'demo' | 'production';
  readonly consoleId: string;
  /** Replaced in tests. */
  readonly fetch?: typeof fetch;
}

/** Longer answers are no answers of ours. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/** Headers that tell the server who speaks which protocol. */
export function protocolHeaders(target: HttpTarget, accessToken?: string | null): Record<string, string> {
  return {
    [HEADERS.protocol]: String(PROTOCOL_VERSION),
    [HEADERS.schema]: String(SCHEMA_VERSION),
    [HEADERS.console]: target.consoleId,
    [HEADERS.mode]: target.mode,
    ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
  };
}

/**
 * One JSON request. Never throws: every way to fail is an outcome. Redirects are not followed (a captive portal sends them),
 * and only `application/json` counts as an answer.
 */
export async function sendRequest(target: HttpTarget, request: HttpRequest): Promise<HttpOutcome> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  try {
    const response = await (target.fetch ?? fetch)(`${target.baseUrl}${request.path}`, {
      method: request.method,
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...protocolHeaders(target, request.accessToken),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      cache: 'no-store',
      signal,
    });
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
    const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');
    const isAnswer = isJson && response.status === 200;
    const content = request.isUnread && isAnswer ? await readBytes(response) : await readText(response);
    if (content === null) return unreachable('ANSWER_TOO_LONG', 'answer-too-long');
    if (typeof content !== 'string') return { kind: 'answer', body: content };
    const body: unknown = isJson ? JSON.parse(content) : undefined;
    if (isAnswer) return { kind: 'answer', body };
    const code = readErrorCode(body);
    if (code === null) return strangersAnswer(response.status, retryAfterMs);
    const { status } = response;
    return { kind: 'refused', status, code, detail: readMessage(body, code), data: readData(body), retryAfterMs };
  } catch (error) {
    if (timeout.aborted) return unreachable('TIMED_OUT', 'timeout');
    return unreachable(failureOf(error));
  }
}

/** True for an announced length of more than {@link LONGEST_ANSWER} bytes; nothing of it is read then. */
async function isTooLong(response: Response): Promise<boolean> {
  if (Number(response.headers.get('content-length') ?? 0) <= LONGEST_ANSWER) return false;
  await response.body?.cancel();
  return true;
}

/** @returns null for more than {@link LONGEST_ANSWER} bytes, which are not read to their end */
async function readBytes(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (await isTooLong(response)) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** @returns null for a text of more than {@link LONGEST_ANSWER} bytes, which is not read to its end */
async function readText(response: Response): Promise<string | null> {
  if (await isTooLong(response)) return null;
  if (response.headers.has('content-length') || !response.body) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

type Unreachable = Extract<HttpOutcome, { kind: 'unreachable' }>;

function unreachable(
  detail: string,
  because: Unreachable['because'] = 'no-answer',
  retryAfterMs: number | null = null,
): Unreachable {
  return { kind: 'unreachable', detail, because, retryAfterMs };
}

/** What a proxy says with a status is about the request as it passed by, never a verdict of the server on what is in it. */
function strangersAnswer(status: number, retryAfterMs: number | null): HttpOutcome {
  return unreachable(`HTTP_${status}`, status === 413 ? 'request-too-long' : 'no-answer', retryAfterMs);
}

const KNOWN_CODES: ReadonlySet<string> = new Set(ERROR_CODES);

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && KNOWN_CODES.has(code);
}

function readField(body: unknown, name: string): unknown {
  return body !== null && typeof body === 'object' && name in body
    ? (body as Record<string, unknown>)[name]
    : undefined;
}

function readErrorCode(body: unknown): ErrorCode | null {
  const code = readField(body, 'code');
  return isErrorCode(code) ? code : null;
}

/** What the server adds to a code; its message is the code itself where it has nothing to add. */
function readMessage(body: unknown, code: ErrorCode): string {
  const message = readField(body, 'message');
  return typeof message === 'string' && message !== code ? message.slice(0, 200) : '';
}

function readData(body: unknown): unknown {
  return readField(body, 'data');
}

/** Seconds form only; at most an hour is honoured. */
function parseRetryAfter(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return null;
  return Math.min(3_600, Number(header)) * 1_000;
}

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'NO_CONNECTION';
  if (error instanceof SyntaxError) return 'CUT_OFF';
  const cause = errnoOf(error.cause) || errnoOf(error);
  return cause || 'NO_CONNECTION';
}
