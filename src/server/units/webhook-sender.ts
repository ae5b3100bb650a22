import type pg from 'pg';
import { HOUR_MS, MINUTE_MS } from '#shared/domain/clock/beijing-day.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '../log.ts';
import { signDelivery } from './unit-webhooks.ts';

/** Waits before each new try; after the last one a delivery is given up, three days after it was made. */
const RETRIES_MS = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  5 * HOUR_MS,
  ...Array<number>(6).fill(11 * HOUR_MS),
];
/** A system that does not answer by then is tried again. */
const ANSWER_MS = 10_000;
/** Taken up by one server for that long; another one goes on when it died meanwhile. */
const LEASE_MS = 60_000;
const BATCH = 20;
/** At most so many of one webhook at a time: one that does not answer holds up few others. */
const PER_WEBHOOK = 4;
const LOOK_MS = 5_000;
/** What was sent or given up is kept for that long. */
const KEPT_MS = 30 * 24 * HOUR_MS;

interface Due {
  readonly id: string;
  readonly url: string;
  readonly secret: Buffer;
  readonly body: string;
  readonly attempts: number;
}

/**
 * Sends what was written down for the systems of units: each delivery with the same id until it is answered with 2xx, so that whoever gets it twice
 * knows. Several servers share the work.
 */
export class WebhookSender {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #log: Log;
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  #isWoken = false;
  #isStopped = false;

  constructor(pool: pg.Pool, clock: Clock, log: Log) {
    this.#pool = pool;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), LOOK_MS);
    this.#timer.unref();
  }

  /** Looks at once. */
  wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    this.#sending = this.#sending.then(() => {
      this.#isWoken = false;
      return this.#sendAll();
    });
  }

  /** A delivery under way is waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#sending;
  }

  /** Forgets what was sent or given up long ago. */
  async forget(): Promise<void> {
    await this.#pool.query('DELETE FROM unit_deliveries WHERE made_at < $1 AND next_at IS NULL', [
      this.#clock.now() - KEPT_MS,
    ]);
  }

  async #sendAll(): Promise<void> {
    try {
      for (;;) {
        if (this.#isStopped) return;
        const due = await this.#take();
        await Promise.all(due.map((delivery) => this.#send(delivery)));
        if (due.length === 0) return;
      }
    } catch (error) {
      if (!this.#isStopped) this.#log.error('webhooks.failed', error);
    }
  }

  async #take(): Promise<readonly Due[]> {
    const now = this.#clock.now();
    const taken = await this.#pool.query<Due>(
      `UPDATE unit_deliveries d SET next_at = $2, attempts = d.attempts + 1
       FROM unit_webhooks w
       WHERE w.id = d.webhook_id AND d.id IN (
         SELECT due.id FROM unit_webhooks AS each JOIN unit_keys k ON k.id = each.key_id AND k.revoked_at IS NULL CROSS JOIN LATERAL (
           SELECT id FROM unit_deliveries WHERE webhook_id = each.id AND next_at <= $1
           ORDER BY next_at, id LIMIT ${PER_WEBHOOK} FOR UPDATE SKIP LOCKED) AS due
         WHERE each.removed_at IS NULL LIMIT ${BATCH})
       RETURNING d.id, w.url, w.secret, d.body, d.attempts`,
      [now, now + LEASE_MS],
    );
    return taken.rows;
  }

  async #send({ id, url, secret, body, attempts }: Due): Promise<void> {
    const timestamp = Math.floor(this.#clock.now() / 1_000);
    const status = await post(url, body, {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signDelivery(secret, id, timestamp, body),
    });
    const now = this.#clock.now();
    if (status !== null && status >= 200 && status < 300) {
      await this.#note(id, { nextAt: null, deliveredAt: now, status });
      return;
    }
    const wait = RETRIES_MS[attempts - 1];
    if (wait === undefined) this.#log.warn('webhooks.given-up', status === null ? {} : { status });
    await this.#note(id, { nextAt: wait === undefined ? null : now + wait, deliveredAt: null, status });
    if (wait !== undefined && isDown(status)) await this.#putOff(id, now + wait);
  }

  /** What else waits for a system that is down is not tried before that either. */
  async #putOff(id: string, until: number): Promise<void> {
    await this.#pool.query(
      `UPDATE unit_deliveries SET next_at = $2 WHERE next_at < $2
         AND webhook_id = (SELECT webhook_id FROM unit_deliveries WHERE id = $1)`,
      [id, until],
    );
  }

  /** A webhook that was removed meanwhile, or whose key was taken back, has nothing to send any more. */
  async #note(
    id: string,
    { nextAt, deliveredAt, status }: { nextAt: number | null; deliveredAt: number | null; status: number | null },
  ): Promise<void> {
    await this.#pool.query(
      `UPDATE unit_deliveries d SET next_at = CASE WHEN w.removed_at IS NULL AND k.revoked_at IS NULL THEN $2::bigint END, delivered_at = $3, last_status = $4
       FROM unit_webhooks w JOIN unit_keys k ON k.id = w.key_id WHERE d.id = $1 AND w.id = d.webhook_id`,
      [id, nextAt, deliveredAt, status],
    );
  }
}

/** Whether the system takes nothing at all for now; any other refusal is about that one delivery. */
function isDown(status: number | null): boolean {
  return status === null || status >= 500 || status === 429;
}

/** @returns the status of the answer, null when there was none; a redirect is no answer */
async function post(url: string, body: string, headers: Record<string, string>): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}
