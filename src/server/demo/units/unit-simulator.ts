import { hash } from 'node:crypto';
import { type UnitTicket, unitTicketPageSchema } from '#shared/contract/units.contract.ts';
import { type CoOrder, isCoOrderOpen } from '#shared/domain/co-order.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '../../log.ts';
import { createRng, type Rng } from '../rng.ts';
import { type Simulator, startSimulator } from '../simulator.ts';
import { createUnitReplies } from './unit-replies.ts';

/** How often the units look for work. */
const LOOK_MS = 4_000;
/** Times until a unit does something about a ticket, in seconds: believable in a demo, not in an office. */
const PACE = { sign: [8, 30], work: [25, 70], backlog: [30, 60] } as const;
const CHANCE = { return: 0.08, extension: 0.07 } as const;
/** Of what was lying there before, the oldest so many are chosen from. */
const BACKLOG_PAGE = 20;

export interface UnitSimulatorParts {
  /** Base URL of the server. */
  readonly url: string;
  readonly key: string;
  /** The same seed makes the same units. */
  readonly seed: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Makes all times shorter, for tests: 0.01 is a hundred times as fast. */
  readonly pace?: number;
}

type Action = 'sign' | 'return' | 'extension' | 'reply';
interface Plan {
  readonly ticket: UnitTicket;
  readonly action: Action;
  /** The 协办 that does it; null for the 主办. */
  readonly helper: string | null;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * Handling units that work by themselves, for demo centres: they sign, now and then return or ask for more time, and answer. They know nothing
 * but the public HTTP API that real units use, and the key they were given.
 */
export function startUnitSimulator(parts: UnitSimulatorParts): Simulator {
  const units = new Units(parts);
  const everyMs = LOOK_MS * (parts.pace ?? 1);
  return startSimulator({ event: 'units.look-failed', everyMs, log: parts.log }, (signal) => units.work(signal));
}

class Units {
  readonly #parts: UnitSimulatorParts;
  readonly #replies = createUnitReplies();
  readonly #plans = new Map<string, Plan>();
  readonly #pace: number;
  /** What was there before is worked off slowly. */
  readonly #backlogRng: Rng;
  #changedSince: number;
  #backlogAt: number;

  constructor(parts: UnitSimulatorParts) {
    this.#parts = parts;
    this.#pace = parts.pace ?? 1;
    this.#backlogRng = createRng(parts.seed, 1);
    this.#changedSince = parts.clock.now();
    this.#backlogAt = this.#changedSince + this.#wait(this.#backlogRng, PACE.backlog);
  }

  async work(signal: AbortSignal): Promise<void> {
    await this.#look();
    await this.#takeFromBacklog();
    await this.#doDue(signal);
  }

  async #look(): Promise<void> {
    const since = String(this.#changedSince);
    const asOf = await this.#lookAs('lead', since);
    await this.#lookAs('co', since);
    this.#changedSince = asOf;
  }

  /** @returns from when on the next look has to look */
  async #lookAs(as: 'lead' | 'co', changedSince: string): Promise<number> {
    let after: string | null = null;
    do {
      const page: { next: string | null; asOf: number; tickets: UnitTicket[] } = await this.#list({
        as,
        changedSince,
        ...(after === null ? {} : { after }),
      });
      for (const ticket of page.tickets) {
        if (as === 'lead') this.#plan(ticket);
        else for (const order of ticket.coOrders) this.#planHelp(ticket, order);
      }
      after = page.next;
      if (after === null) return page.asOf;
    } while (after !== null);
    return Number(changedSince);
  }

  async #takeFromBacklog(): Promise<void> {
    const { clock } = this.#parts;
    if (clock.now() < this.#backlogAt) return;
    this.#backlogAt = clock.now() + this.#wait(this.#backlogRng, PACE.backlog);
    const { tickets } = await this.#list({ status: 'to_sign,handling', limit: String(BACKLOG_PAGE) });
    if (tickets.length > 0) this.#plan(this.#backlogRng.pick(tickets));
  }

  /** What a unit will do about a ticket depends on the ticket alone: however often it comes, it is the same. */
  #plan(ticket: UnitTicket): void {
    const { uid, version, status } = ticket;
    if (this.#plans.get(uid)?.ticket.version === version) return;
    this.#plans.delete(uid);
    const rng = this.#rngOf(ticket);
    const now = this.#parts.clock.now();
    if (status === 'to_sign') {
      const at = now + this.#wait(rng, PACE.sign);
      const isInTime = at < (ticket.returnBy ?? at);
      const isReturned = rng.chance(CHANCE.return) && ticket.urgency === 'normal' && isInTime;
      this.#plans.set(uid, { ticket, action: isReturned ? 'return' : 'sign', helper: null, at });
      // The citizen gets one reply: that of the 主办 waits for what the 协办 have to say.
    } else if (status === 'handling' && !ticket.coOrders.some(isCoOrderOpen)) {
      const mayAsk = ticket.urgency === 'normal' && ticket.extendedDays === 0 && ticket.replies.length === 0;
      const action = mayAsk && rng.chance(CHANCE.extension) ? 'extension' : 'reply';
      this.#plans.set(uid, { ticket, action, helper: null, at: now + this.#wait(rng, PACE.work) });
    }
  }

  /** A 协办 signs its part and answers it to the 主办. */
  #planHelp(ticket: UnitTicket, { unit, state, since }: CoOrder): void {
    const key = `${ticket.uid} ${unit} ${since} ${state}`;
    if (this.#plans.has(key) || (state !== 'to_sign' && state !== 'handling')) return;
    const rng = this.#rngOf({ uid: ticket.uid, version: since });
    const [action, pace] = state === 'to_sign' ? (['sign', PACE.sign] as const) : (['reply', PACE.work] as const);
    this.#plans.set(key, { ticket, action, helper: unit, at: this.#parts.clock.now() + this.#wait(rng, pace) });
  }

  async #doDue(signal: AbortSignal): Promise<void> {
    const now = this.#parts.clock.now();
    const due = [...this.#plans].filter(([, { at }]) => at <= now).sort(([, a], [, b]) => a.at - b.at);
    for (const [key, plan] of due) {
      if (signal.aborted) return;
      const isRefused = await this.#act(plan);
      this.#plans.delete(key);
      // Asked for once already, and so refused for good: it is answered instead.
      if (isRefused && plan.action === 'extension') await this.#act({ ...plan, action: 'reply' });
    }
  }

  /** @returns true when the server refused it */
  async #act({ ticket, action, helper }: Plan): Promise<boolean> {
    const { uid, status, version } = ticket;
    const rng = this.#rngOf(ticket, 2);
    const seen = { status, version };
    const body = {
      sign: () => ({ seen }),
      return: () => ({ seen, reason: this.#replies.returning(rng) }),
      extension: () => ({ seen, reason: this.#replies.extending(rng), days: rng.between(2, 5) }),
      reply: () => ({ seen, text: helper === null ? this.#replies.reply(ticket, rng) : this.#replies.helping(rng) }),
    }[action]();
    const as = helper === null ? '' : `?${new URLSearchParams({ as: 'co', unit: helper })}`;
    const response = await this.#fetch(`/unit/tickets/${uid}/${action}${as}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `${uid}.${version}.${action}` },
      body: JSON.stringify(body),
    });
    // Somebody was quicker, or it went to another unit.
    const isRefused = response.status === 409 || response.status === 404;
    if (!response.ok && !isRefused) throw new Error(`HTTP_${response.status}`);
    return isRefused;
  }

  async #list(query: Record<string, string>) {
    const response = await this.#fetch(`/unit/tickets?${new URLSearchParams(query)}`);
    if (!response.ok) throw new Error(`HTTP_${response.status}`);
    return unitTicketPageSchema.parse(await response.json());
  }

  #fetch(path: string, init: RequestInit & { readonly headers?: Record<string, string> } = {}): Promise<Response> {
    const { url, key } = this.#parts;
    return fetch(`${url}/api/v1${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } });
  }

  #rngOf({ uid, version }: Pick<UnitTicket, 'uid' | 'version'>, stream = 0): Rng {
    return createRng(this.#parts.seed, stream + Number.parseInt(hash('sha256', `${uid}/${version}`).slice(0, 8), 16));
  }

  #wait(rng: Rng, [from, to]: readonly [number, number]): number {
    return rng.between(from * 1_000, to * 1_000) * this.#pace;
  }
}
