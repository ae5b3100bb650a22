import { until } from '../data/until.ts';

/** What can happen to one request on its way; the first group is harmless to sign-ins, too. */
export const FAULTS = [
  'request-lost',
  'reply-lost',
  'reply-truncated',
  'request-held',
  'reply-held',
  'bad-gateway',
  'unavailable',
  'gateway-timeout',
  'captive-portal',
  'sent-twice',
  'late-copy',
  'killed-before-sending',
  'killed-before-reply',
  'killed-after-reply',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Faults in which the stream of pokes may end before it begins. */
const STREAM_FAULTS: readonly Fault[] = ['request-lost', 'bad-gateway', 'captive-portal'];
/** A late copy of a push arrives after this many other requests. */
const LATE_BY = 3;

export interface LinkOptions {
  /** Decides about a request before it is sent; null lets it pass. */
  readonly chooseFault: (path: string) => Fault | null;
  /** The power of this console goes; must cut the link before it returns. */
  readonly onKilled: () => void;
}

/** One console's way to the server. */
export interface Link {
  readonly fetch: typeof fetch;
  /** Requests whose outcome this console does not know yet, without the stream of pokes. */
  readonly underWay: number;
  /** Nothing goes out or comes in any more; what the server already has takes its course. */
  cut(): void;
}

interface Late {
  left: number;
  readonly send: () => Promise<void>;
}

/**
 * The network between consoles and the server: real HTTP, with faults where a plan wants them. Held requests and late copies wait for
 * other requests, never for time. Addresses of requests do not matter, they go to where the server is at the moment.
 */
export class FaultyNetwork {
  /** How often each fault happened. */
  readonly happened = new Map<Fault, number>();
  readonly #serverUrl: () => string;
  readonly #held: (() => void)[] = [];
  readonly #late: Late[] = [];
  #underWay = 0;
  #streams = 0;
  #isCalm = false;

  constructor(serverUrl: () => string) {
    this.#serverUrl = serverUrl;
  }

  get faults(): number {
    return [...this.happened.values()].reduce((sum, times) => sum + times, 0);
  }

  /** Streams of pokes that servers have opened so far. */
  get streams(): number {
    return this.#streams;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** From now on every request passes; what was held goes on and late copies arrive. */
  async calmDown(): Promise<void> {
    this.#isCalm = true;
    for (const release of this.#held.splice(0)) release();
    for (const late of this.#late.splice(0)) await late.send();
  }

  connect(options: LinkOptions): Link {
    const cut = new AbortController();
    let underWay = 0;
    const link: Link = {
      get underWay() {
        return underWay;
      },
      cut: () => cut.abort(new TypeError('fetch failed')),
      fetch: async (input, init = {}) => {
        const { pathname: path, search } = new URL(String(input));
        const signal = init.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal;
        signal.throwIfAborted();
        const fault = this.#choose(path, options);
        const request = { path, search, init: { ...init, signal } };
        if (path.endsWith('/events')) return this.#openStream(request, fault);
        underWay++;
        this.#underWay++;
        try {
          return await this.#carry(request, fault, () => options.onKilled());
        } finally {
          underWay--;
          this.#underWay--;
          this.#countDownLate();
        }
      },
    };
    return link;
  }

  /**
   * Waits until nothing moves: consoles rest and no request is under way. A held request goes on only when all others have ended,
   * so that it overtakes nobody and everybody overtakes it; `beforeRelease` may let agents work in that moment.
   */
  async settle(isResting: () => boolean, beforeRelease: () => void = () => {}): Promise<void> {
    await until('the network is quiet', () => {
      if (this.#underWay > this.#held.length) return false;
      if (this.#held.length > 0) {
        beforeRelease();
        this.#held.shift()?.();
        return false;
      }
      return this.#underWay === 0 && isResting();
    });
  }

  #choose(path: string, options: LinkOptions): Fault | null {
    const wanted = this.#isCalm ? null : options.chooseFault(path);
    const fault = wanted !== null && fits(wanted, path) ? wanted : null;
    if (fault !== null) this.happened.set(fault, (this.happened.get(fault) ?? 0) + 1);
    return fault;
  }

  #send({ path, search, init }: Request): Promise<Response> {
    return fetch(`${this.#serverUrl()}${path}${search}`, init);
  }

  async #openStream(request: Request, fault: Fault | null): Promise<Response> {
    if (fault === null) {
      const stream = await this.#send(request);
      if (stream.ok) this.#streams += 1;
      return stream;
    }
    return fault === 'request-lost'
      ? Promise.reject(new TypeError('fetch failed'))
      : Promise.resolve(htmlAnswer(fault));
  }

  async #carry(request: Request, fault: Fault | null, kill: () => void): Promise<Response> {
    if (fault === 'request-lost') throw new TypeError('fetch failed');
    if (fault === 'bad-gateway' || fault === 'unavailable' || fault === 'captive-portal') return htmlAnswer(fault);
    if (fault === 'killed-before-sending') {
      kill();
      throw new TypeError('fetch failed');
    }
    if (fault === 'request-held') await this.#hold(request);
    if (fault === 'sent-twice') await (await this.#send(request)).text();
    const response = await this.#send(request);
    // From here on the server has done its work: what happens now, happens after its COMMIT.
    const bytes = await response.arrayBuffer();
    const headers = { 'content-type': response.headers.get('content-type') ?? '' };
    const answer = (body: ArrayBuffer) => new Response(body, { status: response.status, headers });
    if (fault === 'reply-lost') throw new TypeError('fetch failed');
    if (fault === 'gateway-timeout') return htmlAnswer(fault);
    if (fault === 'reply-truncated') return answer(bytes.slice(0, bytes.byteLength >> 1));
    if (fault === 'late-copy') this.#copyLater(request);
    if (fault === 'reply-held') await this.#hold(request);
    if (fault === 'killed-before-reply') {
      kill();
      throw new TypeError('fetch failed');
    }
    // Two turns of the loop later the console is in the middle of taking the answer over.
    if (fault === 'killed-after-reply') setImmediate(() => setImmediate(kill));
    return answer(bytes);
  }

  #hold({ init }: Request): Promise<void> {
    if (this.#isCalm) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#held.push(resolve);
      init.signal.addEventListener('abort', () => {
        const index = this.#held.indexOf(resolve);
        if (index >= 0) this.#held.splice(index, 1);
        reject(new TypeError('fetch failed'));
      });
    });
  }

  #copyLater({ path, search, init }: Request): void {
    const { signal: _, ...unbound } = init;
    const send = async () => {
      // Its answer goes nowhere; a server that is away has not got it.
      await fetch(`${this.#serverUrl()}${path}${search}`, unbound).then(
        (response) => response.text(),
        () => '',
      );
    };
    this.#late.push({ left: LATE_BY, send });
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

interface Request {
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
  readonly init: RequestInit & { readonly signal: AbortSignal };
}

/** A sign-in sent again later by a stranger ends the session on purpose, so copies are made of sync requests only. */
function fits(fault: Fault, path: string): boolean {
  if (path.endsWith('/events')) return STREAM_FAULTS.includes(fault);
  return path.includes('/sync/') || fault !== 'late-copy';
}

const HTML_STATUS: Partial<Record<Fault, number>> = { 'bad-gateway': 502, unavailable: 503, 'gateway-timeout': 504 };

function htmlAnswer(fault: Fault): Response {
  return new Response('<!doctype html><title>Sign in to this network</title>', {
    status: HTML_STATUS[fault] ?? 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}
