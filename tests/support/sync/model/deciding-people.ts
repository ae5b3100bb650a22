import { DataError } from '#main/data/errors.ts';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import { decideTickets, listActs } from '#main/data/services/act.service.ts';
import { appealCheck, scoreTicket, settleCheck } from '#main/data/services/check-work.service.ts';
import { unlinkTicket } from '#main/data/services/link.service.ts';
import { listOverlays, overlayTicket } from '#main/data/services/overlay.service.ts';
import { addNote } from '#main/data/services/ticket.service.ts';
import { refOf } from '#shared/domain/overlay/overlay-step.ts';
import { openOrdersOf } from '#shared/domain/overlay/oversight.ts';
import { NO_MARKS } from '#shared/domain/quality/check.ts';
import { CHECKED_STATUSES } from '#shared/domain/quality/sampling.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { FIVE_OFF } from '../../checks.ts';
import { dispatchTo } from '../../sample-acts.ts';
import { Deeds } from './deeds.ts';
import type { ModelConsole } from './model-console.ts';
import type { ModelWorld } from './model-world.ts';
import { sampleAct, sampleOverlay, UNITS } from './sample-decisions.ts';

const PHONES = ['13900000001', '13900000002', '13900000003', '13900000004'];
/** A few tickets everybody works on, so that they meet. */
const HOT = 'SELECT uid FROM tickets ORDER BY created_at DESC, id DESC LIMIT ?';
const HOT_TICKETS = 8;
const MEETING_SHARE = 0.15;

/** 班长, 派单员, 督办员, 质检员 and 话务员 at their consoles: they do what the console lets them do, with what it shows them. */
export class DecidingPeople {
  readonly deeds = new Deeds();
  /** What was done, by kind. */
  readonly done = new Map<string, number>();
  readonly #world: ModelWorld;
  #written = 0;

  constructor(world: ModelWorld) {
    this.#world = world;
  }

  /** One person does one thing, at whichever console runs. */
  act(): void {
    const up = this.#world.consoles.filter((each) => each.isUp);
    if (up.length === 0) return;
    const self = this.#world.pick(up);
    const kind = this.#do(self, `第${++this.#written}件`);
    if (kind !== null) this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
    this.deeds.note(self);
  }

  /** Takes calls. */
  takeIn(self: ModelConsole, count: number): void {
    for (let each = 0; each < count; each++) self.submit(`第${++this.#written}件`, this.#world.pick(PHONES));
    this.deeds.note(self);
  }

  /** Sends some of what waits to a unit. */
  dispatch(self: ModelConsole, count: number): void {
    const waiting = self.work.db.values<TicketId>(
      `SELECT uid FROM tickets WHERE status = 'to_dispatch' ORDER BY id LIMIT ?`,
      count,
    );
    const decisions = waiting.map((uid) => {
      return { uid, from: 'to_dispatch', act: dispatchTo(UNITS[0]), words: `第${++this.#written}件` } as const;
    });
    decideTickets(self.work, decisions);
    this.deeds.note(self);
  }

  #do(self: ModelConsole, words: string): string | null {
    const world = this.#world;
    const { db } = self.work;
    const uids = db.values<TicketId>(HOT, HOT_TICKETS);
    const isTakingCalls = self.user.role === 'agent' && world.happens(0.15);
    if (uids.length < 4 || isTakingCalls) {
      if (self.user.role === 'quality') return null;
      const parent = uids.length > 0 && world.happens(0.3) ? world.pick(uids) : null;
      try {
        self.submit(words, world.pick(PHONES), world.happens(0.25) ? 'direct_answer' : 'submit', parent);
      } catch (error) {
        // A ticket that is a child itself is proposed to nobody.
        if (!(error instanceof DataError) || error.code !== 'CANNOT_LINK') throw error;
        return null;
      }
      return 'ticket.create';
    }
    const ticket = findTicket(db, world.pick(uids))?.ticket;
    if (!ticket) return null;
    if (world.happens(0.05)) {
      addNote(self.work, ticket.uid, { kind: world.happens(0.3) ? 'remind' : 'note', text: words });
      return 'ticket.note';
    }
    if (self.user.role === 'quality' || self.user.role === 'agent' || world.happens(0.1))
      return this.#check(self, words);
    return world.happens(0.35) ? this.#overlay(self, ticket, words) : this.#decide(self, ticket, uids, words);
  }

  #decide(self: ModelConsole, ticket: Ticket, uids: readonly TicketId[], words: string): string | null {
    const world = this.#world;
    const { work } = self;
    const actions = listActs(work, ticket.uid, ticket.status);
    if (ticket.link?.state === 'proposed' && world.happens(0.2)) {
      unlinkTicket(work, ticket.uid, words);
      return 'ticket.unlink';
    }
    if (actions.length === 0) return null;
    const act = sampleAct(world, world.pick(actions), ticket, uids, self.clock.now());
    if (!act) return null;
    const from = ticket.status;
    const [outcome] = decideTickets(work, [{ uid: ticket.uid, from, act, words }]);
    if (outcome?.refused !== null) return null;
    this.#others(self, (other) =>
      decideTickets(other.work, [{ uid: ticket.uid, from, act, words: `${words}，${other.name}又及` }]),
    );
    return act.action;
  }

  /** Somebody else who still sees the same does the same. */
  #others(self: ModelConsole, does: (other: ModelConsole) => unknown): void {
    for (const other of this.#world.consoles) {
      if (other === self || !other.isUp || !this.#world.happens(MEETING_SHARE)) continue;
      does(other);
      this.deeds.note(other);
    }
  }

  #overlay(self: ModelConsole, ticket: Ticket, words: string): string | null {
    const world = this.#world;
    const kinds = listOverlays(self.work, ticket.uid, ticket.status);
    if (kinds.length === 0) return null;
    const { length: open } = openOrdersOf(ticket.events);
    // What was begun is mostly written on and ended, by whoever looks at it first.
    const ending = kinds.filter((kind) => kind === 'finish' || kind === 'progress');
    const kind = world.pick(open > 0 && ending.length > 0 && world.happens(0.6) ? ending : kinds);
    const step = sampleOverlay(world, kind, ticket, self.clock.now());
    if (!step || overlayTicket(self.work, ticket.uid, step, words) !== null) return null;
    if (refOf(step) !== '') {
      this.#others(self, (other) => overlayTicket(other.work, ticket.uid, step, `${words}，${other.name}又及`));
    }
    return step.step;
  }

  /** What is against the rules of checks is told at once and queued nowhere. */
  #check(self: ModelConsole, words: string): string | null {
    const world = this.#world;
    const ended = self.work.db.values<TicketId>(
      `SELECT uid FROM tickets WHERE status IN (${CHECKED_STATUSES.map((one) => `'${one}'`).join(', ')}) ORDER BY id DESC LIMIT 5`,
    );
    if (ended.length === 0) return null;
    const uid = world.pick(ended);
    const deeds = {
      'check.score': () => scoreTicket(self.work, uid, world.pick([FIVE_OFF, { ...NO_MARKS, remark: words }])),
      'check.appeal': () => appealCheck(self.work, uid, words),
      'check.settle': () => settleCheck(self.work, uid, world.pick([null, NO_MARKS]), words),
    } as const;
    const kind = world.pick(Object.keys(deeds) as (keyof typeof deeds)[]);
    try {
      deeds[kind]();
      return kind;
    } catch (error) {
      if (error instanceof DataError) return null;
      throw error;
    }
  }
}
