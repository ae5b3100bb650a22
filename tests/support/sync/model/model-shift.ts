import { discardOp, redoOp } from '#main/data/services/refused-ops.service.ts';
import { sendAgain } from '#main/data/services/send-again.service.ts';
import type { OpId } from '#shared/kernel/ids.ts';
import { checkEqual } from './check-equal.ts';
import { checkPersons } from './check-persons.ts';
import { checkOnce, checkOutbox, checkOwnWords, checkParity, watchMonotonic } from './checks.ts';
import { loseCaches, openLateSeats, removeRows, type ShiftUnderWay, updateServerFirst } from './disasters.ts';
import { exchange } from './exchange.ts';
import { ModelAgents } from './model-agents.ts';
import type { ModelConsole } from './model-console.ts';
import { UNSTORABLE } from './model-postgres.ts';
import { ModelWorld } from './model-world.ts';

/** What happens once in the middle of a shift, besides everything else. */
export type Disaster =
  | 'none'
  | 'disk-cloned'
  | 'console-restored'
  | 'server-restored'
  | 'cache-lost'
  | 'rows-removed'
  | 'server-updated'
  | 'seats-added';

/** People who were there before anybody signed in, and how many changes of each were counted. */
const PEOPLE: Partial<Record<Disaster, readonly [number, number]>> = {
  'rows-removed': [90, 1],
  'seats-added': [240, 6],
};

export interface ShiftPlan {
  readonly seed: number;
  readonly folder: string;
  /** The shift ends when so many things went wrong. */
  readonly faults: number;
  readonly disaster: Disaster;
  readonly consoles?: number;
  /** Breaks the protocol, to see that the checks notice. */
  readonly sabotage?: (world: ModelWorld) => void;
}

export interface ShiftReport {
  readonly happened: ReadonlyMap<string, number>;
  readonly faults: number;
  readonly steps: number;
  readonly tickets: number;
  readonly notes: number;
}

const SPECIAL: Partial<Record<Disaster, (shift: ShiftUnderWay) => Promise<void>>> = {
  'cache-lost': loseCaches,
  'rows-removed': removeRows,
  'server-updated': updateServerFirst,
  'seats-added': openLateSeats,
};

/** How often every console tries to sync between two moments of work: nearly every try fails. */
const ROUNDS_OF_A_STEP = 3;
const DAY_MS = 86_400_000;

/** Plays one shift to its end and checks everything that was promised. @throws a complaint */
export async function playShift(plan: ShiftPlan): Promise<ShiftReport> {
  const world = new ModelWorld(plan.seed, plan.folder);
  try {
    return await new Shift(world, plan).play();
  } finally {
    await world.close();
  }
}

class Shift {
  readonly #world: ModelWorld;
  readonly #plan: ShiftPlan;
  readonly #agents: ModelAgents;
  readonly #monotonic = watchMonotonic();
  /** Consoles that lost their cache. */
  readonly #anew = new Set<ModelConsole>();
  #isRestoring = false;
  #steps = 0;

  constructor(world: ModelWorld, plan: ShiftPlan) {
    this.#world = world;
    this.#agents = new ModelAgents(world);
    this.#plan = plan;
  }

  async play(): Promise<ShiftReport> {
    const world = this.#world;
    const { faults, disaster, consoles = 3, sabotage } = this.#plan;
    world.isWild = false;
    const people = PEOPLE[disaster];
    if (people) world.centre.importPeople(...people);
    for (let n = 0; n < consoles; n++) await world.addConsole();
    await this.#quiesce();
    // While a server that came back is caught up with, the digest tells what it lost: that is what it is for.
    world.watch = (self) => !this.#isRestoring && checkParity(self);
    sabotage?.(world);
    await this.#work(faults * 0.4);
    await this.#quiesce();
    await this.#strike(disaster, faults);
    await this.#work(faults);
    if (disaster === 'server-restored') {
      // An operation that went before what the server lost was sent again is told so, and its author sends it again.
      await exchange(world);
      for (const each of world.consoles) sendRefusedAgain(each, 'DEPENDENCY_UNKNOWN');
    }
    await this.#quiesce();
    const { network } = world;
    return {
      happened: network.happened,
      faults: network.faults,
      steps: this.#steps,
      tickets: this.#agents.promised.tickets.size,
      notes: this.#agents.promised.notes.length,
    };
  }

  /** Works until so many things went wrong. */
  async #work(until: number): Promise<void> {
    this.#world.isWild = true;
    while (this.#world.network.faults < until) await this.#step();
  }

  async #step(): Promise<void> {
    const world = this.#world;
    this.#steps++;
    world.centre.clock.advance(1_000);
    for (const each of world.consoles) this.#letTimePass(each);
    for (let actions = Math.floor(world.random() * 4); actions > 0; actions--) this.#agents.act();
    world.isDeaf = world.happens(0.15);
    if (world.happens(0.02)) {
      world.network.count('server-restarted');
      world.centre.database.crashAfter = Math.floor(world.random() * 40);
    }
    for (let rounds = 0; rounds < ROUNDS_OF_A_STEP; rounds++) {
      await world.round(() => world.happens(0.4) && this.#agents.act());
    }
    for (const each of world.consoles) {
      if (!this.#isRestoring) this.#monotonic.look(each);
      checkOwnWords(each, this.#anew.has(each));
    }
  }

  #letTimePass(self: ModelConsole): void {
    const world = this.#world;
    self.pass(Math.floor(world.random() * 60_000));
    if (!world.happens(0.01)) return;
    world.network.count('clock-jumped');
    self.clock.advance(Math.round((world.random() * 2 - 1) * DAY_MS));
  }

  /** Nothing goes wrong any more, everything is exchanged; then everything that was promised is checked. */
  async #quiesce(): Promise<void> {
    await exchange(this.#world);
    const { centre, consoles } = this.#world;
    for (const each of consoles) {
      checkOutbox(each, centre);
      checkOwnWords(each);
    }
    checkOnce(centre, this.#agents.promised);
    checkPersons(this.#world);
    this.#giveUpRefused();
    await checkEqual(centre, consoles);
  }

  /** A person reads the reason and gives up what cannot be stored. */
  #giveUpRefused(): void {
    for (const { work } of this.#world.consoles) {
      for (;;) {
        const [refused] = work.db.values<OpId>(`SELECT op_id FROM outbox WHERE state <> 'waiting' ORDER BY s LIMIT 1`);
        if (refused === undefined) break;
        discardOp(work, refused);
      }
    }
  }

  async #strike(disaster: Disaster, faults: number): Promise<void> {
    const world = this.#world;
    if (disaster === 'none') return;
    await this.#work(faults * 0.5);
    world.network.count(disaster);
    const special = SPECIAL[disaster];
    if (special) {
      await special({
        world,
        agents: this.#agents,
        work: (share) => this.#work(faults * share),
        quiesce: () => this.#quiesce(),
        beginAnew: (self) => {
          this.#monotonic.forget(self);
          this.#anew.add(self);
        },
      });
      return;
    }
    const victim = world.pick(world.consoles);
    if (disaster === 'disk-cloned') {
      await this.#stop(victim);
      this.#agents.forgetWithdrawals();
      const copy = world.cloneOf(victim);
      victim.start();
      // Both go on under the same numbers before either has spoken to the server.
      for (const each of [victim, copy, victim, copy]) this.#agents.act(each);
    } else if (disaster === 'console-restored') {
      await this.#stop(victim);
      this.#agents.forgetWithdrawals();
      const backup = world.copyFolder(victim);
      victim.start();
      await this.#work(faults * 0.6);
      await this.#stop(victim);
      await this.#loseDisk(victim, backup);
    } else {
      const backup = world.centre.backUp();
      await this.#work(faults * 0.7);
      world.centre.restore(backup);
      // What the server lost is listed apart until it is sent again; from there nothing is taken back.
      this.#agents.forgetWithdrawals();
      this.#isRestoring = true;
      await this.#work(faults * 0.8);
      await this.#recover();
      this.#isRestoring = false;
    }
  }

  /** Nothing of the console is on its way any more, and its process has ended. */
  async #stop(self: ModelConsole): Promise<void> {
    const world = this.#world;
    world.isWild = false;
    await world.settle();
    await world.network.deliverLate();
    await self.bury();
    world.isWild = true;
  }

  /** The disk is lost: what was on it alone is lost with it, and only that. The console goes on with a backup. */
  async #loseDisk(self: ModelConsole, backup: string): Promise<void> {
    const { tables } = this.#world.centre.database;
    self.start();
    const unsent = self.outbox.filter(({ op }) => !tables.opLogById.has(op.opId));
    await self.bury();
    self.restoreFrom(backup);
    self.start();
    this.#monotonic.forget(self);
    const kept = new Set(self.outbox.map(({ op }) => op.opId));
    for (const { op } of unsent) {
      if (!kept.has(op.opId)) this.#agents.writeOff(op);
    }
  }

  /** After the server came back from a backup: everybody sends again what it lost, then the rest may go. */
  async #recover(): Promise<void> {
    const world = this.#world;
    await exchange(world);
    // A note on a colleague's ticket can be sent once the colleague has sent the ticket, so it takes more than one round.
    while (world.consoles.reduce((sent, { work }) => sent + sum(sendAgain(work)), 0) > 0) await exchange(this.#world);
    // What was written meanwhile on something the server had lost was refused with its reason; now it goes.
    for (const each of world.consoles) sendRefusedAgain(each);
    await exchange(this.#world);
    for (const each of world.consoles) await each.engine.decideHeld('delete');
    this.#monotonic.forget();
    this.#agents.forgetWithdrawals();
    await exchange(this.#world);
  }
}

function sum({ tickets, notes }: { readonly tickets: number; readonly notes: number }): number {
  return tickets + notes;
}

/** A person sends again whatever was refused for another reason than what it holds, or for one reason alone. */
function sendRefusedAgain(self: ModelConsole, reason: string | null = null): void {
  for (;;) {
    const refused = self.outbox.find(
      ({ op, state, lastError }) =>
        state !== 'waiting' &&
        (reason === null ? lastError?.code !== 'DEPENDENCY_REJECTED' : lastError?.code === reason) &&
        !JSON.stringify(op).includes(UNSTORABLE),
    );
    if (!refused) return;
    redoOp(self.work, refused.op.opId);
  }
}
