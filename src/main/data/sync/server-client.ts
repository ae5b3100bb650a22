import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type ReadyState, readyStateSchema, tokensSchema } from '#shared/contract/server.contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { type HttpOutcome, type HttpRequest, type HttpTarget, sendRequest } from './http.ts';

export type Tokens = z.infer<typeof tokensSchema>;

/** A typed answer, or how the request failed. */
export type Reply<T> = { readonly kind: 'answer'; readonly value: T } | Exclude<HttpOutcome, { kind: 'answer' }>;

export const API_PREFIX = '/api/v1';
const bytesSchema = z.instanceof(Uint8Array<ArrayBuffer>);
const AUTH_TIMEOUT_MS = 15_000;
const READY_TIMEOUT_MS = 4_000;
/** An access token is renewed this long before it ends. */
const RENEW_BEFORE_MS = 30_000;

/** Checks an answer against its schema; an answer of another shape is as good as none. */
export function parseReply<T>(outcome: HttpOutcome, schema: z.ZodType<T>): Reply<T> {
  if (outcome.kind !== 'answer') return outcome;
  const parsed = schema.safeParse(outcome.body);
  if (parsed.success) return { kind: 'answer', value: parsed.data };
  return { kind: 'unreachable', detail: 'UNKNOWN_SHAPE', because: 'no-answer', retryAfterMs: null };
}

/** Signs in with account and password. */
export async function logIn(
  target: HttpTarget,
  account: string,
  password: string,
  signal?: AbortSignal,
): Promise<Reply<Tokens>> {
  const body = JSON.stringify({ account, password, console: target.consoleId });
  const outcome = await sendRequest(target, {
    method: 'POST',
    path: `${API_PREFIX}/auth/login`,
    body,
    timeoutMs: AUTH_TIMEOUT_MS,
    ...(signal ? { signal } : {}),
  });
  return parseReply(outcome, tokensSchema);
}

/** Ends a server session; best effort. */
export async function logOut(target: HttpTarget, refreshToken: string): Promise<void> {
  const body = JSON.stringify({ refreshToken });
  await sendRequest(target, { method: 'POST', path: `${API_PREFIX}/auth/logout`, body, timeoutMs: AUTH_TIMEOUT_MS });
}

/** What the server says of itself before anybody signed in. 503 with a proper body is an answer here: it is preparing. */
export async function fetchReadyState(target: HttpTarget): Promise<ReadyState | null> {
  try {
    const response = await (target.fetch ?? fetch)(`${target.baseUrl}/readyz`, {
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.timeout(READY_TIMEOUT_MS),
    });
    const parsed = readyStateSchema.safeParse(await response.json());
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Where the refresh token lives: inside the encrypted cache. */
export interface TokenStore {
  read(): { readonly refreshToken: string | null; readonly refreshKey: string | null };
  /** Must be on disk before the refresh is sent. */
  saveRefreshKey(key: string): void;
  saveTokens(tokens: Tokens): void;
  clear(): void;
}

/** Requests with a valid access token; renews it when needed. */
export interface ServerClient {
  readonly target: HttpTarget;
  post<T>(path: string, body: string, schema: z.ZodType<T>, timeoutMs: number, signal?: AbortSignal): Promise<Reply<T>>;
  get<T>(path: string, schema: z.ZodType<T>, timeoutMs: number, signal?: AbortSignal): Promise<Reply<T>>;
  /** The bytes of an answer that somebody else reads. */
  postUnread(
    path: string,
    body: string,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Reply<Uint8Array<ArrayBuffer>>>;
  /** A valid access token, e.g. for the event stream. */
  accessToken(): Promise<Reply<string>>;
  /** Takes over tokens of a sign-in. */
  adopt(tokens: Tokens): void;
  /** The password of a sign-in that has just unlocked the profile: used once if the stored token no longer works. */
  offerPassword(account: string, password: string): void;
  /** Ends for good: aborts what runs, forgets password and access token. */
  forget(): void;
}

export function createServerClient(target: HttpTarget, store: TokenStore, clock: Clock): ServerClient {
  let access: { readonly token: string; readonly until: number } | null = null;
  let credentials: { readonly account: string; readonly password: string } | null = null;
  let renewing: Promise<Reply<string>> | null = null;
  const closing = new AbortController();

  const adopt = (tokens: Tokens): string => {
    store.saveTokens(tokens);
    credentials = null;
    // The lifetime is the difference of two server times; the console's clock only measures how long ago that was.
    access = {
      token: tokens.accessToken,
      until: clock.now() + (tokens.accessExpiresAt - tokens.serverTime) - RENEW_BEFORE_MS,
    };
    return tokens.accessToken;
  };

  const refresh = async (): Promise<Reply<string>> => {
    const stored = store.read();
    if (stored.refreshToken !== null) {
      const key = stored.refreshKey ?? randomUUID();
      if (stored.refreshKey === null) store.saveRefreshKey(key);
      const body = JSON.stringify({
        refreshToken: stored.refreshToken,
        idempotencyKey: key,
        console: target.consoleId,
      });
      const outcome = await sendRequest(target, {
        method: 'POST',
        path: `${API_PREFIX}/auth/refresh`,
        body,
        timeoutMs: AUTH_TIMEOUT_MS,
        signal: closing.signal,
      });
      const reply = parseReply(outcome, tokensSchema);
      if (reply.kind === 'answer') return checkMode(reply.value);
      const ended = reply.kind === 'refused' && (reply.code === 'UNAUTHENTICATED' || reply.code === 'TOKEN_REUSED');
      if (!ended) return reply;
      store.clear();
      if (!credentials) return reply;
    }
    if (!credentials) {
      return {
        kind: 'refused',
        status: 401,
        code: 'UNAUTHENTICATED',
        detail: 'sign in again to sync',
        data: undefined,
        retryAfterMs: null,
      };
    }
    const reply = await logIn(target, credentials.account, credentials.password, closing.signal);
    if (reply.kind === 'answer') return checkMode(reply.value);
    // Only a verdict about the password ends it; a server that is still starting (503) or busy (429) has not looked at it.
    if (reply.kind === 'refused' && (reply.status === 401 || reply.status === 403)) credentials = null;
    return reply;
  };

  const checkMode = (tokens: Tokens): Reply<string> => {
    if (tokens.mode === target.mode) return { kind: 'answer', value: adopt(tokens) };
    return {
      kind: 'refused',
      status: 409,
      code: 'MODE_MISMATCH',
      detail: `server is ${tokens.mode}`,
      data: undefined,
      retryAfterMs: null,
    };
  };

  const accessToken = async (): Promise<Reply<string>> => {
    if (access && clock.now() < access.until) return { kind: 'answer', value: access.token };
    renewing ??= refresh().finally(() => {
      renewing = null;
    });
    return renewing;
  };

  const request = async <T>(
    what: Pick<HttpRequest, 'method' | 'path' | 'timeoutMs' | 'body' | 'isUnread'>,
    schema: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<Reply<T>> => {
    for (let attempt = 1; ; attempt++) {
      const token = await accessToken();
      if (token.kind !== 'answer') return token;
      const outcome = await sendRequest(target, {
        ...what,
        path: `${API_PREFIX}${what.path}`,
        accessToken: token.value,
        signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
      });
      // The token may have ended on the way: renew it once and send the same bytes again.
      if (outcome.kind === 'refused' && outcome.code === 'UNAUTHENTICATED' && attempt === 1) {
        access = null;
        continue;
      }
      return parseReply(outcome, schema);
    }
  };

  return {
    target,
    accessToken,
    adopt,
    offerPassword: (account, password) => {
      credentials = { account, password };
    },
    forget: () => {
      access = null;
      credentials = null;
      closing.abort();
    },
    post: (path, body, schema, timeoutMs, signal) => request({ method: 'POST', path, body, timeoutMs }, schema, signal),
    postUnread: (path, body, timeoutMs, signal) =>
      request({ method: 'POST', path, body, timeoutMs, isUnread: true }, bytesSchema, signal),
    get: (path, schema, timeoutMs, signal) => request({ method: 'GET', path, timeoutMs }, schema, signal),
  };
}
