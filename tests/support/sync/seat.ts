import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { findCitizen } from '#main/data/repositories/citizen.repository.ts';
import { listOutbox, type OutboxEntry } from '#main/data/repositories/outbox.repository.ts';
import { listScopes, type ScopeState } from '#main/data/repositories/scope.repository.ts';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import type { CarryDeps } from '#main/data/services/carry.service.ts';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { addNote } from '#main/data/services/ticket.service.ts';
import { type Withdrawal, withdrawNote } from '#main/data/services/withdraw.service.ts';
import type { WorkContext } from '#main/data/services/work-context.ts';
import { createSession, type Session } from '#main/data/session/session.ts';
import { DEFAULT_TIMEOUTS, type SyncTimeouts } from '#main/data/sync/sync-context.ts';
import type { HeldDecision, SyncStatus } from '#shared/contract/sync.contract.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { IntakeContent, IntakeOutcome } from '#shared/domain/intake.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import { sampleIntake } from '../data/samples.ts';
import { until } from '../data/until.ts';
import { PASSWORD } from '../server.ts';
import type { Link } from './faulty-network.ts';

export interface SeatOptions {
  readonly account: string;
  /** Folder for the profiles of this seat. */
  readonly folder: string;
  /** A fresh way to the server for each start of the console. */
  readonly connect: (seat: Seat) => Link;
  readonly random?: () => number;
  /** How long it waits for answers; the product's times unless said otherwise. */
  readonly timeouts?: SyncTimeouts;
  /** File of the thread that applies many rows; none unless said otherwise: {@link Seat.kill} copies files between two turns of one thread. */
  readonly applyEntry?: string;
  readonly indexEntry?: string;
}

/** Words of one intake that a test wants to find again. */
export type Words = Partial<Pick<IntakeContent, 'title' | 'content' | 'answer'>> & {
  readonly name?: string;
  readonly phone?: string;
};

/**
 * An agent's console: the real session of the data process over its own encrypted profile, driven through the same services as the
 * windows drive it.
 */
export class Seat {
  readonly account: string;
  readonly #options: SeatOptions;
  #profileDir: string;
  #session: Session;
  #link: Link;
  #isUp = false;

  private constructor(options: SeatOptions) {
    this.account = options.account;
    this.#options = options;
    this.#profileDir = join(options.folder, 'profiles');
    mkdirSync(this.#profileDir, { recursive: true });
    this.#link = options.connect(this);
    this.#session = this.#createSession();
  }

  /** Starts the console and signs in. */
  static async open(options: SeatOptions): Promise<Seat> {
    const seat = new Seat(options);
    await seat.#signIn();
    return seat;
  }

  #createSession(): Session {
    return createSession({
      profileDir: this.#profileDir,
      mode: 'production',
      serverUrl: 'http://server.test',
      deviceSecret: null,
      keyringUnreadable: false,
      nativeBinding: null,
      applyEntry: this.#options.applyEntry ?? null,
      indexEntry: this.#options.indexEntry ?? null,
      clock: systemClock,
      elapsed: () => performance.now(),
      random: this.#options.random ?? (() => 0.5),
      timeouts: this.#options.timeouts ?? DEFAULT_TIMEOUTS,
      reconnectSpreadMs: 0,
      fetch: this.#link.fetch,
      announce: () => undefined,
    });
  }

  async #signIn(): Promise<void> {
    await this.#session.signIn(this.account, PASSWORD);
    this.#isUp = true;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get work(): WorkContext {
    return this.#session.work();
  }

  /** What this seat signs carried work with. */
  get carryDeps(): CarryDeps {
    return this.#session.carryDeps();
  }

  get status(): SyncStatus {
    return this.#session.syncStatus();
  }

  /** Operations that the server has not confirmed. */
  get outbox(): readonly OutboxEntry[] {
    return listOutbox(this.work.db);
  }

  get scopes(): readonly ScopeState[] {
    return listScopes(this.work.db);
  }

  /** True between two cycles of the sync. */
  get isResting(): boolean {
    return !this.#isUp || (this.#link.underWay === 0 && this.status.nextTryAt !== null);
  }

  /** Wishes the sync to try now. */
  wake(): void {
    if (this.#isUp) this.#session.engine()?.retryNow();
  }

  /** Writes a whole ticket; when this returns the agent has seen 已提交 and it must never be lost. */
  submit(words: Words = {}, outcome: IntakeOutcome = 'submit'): TicketId {
    const { name, phone, ...texts } = words;
    const draft = openDraft(this.work, null);
    const blank = sampleIntake(texts);
    const caller = { ...blank.caller, name: name ?? blank.caller.name, phone: phone ?? blank.caller.phone };
    const saved = saveDraft(this.work, draft.id, draft.revision, { ...blank, caller });
    return submitDraft(this.work, draft.id, saved.revision, outcome).uid;
  }

  note(uid: TicketId, kind: 'note' | 'remind', text: string): EventId {
    return addNote(this.work, uid, { kind, text });
  }

  /** Takes a note of this seat back. @param text of the note that says so, if one is needed */
  withdraw(uid: TicketId, eventId: EventId, text: string): Withdrawal {
    return withdrawNote(this.work, uid, eventId, text);
  }

  /** Decides about rows the server no longer has. */
  decideHeld(decision: HeldDecision, approver: string | null = null): Promise<number> {
    return this.#session.decideHeld(decision, approver === null ? null : { account: approver, password: PASSWORD });
  }

  /** Numbers of the tickets with a word in the search index, once it has caught up. */
  async indexedNumbers(word = '路灯'): Promise<readonly number[]> {
    const search = this.#session.search();
    search.wake();
    await search.idle();
    let found = search.search(word, 100);
    // A query that had to wait too long for a processor stops early and says so.
    await until('a query looked at everything', () => {
      if (found.incomplete) found = search.search(word, 100);
      return !found.incomplete;
    });
    return found.tickets.flatMap(({ number }) => number ?? []);
  }

  /** A ticket as this seat shows it. */
  ticket(uid: string): Ticket {
    return forceUnwrap(`${this.account} does not have ticket ${uid}`, findTicket(this.work.db, uid)).ticket;
  }

  /** All tickets this seat shows, ordered by uid. */
  get tickets(): readonly Ticket[] {
    return this.work.db.values<string>('SELECT uid FROM tickets ORDER BY uid').map((uid) => this.ticket(uid));
  }

  /** All citizens this seat knows, ordered by uid. */
  get citizens(): readonly Citizen[] {
    const uids = this.work.db.values<string>('SELECT uid FROM citizens ORDER BY uid');
    return uids.map((uid) => forceUnwrap('a listed citizen is there', findCitizen(this.work.db, uid)));
  }

  /**
   * SIGKILL at this moment: what lies in the files now is all that is left, whatever the dying process still does. It happens between
   * two turns of the event loop, where a transaction is either whole or not begun.
   */
  kill(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#link.cut();
    const left = mkdtempSync(join(this.#options.folder, 'after-kill-'));
    // The index of the write-ahead log lives in shared memory and dies with the process.
    cpSync(this.#profileDir, left, { recursive: true, filter: (file) => !file.endsWith('-shm') });
    this.#profileDir = left;
  }

  /** Starts the console again on the profile that a kill left. */
  async restart(): Promise<void> {
    await this.#session.shutDown();
    this.#link = this.#options.connect(this);
    this.#session = this.#createSession();
    await this.#signIn();
  }

  async close(): Promise<void> {
    this.#isUp = false;
    this.#link.cut();
    await this.#session.shutDown();
  }
}
