import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { SEGMENT_TYPES } from '#shared/sync/segments.ts';
import type { CentreAnswer } from './model-centre.ts';
import { lastLimit } from './still-time.ts';

/** What happens to a request before the server sees it: nothing of it is done. */
const BEFORE = [
  'request-lost',
  'bad-gateway',
  'service-unavailable',
  'captive-portal',
  'redirected',
  'proxy-413',
  'proxy-407',
  'not-ready',
  'rate-limited',
  'token-ended',
  'timed-out-before',
  'killed-before-sending',
] as const;
/** What happens after the server committed: the console must not believe that nothing was done, nor do it twice. */
const AFTER = [
  'reply-lost',
  'reply-truncated',
  'reply-of-another-shape',
  'gateway-timeout',
  'rate-limited-after',
  'timed-out-after',
  'killed-before-reply',
  'killed-after-reply',
] as const;
const ON_THE_WAY = ['request-held', 'reply-held', 'sent-twice', 'late-copy', 'server-killed'] as const;

export const WILD_FAULTS = [...BEFORE, ...AFTER, ...ON_THE_WAY] as const;
export type WildFault = (typeof WILD_FAULTS)[number];

export interface WildLink {
  /** The fault of a request before it is sent; null lets it pass. */
  readonly choose: (path: string) => WildFault | null;
  /** The console's power goes. */
  readonly kill: () => void;
  readonly answer: (path: string, body: unknown) => Promise<CentreAnswer>;
  /** Kills the server after so many statements. */
  readonly killServer: (statements: number) => void;
  readonly chance: () => number;
}

interface Held {
  readonly release: () => void;
}

/**
 * The way between consoles and the server, in this process: no sockets and no time. Held requests and late copies wait for others.
 * Everything that happens is counted.
 */
export class WildNetwork {
  readonly happened = new Map<string, number>();
  readonly #held: Held[] = [];
  readonly #late: { left: number; readonly send: () => Promise<unknown> }[] = [];
  #underWay = 0;

  get faults(): number {
    return [...this.happened.values()].reduce((sum, times) => sum + times, 0);
  }

  /** Requests that move; held ones do not. */
  get moving(): number {
    return this.#underWay - this.#held.length;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  count(event: string): void {
    this.happened.set(event, (this.happened.get(event) ?? 0) + 1);
  }

  /** One held request goes on: all others have overtaken it. */
  releaseOne(): void {
    this.#held.shift()?.release();
  }

  /** Late copies arrive now. */
  async deliverLate(): Promise<void> {
    for (const late of this.#late.splice(0)) await late.send();
  }

  /** A console's fetch; `isCut` tells whether the console is gone. */
  connect(link: WildLink, cut: AbortSignal): typeof fetch {
    return async (input, init = {}) => {
      const { pathname, search } = new URL(String(input));
      const path = pathname.replace('/api/v1', '');
      const signal = init.signal ? AbortSignal.any([init.signal, cut]) : cut;
      signal.throwIfAborted();
      const limit = lastLimit();
      if (path === '/sync/events') throw new TypeError('fetch failed');
      const body: unknown = init.body === undefined ? {} : JSON.parse(String(init.body));
      const fault = path.startsWith('/sync/') ? link.choose(path) : null;
      if (fault) this.count(fault);
      this.#underWay++;
      try {
        return await this.#carry(link, `${path}${search}`, body, fault, { signal, limit });
      } finally {
        this.#underWay--;
        this.#countDownLate();
      }
    };
  }

  async #carry(
    link: WildLink,
    path: string,
    body: unknown,
    fault: WildFault | null,
    { signal, limit }: { readonly signal: AbortSignal; readonly limit: AbortController },
  ): Promise<Response> {
    const early = fault === null ? null : answerOfStranger(fault);
    if (early) return early;
    if (fault === 'request-lost') throw failed();
    if (fault === 'timed-out-before') return timeOut(limit);
    if (fault === 'killed-before-sending') return die(link);
    if (fault === 'request-held') await this.#hold(signal);
    if (fault === 'sent-twice') await link.answer(path, body);
    if (fault === 'server-killed') link.killServer(Math.floor(link.chance() * 24));
    const { status, body: answered, retryAfterMs } = await link.answer(path, body);
    if (signal.aborted || fault === 'reply-lost' || fault === 'server-killed') throw failed();
    if (fault === 'reply-held') await this.#hold(signal);
    if (fault === 'timed-out-after') return timeOut(limit);
    if (fault === 'gateway-timeout') return html(504);
    if (fault === 'rate-limited-after') return json(429, { code: 'RATE_LIMITED', message: 'RATE_LIMITED' });
    if (fault === 'killed-before-reply') return die(link);
    if (fault === 'killed-after-reply') setImmediate(() => setImmediate(link.kill));
    if (fault === 'late-copy') this.#late.push({ left: 3, send: () => link.answer(path, body) });
    if (answered instanceof Uint8Array) return bytes(answered, fault);
    if (fault === 'reply-of-another-shape') return json(200, { ok: true });
    const text = JSON.stringify(answered);
    if (fault === 'reply-truncated') return new Response(text.slice(0, text.length >> 1), { headers: JSON_TYPE });
    return json(status, answered, retryAfterMs);
  }

  #hold(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const held: Held = { release: resolve };
      this.#held.push(held);
      signal.addEventListener('abort', () => {
        const index = this.#held.indexOf(held);
        if (index < 0) return;
        this.#held.splice(index, 1);
        reject(failed());
      });
    });
  }

  #countDownLate(): void {
    for (const late of [...this.#late]) {
      if (--late.left > 0) continue;
      this.#late.splice(this.#late.indexOf(late), 1);
      this.#underWay++;
      void late.send().finally(() => this.#underWay--);
    }
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_STATUS: Partial<Record<WildFault, number>> = {
  'bad-gateway': 502,
  'service-unavailable': 503,
  'captive-portal': 200,
  redirected: 302,
  'proxy-413': 413,
  'proxy-407': 407,
};
const REFUSALS: Partial<Record<WildFault, readonly [number, string]>> = {
  'not-ready': [503, 'NOT_READY'],
  'rate-limited': [429, 'RATE_LIMITED'],
  'token-ended': [401, 'UNAUTHENTICATED'],
};

function answerOfStranger(fault: WildFault): Response | null {
  const status = HTML_STATUS[fault];
  if (status !== undefined) return html(status);
  const refusal = REFUSALS[fault];
  return refusal ? json(refusal[0], { code: refusal[1], message: refusal[1] }) : null;
}

function json(status: number, body: unknown, retryAfterMs?: number): Response {
  const retry = retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  return new Response(JSON.stringify(body), { status, headers: { ...JSON_TYPE, ...retry } });
}

/** A segment; torn off, or whole and packed in order with other words in it. */
function bytes(packed: Uint8Array, fault: WildFault | null): Response {
  const sent =
    fault === 'reply-truncated'
      ? packed.subarray(0, packed.length >> 1)
      : fault === 'reply-of-another-shape'
        ? zstdCompressSync(zstdDecompressSync(packed).toString('utf8').replace('市民', '村民'))
        : packed;
  return new Response(new Uint8Array(sent), { headers: { 'content-type': SEGMENT_TYPES.zstd } });
}

function html(status: number): Response {
  return new Response('<!doctype html><title>Sign in to this network</title>', {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}

function failed(): TypeError {
  return new TypeError('fetch failed');
}

function timeOut(limit: AbortController): never {
  limit.abort(new DOMException('timed out', 'TimeoutError'));
  throw failed();
}

function die(link: WildLink): never {
  link.kill();
  throw failed();
}
