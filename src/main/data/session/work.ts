import { statSync } from 'node:fs';
import { join } from 'node:path';
import categoryFile from '#resources/categories.json' with { type: 'json' };
import type { SyncStatus } from '#shared/contract/sync.contract.ts';
import type { Topic } from '#shared/contract/topics.ts';
import { type CategoryTree, listCategories } from '#shared/domain/category.ts';
import { historyResponseSchema } from '#shared/sync/history.ts';
import type { Op } from '#shared/sync/wire.ts';
import { openAttachmentFiles } from '../attachments/attachment-files.ts';
import { createAttachmentIntake } from '../attachments/attachment-intake.ts';
import { createFileBundles } from '../attachments/file-bundle.ts';
import { databaseFiles } from '../db/files.ts';
import { createDuplicateFinder, type DuplicateFinder } from '../duplicates/duplicate-finder.ts';
import { DataError, hasCode } from '../errors.ts';
import { openCarried, sealCarried } from '../keys/carried-file.ts';
import { readKeyFile } from '../keys/key-file.ts';
import { unlockProfileKeys } from '../keys/profile-keys.ts';
import { findSession, saveSession } from '../repositories/identity.repository.ts';
import { countOutbox } from '../repositories/outbox.repository.ts';
import { countHere } from '../repositories/row-standing.repository.ts';
import { createArticleIndex } from '../search/article-index.ts';
import { openSearchFile } from '../search/search-file.ts';
import { createSearchIndex, type SearchIndex } from '../search/search-index.ts';
import { adoptFoundAttachments, sweepAttachments } from '../services/attachment-sweep.service.ts';
import type { CarryDeps } from '../services/carry.service.ts';
import { prepareQuality } from '../services/quality.service.ts';
import { watchReminders } from '../services/reminder.service.ts';
import { actorOf, type WorkContext } from '../services/work-context.ts';
import { type CategorySuggester, createCategorySuggester } from '../suggest/category-suggester.ts';
import { openModelFile } from '../suggest/model-file.ts';
import { createAttachmentSync } from '../sync/attachment-sync.ts';
import { type BoardSync, createBoardSync } from '../sync/board-sync.ts';
import type { ServerClient } from '../sync/server-client.ts';
import { createSyncEngine, type SyncEngine } from '../sync/sync-engine.ts';
import { openProfile, type Profile } from './profile.ts';
import type { SessionDeps } from './session-deps.ts';
import type { SignedIn } from './sign-in.ts';
import { createClient, createIndexer, createThread } from './work-parts.ts';

/** Everything that lives between unlock and lock. */
export interface Work {
  readonly profile: Profile;
  readonly context: WorkContext;
  readonly search: SearchIndex;
  readonly suggester: CategorySuggester;
  readonly duplicates: DuplicateFinder;
  readonly board: BoardSync;
  /** Null when no server is configured. */
  readonly client: ServerClient | null;
  readonly engine: SyncEngine | null;
  syncStatus(): SyncStatus;
  /** Signs work that is carried to another seat. */
  readonly carryDeps: CarryDeps;
  touch(): void;
  /** @throws DataError BAD_CREDENTIALS */
  verifyPassword(password: string): Promise<void>;
  close(): Promise<void>;
}

/** Somebody worked at the seat less than this long ago. */
const BUSY_MS = 5_000;
/** How often room is made among the files of tickets. */
const SWEEP_MS = 3_600_000;
/** How often a full disk is looked at again. */
const STORAGE_CHECK_MS = 5_000;

/**
 * Opens the profile and starts search index and sync.
 * @param endSession called when the session cannot go on: the account was disabled, or the cache is damaged
 */
export function startWork(
  deps: SessionDeps,
  signed: SignedIn,
  credentials: { readonly account: string; readonly password: string },
  endSession: (reason: 'disabled' | 'damaged') => void,
): Work {
  const profile = openProfile(signed.folder, signed.keys, {
    nativeBinding: deps.nativeBinding,
    now: deps.clock.now(),
    onStorageChange: () => deps.announce(['session', 'sync']),
  });
  try {
    return runWork(deps, profile, signed, credentials, endSession);
  } catch (error) {
    // Nothing runs yet; open files would keep the next unlock from its own.
    profile.close();
    throw error;
  }
}

function runWork(
  deps: SessionDeps,
  profile: Profile,
  signed: SignedIn,
  credentials: { readonly account: string; readonly password: string },
  endSession: (reason: 'disabled' | 'damaged') => void,
): Work {
  const { clock } = deps;
  let open = true;
  let lastTouch = Number.NEGATIVE_INFINITY;
  const { db, bulk, guard } = profile;
  const fail = (error: unknown) => {
    if (hasCode(error, 'DATABASE_DAMAGED')) endSession('damaged');
  };
  const session = findSession(db);
  if (!session) throw new DataError('INTERNAL', 'profile without a session row');
  if (signed.tokens) saveSession(db, signed.tokens.user, signed.tokens.refreshToken, clock.now());
  const user = signed.tokens?.user ?? session.user;
  prepareQuality({ db, user, write: guard.write });

  const searchFile = openSearchFile(
    join(profile.folder, 'search.db'),
    profile.keys.databaseKey('search'),
    db,
    deps.nativeBinding,
  );
  const isStorageFull = () => guard.state !== 'ok';
  let isCatchingUp = () => false;
  const search = createSearchIndex({
    file: searchFile,
    thread: createIndexer(deps, profile, searchFile.db.path, fail),
    db,
    role: user.role,
    bulk,
    elapsed: deps.elapsed,
    write: guard.write,
    // A first sync brings all rows first and is indexed then: both at once would make both slow.
    isPaused: () => isStorageFull() || isCatchingUp(),
    // Searches on the screen that were incomplete before are asked again.
    onIdle: (indexed) => {
      if (indexed > 0) deps.announce(['tickets']);
    },
    onError: fail,
  });
  const articles = createArticleIndex({
    db,
    write: guard.write,
    elapsed: deps.elapsed,
    onCaughtUp: () => deps.announce(['records']),
    onError: fail,
  });
  const suggester = createCategorySuggester({
    db,
    file: openModelFile(join(profile.folder, 'suggest.bin'), profile.keys.suggestKey()),
    categories: () => listCategories(categoryFile as CategoryTree),
    clock,
    elapsed: deps.elapsed,
    isPaused: () => isStorageFull() || isCatchingUp(),
    onLearnt: () => deps.announce(['suggestions']),
    onError: fail,
  });
  const files = openAttachmentFiles(join(profile.folder, 'files'), profile.keys.attachmentKey());
  const fileIntake = createAttachmentIntake(files, clock);
  const bundles = createFileBundles(files, clock);
  let wasOnline = false;
  let wasThere = false;
  const announce = (topics: readonly Topic[]) => {
    if (topics.includes('tickets') || topics.includes('sync')) {
      search.wake();
      // Not before: on a new console the first sync brings the history to learn from.
      suggester.wake();
    }
    if (topics.includes('tickets')) reminders.wake();
    if (topics.includes('records')) articles.invalidate();
    // The server answers again: files that waited for it go on. Every further answer would cut their own waiting short.
    const isOnline = engine?.isOnline() ?? false;
    if (topics.includes('attachments') || (isOnline && !wasOnline)) fileSync?.wake();
    wasOnline = isOnline;
    const isThere = engine?.isServerThere() ?? false;
    if (topics.includes('calls') || (isThere && !wasThere)) board.wake();
    wasThere = isThere;
    deps.announce(topics);
  };

  const client = createClient(deps, profile, () => open);
  if (client) {
    if (signed.tokens) client.adopt(signed.tokens);
    else client.offerPassword(credentials.account, credentials.password);
  }
  const actor = actorOf({ user, consoleId: profile.consoleId, db });
  const signingKey = profile.keys.signingKey();
  const applyThread = createThread(deps, profile, fail);
  const engine =
    client &&
    createSyncEngine(
      {
        db,
        bulk,
        client,
        actor,
        clock,
        elapsed: deps.elapsed,
        random: deps.random,
        timeouts: deps.timeouts,
        reconnectSpreadMs: deps.reconnectSpreadMs,
        write: guard.write,
        announce,
        saveIncarnation: profile.saveIncarnation,
        acknowledged: (ids) => guard.write(() => profile.journal.acknowledge(ids)),
      },
      {
        thread: applyThread,
        isStorageFull,
        publicKey: signingKey.publicKey,
        isBusy: () => deps.elapsed() - lastTouch < BUSY_MS,
        onDisabled: () => endSession('disabled'),
        onError: fail,
      },
    );
  if (engine) isCatchingUp = engine.isCatchingUp;
  const fileSync =
    client &&
    createAttachmentSync({
      db,
      files,
      client,
      clock,
      random: deps.random,
      write: guard.write,
      // Not through the other one: what the files report must not wake themselves.
      announce: deps.announce,
      isBusy: () => isCatchingUp(),
      onError: fail,
    });
  const board = createBoardSync({
    db,
    client,
    user,
    clock,
    elapsed: deps.elapsed,
    timeouts: deps.timeouts,
    write: guard.write,
    announce: deps.announce,
    isOnline: () => engine?.isServerThere() ?? false,
    onError: fail,
  });
  const reminders = watchReminders({ db, user, clock, announce: deps.announce }, fail);
  /** A few thousand in a shift. */
  const queuedHere = new Set<string>();
  const context: WorkContext = {
    db,
    user,
    consoleId: profile.consoleId,
    clock,
    articles,
    files,
    fileIntake,
    fetchFile: (sha256, name) => {
      if (!fileSync) throw new DataError('OFFLINE', 'no server configured');
      return fileSync.fetch(sha256, name);
    },
    hasServer: client !== null,
    askHistory: async (request) => {
      if (!client) throw new DataError('OFFLINE', 'no server configured');
      const body = JSON.stringify(request);
      const reply = await client.post('/sync/history', body, historyResponseSchema, deps.timeouts.helloMs);
      if (reply.kind === 'unreachable') throw new DataError('OFFLINE', reply.detail);
      if (reply.kind === 'refused') throw new DataError(reply.code, reply.detail);
      return reply.value;
    },
    policyChanged: () => engine?.renew(),
    storageBytes: () =>
      ['cache.db', 'search.db']
        .flatMap((name) => databaseFiles(join(profile.folder, name)))
        .reduce((sum, path) => sum + sizeOf(path), 0),
    wakeFiles: () => fileSync?.wake(),
    write: guard.write,
    announce,
    isOnline: () => engine?.isOnline() ?? false,
    queued: (ops: readonly Op[]) => {
      for (const { opId } of ops) queuedHere.add(opId);
      try {
        profile.journalOps(ops);
      } catch (error) {
        // The work itself is committed; the second copy is written when there is room again.
        if (!hasCode(error, 'DISK_FULL') && !hasCode(error, 'READ_ONLY')) throw error;
      }
      engine?.queued();
      fileSync?.wake();
    },
    carried: (opIds) => {
      for (const opId of opIds) queuedHere.delete(opId);
    },
    carriedIn: () => engine?.queued(),
    isUnsent: (opId) => queuedHere.has(opId) && !engine?.wasSent(opId),
    renumbered: profile.saveIncarnation,
    dropped: (opIds) => guard.write(() => profile.journal.acknowledge(opIds)),
  };
  const storageTimer = setInterval(() => {
    if (guard.state === 'ok') return;
    if (guard.recover() === 'ok') {
      profile.journalMissing();
      engine?.retryNow();
      search.wake();
      suggester.wake();
    }
  }, STORAGE_CHECK_MS);
  storageTimer.unref();
  adoptFoundAttachments(context);
  const sweep = () => {
    if (!isStorageFull()) sweepAttachments(context);
  };
  const sweepTimer = setInterval(sweep, SWEEP_MS);
  sweepTimer.unref();
  engine?.start();
  fileSync?.start();
  search.wake();
  if (!engine) suggester.wake();

  return {
    profile,
    context,
    search,
    suggester,
    duplicates: createDuplicateFinder(db, search.tokens, user.centre),
    board,
    client,
    engine,
    carryDeps: {
      mode: deps.mode,
      sign: signingKey.sign,
      seal: (about, content, passphrase) => sealCarried(about, content, passphrase, signingKey),
      open: openCarried,
      bundles,
    },
    syncStatus: () => engine?.status() ?? offlineStatus(profile),
    touch: () => {
      lastTouch = deps.elapsed();
    },
    verifyPassword: async (password) => {
      const file = readKeyFile(profile.folder);
      const result = file && (await unlockProfileKeys(file, password, deps.deviceSecret));
      if (result?.kind !== 'unlocked') throw new DataError('BAD_CREDENTIALS', 'wrong password');
      result.keys.zero();
    },
    close: async () => {
      open = false;
      clearInterval(storageTimer);
      clearInterval(sweepTimer);
      fileIntake.close();
      bundles.close();
      board.stop();
      reminders.stop();
      await fileSync?.stop();
      client?.forget();
      await engine?.stop();
      await applyThread?.close();
      articles.close();
      await search.close();
      await suggester.close();
      profile.close();
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Without a server the console works offline for good, and says so. */
function offlineStatus(profile: Profile): SyncStatus {
  return {
    connection: 'offline',
    problem: { code: 'NOT_CONFIGURED', detail: '' },
    lastSuccessAt: null,
    nextTryAt: null,
    outbox: countOutbox(profile.db),
    progress: null,
    cached: countHere(profile.db),
    // Nothing more will come.
    isWhole: true,
    parity: 'unknown',
    held: null,
  };
}
