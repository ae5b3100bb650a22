import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { connectOnce } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { WrittenScopes } from './batch-write.ts';

const CHANNEL = 'hotline_pokes';
/** Pokes of one scope within this time are sent as one: NOTIFY makes commits queue, and a poke carries no data anyway. */
const GATHER_MS = 20;
const RECONNECT_MS = 1_000;

const pokeSchema = z.record(z.string(), z.number().int());

/** "Scope has something new up to seq." */
export interface Poke {
  readonly scope: string;
  readonly seq: number;
}

/**
 * Pokes between server processes and to the consoles: one LISTEN connection a process, NOTIFY after commit. A poke that
 * gets lost costs a console at most its poll interval, so nothing waits for one.
 */
export class Pokes {
  readonly #url: string;
  readonly #pool: pg.Pool;
  readonly #log: Log;
  readonly #listeners = new Set<(pokes: readonly Poke[]) => void>();
  readonly #waiting = new Map<string, number>();
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(url: string, pool: pg.Pool, log: Log) {
    this.#url = url;
    this.#pool = pool;
    this.#log = log;
  }

  /** Opens the LISTEN connection; reopens it for as long as the server runs. */
  async start(): Promise<void> {
    const client = await connectOnce(this.#url);
    client.on('notification', (message) => this.#receive(message.payload ?? ''));
    client.on('error', (error) => this.#log.error('pokes.connection-lost', error));
    client.on('end', () => {
      this.#client = null;
      void this.#reconnect();
    });
    await client.query(`LISTEN ${CHANNEL}`);
    this.#client = client;
  }

  /** Tells all processes that scopes moved. Call after COMMIT. */
  announce(scopes: WrittenScopes): void {
    for (const [scope, seq] of scopes) this.#waiting.set(scope, Math.max(seq, this.#waiting.get(scope) ?? 0));
    this.#timer ??= setTimeout(() => void this.#send(), GATHER_MS);
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (pokes: readonly Poke[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#listeners.clear();
    await this.#client?.end().catch(() => {});
  }

  async #send(): Promise<void> {
    this.#timer = null;
    const scopes = new Map(this.#waiting);
    this.#waiting.clear();
    try {
      await notifyScopes(this.#pool, scopes);
    } catch (error) {
      if (!this.#isClosed) this.#log.error('pokes.not-sent', error);
    }
  }

  #receive(payload: string): void {
    const parsed = pokeSchema.safeParse(parseJson(payload));
    if (!parsed.success) return;
    const pokes = Object.entries(parsed.data).map(([scope, seq]) => ({ scope, seq }));
    for (const listener of this.#listeners) listener(pokes);
  }

  async #reconnect(): Promise<void> {
    while (!this.#isClosed && !this.#client) {
      await pause(RECONNECT_MS, undefined, { ref: false });
      if (this.#isClosed) return;
      try {
        await this.start();
        await this.#catchUp();
      } catch (error) {
        this.#log.error('pokes.reconnect', error);
      }
    }
  }

  /** What was announced while nobody listened. */
  async #catchUp(): Promise<void> {
    const clocks = await this.#pool.query<Poke>('SELECT scope, value AS seq FROM clocks');
    for (const listener of this.#listeners) listener(clocks.rows);
  }
}

/** Pokes once, without gathering; inside a transaction it goes out with its COMMIT. */
export async function notifyScopes(client: pg.ClientBase | pg.Pool, scopes: WrittenScopes): Promise<void> {
  await client.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(Object.fromEntries(scopes))]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
