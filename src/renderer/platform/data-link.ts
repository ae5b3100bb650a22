import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { AcquirePort } from './bridge.ts';
import { DataCallError } from './call-error.ts';

/** `connecting`: calls wait for the port; `open`: calls go out; `down`: calls fail at once. */
export type LinkState = 'connecting' | 'open' | 'down';

/** How long a port may take to arrive, and how long to wait before the next request for one, in ms. */
const PORT_TIMEOUT_MS = 4_000;
const RETRY_DELAY_MS = 300;

interface OpenLink {
  readonly rpc: RPCLink<ClientContext>;
  readonly port: MessagePort;
  /** Rejections of the calls in flight. */
  readonly pending: Set<(error: Error) => void>;
}

/**
 * The one link to the data process. Calls of an oRPC client never settle once their port is closed, so this link settles
 * them itself: calls in flight end as OUTCOME_UNKNOWN, calls made while the process is away end as SHUTTING_DOWN (nothing
 * was sent). It keeps asking for a new port until it has one.
 */
export class DataLink implements ClientLink<ClientContext> {
  readonly #acquire: AcquirePort;
  readonly #listeners = new Set<(state: LinkState) => void>();
  #state: LinkState = 'connecting';
  #open: OpenLink | null = null;
  #looping = false;
  #wake: (() => void) | null = null;
  #waiting: { readonly resolve: (link: OpenLink) => void; readonly reject: (error: Error) => void }[] = [];

  constructor(acquire: AcquirePort) {
    this.#acquire = acquire;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Tells about every change of the state; gives back the function that ends it. */
  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts asking for a port, or asks again at once when it is between two tries. */
  connect(): void {
    this.#wake?.();
    if (this.#looping || this.#open) return;
    this.#looping = true;
    void this.#connectUntilOpen();
  }

  /** The data process is gone: settles everything in flight. Known from the host before the port notices, or the reverse. */
  drop(): void {
    const open = this.#open;
    this.#open = null;
    this.#setState('down');
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new DataCallError('SHUTTING_DOWN'));
    if (!open) return;
    for (const reject of open.pending) reject(new DataCallError('OUTCOME_UNKNOWN'));
    open.pending.clear();
    open.port.close();
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const link = this.#open ?? (await this.#waitForLink());
    let reject: (error: Error) => void = () => {};
    const lost = new Promise<never>((_, no) => {
      reject = no;
    });
    link.pending.add(reject);
    try {
      return await Promise.race([link.rpc.call(path, input, options), lost]);
    } catch (error) {
      if (this.#open !== link) throw new DataCallError('OUTCOME_UNKNOWN');
      throw error;
    } finally {
      link.pending.delete(reject);
    }
  }

  #waitForLink(): Promise<OpenLink> {
    if (this.#state === 'down') return Promise.reject(new DataCallError('SHUTTING_DOWN'));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async #connectUntilOpen(): Promise<void> {
    try {
      while (!this.#open) {
        try {
          this.#attach(await this.#acquire('data', PORT_TIMEOUT_MS));
        } catch {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, RETRY_DELAY_MS);
            this.#wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
          this.#wake = null;
        }
      }
    } finally {
      this.#looping = false;
    }
  }

  #attach(port: MessagePort): void {
    const open: OpenLink = { port, pending: new Set(), rpc: new RPCLink({ port }) };
    // Registered so that a closed port settles calls even when the host says nothing.
    port.addEventListener('close', () => {
      if (this.#open !== open) return;
      this.drop();
      this.connect();
    });
    port.start();
    this.#open = open;
    this.#setState('open');
    for (const waiting of this.#waiting.splice(0)) waiting.resolve(open);
  }

  #setState(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
