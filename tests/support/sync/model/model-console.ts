import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { openAttachmentFiles } from '#main/data/attachments/attachment-files.ts';
import { createAttachmentIntake } from '#main/data/attachments/attachment-intake.ts';
import { DataError } from '#main/data/errors.ts';
import { createProfileKeys, type ProfileKeys } from '#main/data/keys/profile-keys.ts';
import {
  clearRefreshToken,
  findSession,
  saveRefreshKey,
  saveSession,
} from '#main/data/repositories/identity.repository.ts';
import { listOutbox, type OutboxEntry } from '#main/data/repositories/outbox.repository.ts';
import { listScopes, type ScopeState } from '#main/data/repositories/scope.repository.ts';
import { createArticleIndex } from '#main/data/search/article-index.ts';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { planLink } from '#main/data/services/join-draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { actorOf, type WorkContext } from '#main/data/services/work-context.ts';
import { openProfile, type Profile } from '#main/data/session/profile.ts';
import { createServerClient } from '#main/data/sync/server-client.ts';
import { DEFAULT_TIMEOUTS } from '#main/data/sync/sync-context.ts';
import { createSyncEngine, type SyncEngine } from '#main/data/sync/sync-engine.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { IntakeOutcome } from '#shared/domain/intake.ts';
import { type ConsoleId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { createTestClock, START, sampleIntake, type TestClock } from '../../data/samples.ts';
import { tokensOf } from './model-centre.ts';

/** What happens to one write of the sync. */
export type WriteFate = 'fails' | 'killed-before-write' | 'killed-after-write' | null;

export interface ModelConsoleOptions {
  readonly name: string;
  readonly user: User;
  readonly folder: string;
  readonly keys: ProfileKeys;
  /** Its way to the server, for one life of the process. */
  readonly connect: (self: ModelConsole, cut: AbortSignal) => typeof fetch;
  /** Asked before each write of the sync. */
  readonly fateOfWrite: (self: ModelConsole) => WriteFate;
  readonly random: () => number;
  /** Looks at what was written, after each write of the sync. */
  readonly afterWrite: (self: ModelConsole) => void;
  /** Told of every opening of the profile. */
  readonly opened: (self: ModelConsole, profile: Profile) => void;
}

/** Keys for a console, made once: stretching a password is not the matter here. */
export async function makeKeys(folder: string, user: User): Promise<ProfileKeys> {
  mkdirSync(folder, { recursive: true });
  const consoleId = newId<ConsoleId>(START);
  const keys = await createProfileKeys(folder, {
    user,
    mode: 'production',
    consoleId,
    password: 'p',
    deviceSecret: null,
  });
  // A profile that is closed zeroes its keys; this one is opened many times.
  return { ...keys, zero: () => undefined };
}

/**
 * A console without windows and session: the real encrypted profile with its journal, the real sync engine and the real use cases.
 * Its process can be killed between any two steps, its folder copied and put back.
 */
export class ModelConsole {
  readonly name: string;
  readonly user: User;
  readonly clock: TestClock = createTestClock(START);
  isUp = false;
  /** From where it asked for segments, one time after the other. */
  readonly askedFrom: number[] = [];
  readonly #options: ModelConsoleOptions;
  #profile: Profile | null = null;
  #engine: SyncEngine | null = null;
  #work: WorkContext | null = null;
  #cut = new AbortController();
  #elapsed = 0;
  /** While it starts nothing happens to its writes: that is another test's matter. */
  #isSafe = false;

  constructor(options: ModelConsoleOptions) {
    this.#options = options;
    this.name = options.name;
    this.user = options.user;
  }

  /** Starts the process on what lies in the folder. */
  start(): void {
    const { folder, keys, user } = this.#options;
    const profile = openProfile(folder, keys, {
      nativeBinding: null,
      now: this.clock.now(),
      onStorageChange: () => {},
    });
    this.#profile = profile;
    this.#options.opened(this, profile);
    this.#cut = new AbortController();
    this.isUp = true;
    const { db, bulk, consoleId } = profile;
    if (findSession(db)?.refreshToken == null) saveSession(db, user, 'refresh', START);
    const target = {
      baseUrl: 'http://centre.test',
      mode: 'production' as const,
      consoleId,
      fetch: this.#options.connect(this, this.#cut.signal),
    };
    const client = createServerClient(
      target,
      {
        read: () => ({ refreshToken: 'refresh', refreshKey: findSession(db)?.refreshKey ?? null }),
        saveRefreshKey: (key) => this.#write(() => saveRefreshKey(db, key)),
        saveTokens: ({ refreshToken }) => this.#write(() => saveSession(db, user, refreshToken, START)),
        clear: () => this.#write(() => clearRefreshToken(db)),
      },
      this.clock,
    );
    const engine = createSyncEngine(
      {
        db,
        bulk,
        client,
        actor: actorOf({ user, consoleId, db }),
        clock: this.clock,
        elapsed: () => this.#elapsed,
        timeouts: DEFAULT_TIMEOUTS,
        random: this.#options.random,
        reconnectSpreadMs: 0,
        write: (work) => this.#write(work),
        announce: () => undefined,
        saveIncarnation: (incarnation) => this.#write(() => profile.saveIncarnation(incarnation)),
        acknowledged: (ids) => this.#write(() => profile.journal.acknowledge(ids)),
      },
      {
        publicKey: '',
        isStorageFull: () => false,
        isBusy: () => this.#options.random() < 0.3,
        onDisabled: () => {},
        onError: () => {},
      },
    );
    this.#engine = engine;
    this.#work = this.#createWork(profile, engine);
    this.#isSafe = true;
    client.adopt(tokensOf(user, START));
    this.#isSafe = false;
    engine.start();
  }

  #createWork(profile: Profile, engine: SyncEngine): WorkContext {
    const { user, folder } = this.#options;
    const queuedHere = new Set<string>();
    const files = openAttachmentFiles(`${folder}/files`, Buffer.alloc(32, 7));
    return {
      db: profile.db,
      user,
      consoleId: profile.consoleId,
      clock: this.clock,
      articles: createArticleIndex({
        db: profile.db,
        write: (work) => work(),
        elapsed: () => 0,
        onCaughtUp: () => undefined,
        onError: () => undefined,
      }),
      files,
      fileIntake: createAttachmentIntake(files, this.clock),
      fetchFile: () => Promise.reject(new DataError('OFFLINE')),
      hasServer: true,
      askHistory: () => Promise.reject(new DataError('OFFLINE')),
      policyChanged: () => undefined,
      storageBytes: () => 0,
      wakeFiles: () => undefined,
      write: (work) => work(),
      announce: () => undefined,
      isOnline: () => engine.isOnline(),
      queued: (ops) => {
        for (const { opId } of ops) queuedHere.add(opId);
        profile.journalOps(ops);
        engine.queued();
      },
      isUnsent: (opId) => queuedHere.has(opId) && !engine.wasSent(opId),
      renumbered: profile.saveIncarnation,
      carried: () => undefined,
      carriedIn: () => undefined,
      dropped: (opIds) => profile.journal.acknowledge(opIds),
    };
  }

  /** One write of the sync: the process may die before it or after it, or the disk refuse it. */
  #write<T>(work: () => T): T {
    if (!this.isUp) throw new Error('this process is dead');
    const fate = this.#isSafe ? null : this.#options.fateOfWrite(this);
    if (fate === 'fails') throw new DataError('DISK_FULL', 'no space left on device');
    if (fate === 'killed-before-write') this.kill();
    if (!this.isUp) throw new Error('this process is dead');
    const result = work();
    if (fate === 'killed-after-write') {
      this.kill();
      throw new Error('this process is dead');
    }
    this.#options.afterWrite(this);
    return result;
  }

  get work(): WorkContext {
    if (!this.#work) throw new Error(`${this.name} was never started`);
    return this.#work;
  }

  get engine(): SyncEngine {
    if (!this.#engine) throw new Error(`${this.name} was never started`);
    return this.#engine;
  }

  get outbox(): readonly OutboxEntry[] {
    return listOutbox(this.work.db);
  }

  get scopes(): readonly ScopeState[] {
    return listScopes(this.work.db);
  }

  /** True between two cycles of the sync. */
  get isResting(): boolean {
    return !this.isUp || this.engine.status().nextTryAt !== null;
  }

  /** Time passes, in ms. */
  pass(ms: number): void {
    this.clock.advance(ms);
    this.#elapsed += ms;
  }

  wake(): void {
    if (this.isUp) this.engine.retryNow();
  }

  /** Writes a ticket; when this returns it must never be lost. @param parent 母单 that is proposed with it */
  submit(title: string, phone: string, outcome: IntakeOutcome = 'submit', parent: TicketId | null = null): TicketId {
    const draft = openDraft(this.work, null);
    const blank = sampleIntake({ title, ...(outcome === 'direct_answer' ? { answer: '带身份证到街道办理。' } : {}) });
    const content = { ...blank, caller: { ...blank.caller, phone, name: `市民${phone.at(-1)}` } };
    const { revision } = saveDraft(this.work, draft.id, draft.revision, content);
    if (parent) planLink(this.work, draft.id, parent);
    return submitDraft(this.work, draft.id, revision, outcome).uid;
  }

  /** SIGKILL: nothing is written or sent by this process any more. */
  kill(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.#cut.abort(new TypeError('fetch failed'));
  }

  /** Takes away what a dead process left behind, except its files. */
  async bury(): Promise<void> {
    this.kill();
    await this.#engine?.stop();
    this.#profile?.close();
    this.#profile = null;
  }

  /** The cache of a console that does not run is damaged beyond reading, as a disk does it. The next start says so, and the one after it works. */
  loseCache(): void {
    const { folder, keys } = this.#options;
    for (const end of ['-wal', '-shm']) rmSync(`${folder}/cache.db${end}`, { force: true });
    writeFileSync(`${folder}/cache.db`, Buffer.alloc(8_192, 0x5a));
    const storage = { nativeBinding: null, now: this.clock.now(), onStorageChange: () => {} };
    try {
      openProfile(folder, keys, storage).close();
    } catch (error) {
      if (error instanceof DataError && error.code === 'DATABASE_DAMAGED') return;
      throw error;
    }
    throw new Error('a damaged cache was opened as if nothing had happened');
  }

  /** Copies the folder of a console that does not run. */
  copyTo(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    cpSync(this.#options.folder, folder, { recursive: true });
  }

  /** Puts a copy back in the place of the folder. */
  restoreFrom(folder: string): void {
    rmSync(this.#options.folder, { recursive: true, force: true });
    cpSync(folder, this.#options.folder, { recursive: true });
  }
}
