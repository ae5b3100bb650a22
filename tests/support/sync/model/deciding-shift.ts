import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { discardOp, redoOp } from '#main/data/services/refused-ops.service.ts';
import { answerOldReturns } from '#server/upkeep/answer-returns.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { OpId } from '#shared/kernel/ids.ts';
import { checkCounts } from './check-counts.ts';
import { checkDeeds, checkSeen } from './check-deeds.ts';
import { checkEqual, pullAll } from './check-equal.ts';
import { checkHistories } from './check-histories.ts';
import { checkOwnWords, checkParity, watchMonotonic } from './checks.ts';
import { DecidingPeople } from './deciding-people.ts';
import { DecidingUnit } from './deciding-unit.ts';
import { exchange } from './exchange.ts';
import type { ModelConsole } from './model-console.ts';
import { ModelWorld } from './model-world.ts';

/** Who sits there: two 班长, who also call back, 派单员, 督办员, 质检员, 话务员. A unit works through its own system beside them. */
const ROLES: readonly Role[] = ['lead', 'lead', 'dispatcher', 'supervisor', 'quality', 'agent'];
/** Faults slow a shift down; people have to get on with their tickets to meet each other. */
const FAULT_SHARE = 0.3;
const HOUR_MS = 3_600_000;
/** Longest time of a console without a network, in steps. */
const MOST_STEPS_APART = 6;
const CUT_SHARE = 0.06;

export interface DecidingPlan {
  readonly seed: number;
  readonly folder: string;
  readonly steps: number;
  /** Breaks a rule, to see that the checks notice. */
  readonly sabotage?: (world: ModelWorld) => void;
}

export interface DecidingReport {
  readonly done: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  readonly redone: number;
  readonly faults: number;
}

/** Plays one shift of people who decide to its end and checks everything that was promised. @throws a complaint */
export async function playDecidingShift(plan: DecidingPlan): Promise<DecidingReport> {
  const world = new ModelWorld(plan.seed, plan.folder);
  try {
    return await new DecidingShift(world, plan).play();
  } finally {
    await world.close();
  }
}

class DecidingShift {
  readonly #world: ModelWorld;
  readonly #plan: DecidingPlan;
  readonly #people: DecidingPeople;
  readonly #unit: DecidingUnit;
  readonly #monotonic = watchMonotonic();
  readonly #refused = new Map<string, number>();
  #redone = 0;

  constructor(world: ModelWorld, plan: DecidingPlan) {
    this.#world = world;
    this.#plan = plan;
    this.#people = new DecidingPeople(world);
    this.#unit = new DecidingUnit(world);
  }

  async play(): Promise<DecidingReport> {
    const world = this.#world;
    world.isWild = false;
    for (const role of ROLES) await world.addConsole(role);
    await exchange(world);
    await this.#openMorning();
    world.watch = (self) => checkParity(self);
    world.faultShare = FAULT_SHARE;
    this.#plan.sabotage?.(world);
    for (const part of [0.5, 1]) {
      await this.#work(this.#plan.steps * part);
      await this.#quiesce();
    }
    return { done: this.#people.done, refused: this.#refused, redone: this.#redone, faults: world.network.faults };
  }

  /** Before anything goes wrong some tickets lie with a unit, and some of these are answered: whoever comes next meets on them. */
  async #openMorning(): Promise<void> {
    const world = this.#world;
    const seat = (role: Role) =>
      forceUnwrap(
        role,
        world.consoles.find(({ user }) => user.role === role),
      );
    this.#people.takeIn(seat('agent'), 8);
    await exchange(world);
    this.#people.dispatch(seat('lead'), 6);
    await exchange(world);
    for (const action of ['sign', 'reply'] as const) {
      for (let each = 0; each < 4; each++) await this.#unit.act(action);
    }
    await exchange(world);
  }

  async #work(steps: number): Promise<void> {
    const world = this.#world;
    world.isWild = true;
    for (let step = 0; step < steps; step++) {
      this.#part();
      await this.#letTimePass();
      for (let actions = 3 + Math.floor(world.random() * 6); actions > 0; actions--) this.#people.act();
      for (let actions = Math.floor(world.random() * 4); actions > 0; actions--) await this.#unit.act();
      if (world.happens(0.03)) {
        world.network.count('server-restarted');
        world.centre.database.crashAfter = Math.floor(world.random() * 40);
      }
      await world.round(() => world.happens(0.3) && this.#people.act());
      for (const each of world.consoles) {
        this.#monotonic.look(each);
        checkOwnWords(each);
      }
    }
    world.apart.clear();
  }

  /** Some lose their network for a while, others get it back. */
  #part(): void {
    const { apart, consoles, network } = this.#world;
    for (const each of consoles) {
      if (apart.has(each)) {
        if (this.#world.happens(1 / MOST_STEPS_APART)) apart.delete(each);
      } else if (this.#world.happens(CUT_SHARE)) {
        network.count('cut-off');
        apart.add(each);
      }
    }
  }

  /** Minutes or hours, the same for everybody but for how well their clocks go; what is due by rule is done. */
  async #letTimePass(): Promise<void> {
    const world = this.#world;
    const ms = world.happens(0.3) ? (1 + world.random() * 12) * HOUR_MS : world.random() * 600_000;
    world.centre.clock.advance(Math.round(ms));
    for (const each of world.consoles) {
      each.pass(Math.round(ms));
      if (!world.happens(0.02)) continue;
      world.network.count('clock-jumped');
      each.clock.advance(Math.round((world.random() * 2 - 1) * 24 * HOUR_MS));
    }
    const { centre } = world;
    const deps = { pool: centre.database.pool, clock: centre.clock, clockSets: new Map(), poke: () => {} };
    // Its process may be killed like any other; it comes back at its next hour.
    const answered = await answerOldReturns(deps).catch(() => 0);
    for (let each = 0; each < answered; each++) world.network.count('return-run-out');
  }

  /** Nothing goes wrong any more; refused work is looked at by its authors; then everything that was promised is checked. */
  async #quiesce(): Promise<void> {
    const world = this.#world;
    await exchange(world);
    await this.#unit.settle();
    await exchange(world);
    this.#check();
    for (const each of world.consoles) this.#decideRefused(each, 0.5);
    await exchange(world);
    this.#check();
    for (const each of world.consoles) this.#decideRefused(each, 0);
    await exchange(world);
    this.#check();
    await checkEqual(world.centre, world.consoles);
    await this.#checkTickets();
  }

  #check(): void {
    checkDeeds(this.#world.centre, this.#people.deeds);
    const { events } = this.#world.centre.database.tables;
    for (const { uid, words } of this.#unit.promised) {
      const times = (events.get(uid) ?? []).filter(({ body }) => body === words).length;
      if (times !== 1) throw new Error(`words of a unit are on its ticket ${times} times: ${words}`);
    }
  }

  /** One action for each: again on what the server holds now, as far as that is offered, or theirs. */
  #decideRefused(self: ModelConsole, shareRedone: number): void {
    const { work } = self;
    const refused = () => work.db.values<OpId>(`SELECT op_id FROM outbox WHERE state <> 'waiting' ORDER BY s`);
    for (const opId of refused()) {
      // Decided together with the one it stood on.
      if (!refused().includes(opId)) continue;
      const code = self.outbox.find(({ op }) => op.opId === opId)?.lastError?.code ?? '';
      this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
      if (compareOp(work, opId).redoable && this.#world.happens(shareRedone)) {
        redoOp(work, opId);
        this.#redone++;
      } else discardOp(work, opId);
      this.#people.deeds.note(self);
    }
  }

  async #checkTickets(): Promise<void> {
    const { centre, consoles } = this.#world;
    const lead = forceUnwrap('a 班长', consoles[0]);
    const tickets = (await pullAll(centre, lead)).flatMap(({ table, row }) =>
      table === 'tickets' ? [row as Ticket] : [],
    );
    checkHistories(tickets, (id) => consoles.find(({ user }) => user.id === id)?.user.role ?? 'unit');
    for (const [uid, events] of centre.database.tables.events) {
      const inOrder = [...events].sort(
        (a, b) => Number(a.version) - Number(b.version) || Number(a.position) - Number(b.position),
      );
      checkSeen(this.#people.deeds, uid, inOrder);
    }
    for (const each of consoles) checkCounts(each, tickets);
  }
}
