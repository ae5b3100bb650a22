import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileKeys } from '#main/data/keys/profile-keys.ts';
import type { Profile } from '#main/data/session/profile.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { createRandom } from '#tests/bench/support/bench-tickets.ts';
import { AGENT } from '../../data/samples.ts';
import { type CentreAnswer, type CentreRequest, ModelCentre } from './model-centre.ts';
import { ModelConsole, makeKeys, type WriteFate } from './model-console.ts';
import { turn } from './still-time.ts';
import { WILD_FAULTS, type WildFault, WildNetwork } from './wild-network.ts';

/** Share of requests that something happens to, unless a shift wants another. */
const FAULT_SHARE = 0.66;
/** After three vain tries in a row a console pulls: with more of them nothing would come by segments. */
const SEGMENT_FAULT_SHARE = 0.2;
/** Kills cost a start of the console each; the rest of the faults cost a request. */
const RARE: readonly WildFault[] = ['killed-before-sending', 'killed-before-reply', 'killed-after-reply'];
const COMMON = WILD_FAULTS.filter((fault) => !RARE.includes(fault));
const UNHEARD: readonly WildFault[] = ['rate-limited', 'rate-limited-after'];
const RARE_SHARE = 0.03;
const WRITE_FATES: readonly Exclude<WriteFate, null>[] = ['fails', 'killed-before-write', 'killed-after-write'];
const WRITE_FATE_SHARE = 0.005;
/** Turns of the event loop without an end in sight. */
const MOST_TURNS = 50_000;

/** Looks at a console in the middle of its work and complains by throwing. */
export type Watch = (self: ModelConsole) => void;

/** How a request is answered; `self` is the console that sent it. */
export type Answering = (request: CentreRequest, self: ModelConsole) => Promise<CentreAnswer>;

/** A centre in one process: model of the server, wild network, consoles. Every decision comes from the seed. */
export class ModelWorld {
  readonly centre = new ModelCentre();
  readonly network = new WildNetwork();
  readonly consoles: ModelConsole[] = [];
  readonly random: () => number;
  isWild = true;
  /** No console learns what became of what it sends, while it goes on receiving what others did. */
  isDeaf = false;
  /** Consoles without a network for a while; nothing reaches them and nothing leaves them. */
  readonly apart = new Set<ModelConsole>();
  faultShare = FAULT_SHARE;
  /** Share of what people write that the database cannot store. */
  unstorableShare = 0.03;
  /** Share of what people do that is written into a person's record. */
  personShare = 0.1;
  /** How the server answers; a broken protocol answers otherwise. */
  answer: Answering = (request) => this.centre.answer(request);
  /** Called after each write of a console's sync. */
  watch: Watch = () => {};
  /** Called when a console has opened its profile, with its files. */
  opened: (self: ModelConsole, profile: Profile) => void = () => {};
  /** What consoles sent, in their own words, by operation. */
  readonly sent = new Map<string, Op>();
  /** Segments that the server gave out. */
  segments = 0;
  /** What a watch complained of; thrown at the next quiet moment, because the sync itself survives every error. */
  complaint: Error | null = null;
  readonly #folder: string;
  readonly #keys = new Map<string, ProfileKeys>();
  readonly #underWay = new Map<ModelConsole, number>();

  constructor(seed: number, folder: string) {
    this.random = createRandom(seed);
    this.#folder = mkdtempSync(join(folder, 'world-'));
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.random() * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  happens(share: number): boolean {
    return this.random() < share;
  }

  /** A further seat with a console of its own. */
  async addConsole(role: Role = 'agent'): Promise<ModelConsole> {
    const n = this.consoles.length + 1;
    const id = `019a0000-0000-7000-8000-00000000100${n}` as UserId;
    const user: User = { ...AGENT, id, account: `agent100${n}`, name: `座席${n}`, seat: `100${n}`, role };
    const folder = join(this.#folder, `console-${n}`);
    this.#keys.set(user.account, await makeKeys(folder, user));
    return this.#addConsole(`console ${n}`, user, folder);
  }

  /** A second console out of the disk of another one, which does not run. */
  cloneOf(original: ModelConsole): ModelConsole {
    const folder = this.copyFolder(original);
    return this.#addConsole(`copy of ${original.name}`, original.user, folder);
  }

  /** Copies the folder of a console that does not run. @returns where */
  copyFolder(original: ModelConsole): string {
    const folder = mkdtempSync(join(this.#folder, 'copy-'));
    original.copyTo(folder);
    return folder;
  }

  #addConsole(name: string, user: User, folder: string): ModelConsole {
    const keys = this.#keys.get(user.account);
    if (!keys) throw new Error('no keys');
    const made = new ModelConsole({
      name,
      user,
      folder,
      keys,
      connect: (self, cut) => this.#connect(self, cut),
      fateOfWrite: () => this.#fateOfWrite(),
      random: () => this.random(),
      afterWrite: (self) => this.#look(self),
      opened: (self, profile) => this.opened(self, profile),
    });
    this.consoles.push(made);
    made.start();
    return made;
  }

  #connect(self: ModelConsole, cut: AbortSignal): typeof fetch {
    const { user } = self;
    const consoleId = this.#keys.get(user.account)?.consoleId;
    if (!consoleId) throw new Error('no console id');
    const fetched = this.network.connect(
      {
        choose: (path) => this.#chooseFault(path, self),
        kill: () => self.kill(),
        answer: (path, body) => {
          this.#note(path, body);
          return this.answer({ path, body, consoleId, user }, self);
        },
        killServer: (statements) => {
          this.centre.database.crashAfter = statements;
        },
        chance: this.random,
      },
      cut,
    );
    return async (input, init) => {
      this.#underWay.set(self, (this.#underWay.get(self) ?? 0) + 1);
      const { pathname, searchParams } = new URL(String(input));
      if (pathname.endsWith('/sync/segments')) self.askedFrom.push(Number(searchParams.get('seq')));
      try {
        return await fetched(input, init);
      } finally {
        this.#underWay.set(self, (this.#underWay.get(self) ?? 0) - 1);
      }
    };
  }

  #note(path: string, body: unknown): void {
    if (path === '/sync/push')
      for (const op of (body as { readonly ops: readonly Op[] }).ops) this.sent.set(op.opId, op);
    if (path.startsWith('/sync/segments/')) this.segments++;
  }

  #chooseFault(path: string, self: ModelConsole): WildFault | null {
    if (!this.isWild) return null;
    if (this.apart.has(self)) return 'request-lost';
    if (this.isDeaf && path === '/sync/push') return this.pick(UNHEARD);
    const isOfSegments = path.startsWith('/sync/segments');
    if (!this.happens(isOfSegments ? SEGMENT_FAULT_SHARE : this.faultShare)) return null;
    if (isOfSegments && this.happens(0.5)) return 'reply-of-another-shape';
    return this.happens(RARE_SHARE) ? this.pick(RARE) : this.pick(COMMON);
  }

  #fateOfWrite(): WriteFate {
    if (!this.isWild || !this.happens(WRITE_FATE_SHARE)) return null;
    const fate = this.pick(WRITE_FATES);
    this.network.count(`write-${fate}`);
    return fate;
  }

  #look(self: ModelConsole): void {
    if (this.complaint) return;
    try {
      this.watch(self);
    } catch (error) {
      this.complaint = error instanceof Error ? error : new Error(String(error));
    }
  }

  /**
   * Lets everything go on until nothing moves: no request is under way and every console rests. A held request goes on only when
   * nothing else moves, so everybody overtakes it.
   */
  async settle(beforeRelease: () => void = () => {}): Promise<void> {
    for (let turns = 0; ; turns++) {
      if (turns > MOST_TURNS) throw new Error('the consoles never come to rest');
      await turn();
      if (this.network.moving > 0 || !this.consoles.every((each) => this.#isStill(each))) continue;
      if (!this.network.isHolding) break;
      beforeRelease();
      this.network.releaseOne();
    }
    if (this.complaint) throw this.complaint;
  }

  #isStill(self: ModelConsole): boolean {
    return (this.#underWay.get(self) ?? 0) > 0 || self.isResting;
  }

  /** Starts dead consoles again and lets every one of them sync once. */
  async round(beforeRelease?: () => void): Promise<void> {
    for (const each of this.consoles) {
      if (each.isUp) continue;
      await each.bury();
      each.start();
    }
    for (const each of this.consoles) each.wake();
    await this.settle(beforeRelease);
  }

  async close(): Promise<void> {
    for (const each of this.consoles) await each.bury();
  }
}
