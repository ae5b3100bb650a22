import { writeProfileUser } from '../keys/profile-keys.ts';
import { clearRefreshToken, findSession, saveRefreshKey, saveSession } from '../repositories/identity.repository.ts';
import { createIndexThread, type IndexThread } from '../search/threads/index-thread.ts';
import { type ApplyThread, createApplyThread } from '../sync/intake/apply-thread.ts';
import { createServerClient, type ServerClient, type TokenStore } from '../sync/server-client.ts';
import type { Profile } from './profile.ts';
import type { SessionDeps } from './session-deps.ts';

/** The thread that applies rows of this profile; null where its file is not to be had. @param onError told of a failure of the thread itself */
export function createThread(
  deps: SessionDeps,
  profile: Profile,
  onError: (error: unknown) => void,
): ApplyThread | null {
  if (deps.applyEntry === null) return null;
  const { db, bulk, turns } = profile;
  return createApplyThread({
    entry: deps.applyEntry,
    path: db.path,
    key: () => profile.keys.databaseKey('cache'),
    nativeBinding: deps.nativeBinding,
    turns,
    connections: [db, bulk],
    onError,
  });
}

/** The thread that indexes rows of this profile for search; null where its file is not to be had. @param indexPath the search file */
export function createIndexer(
  deps: SessionDeps,
  profile: Profile,
  indexPath: string,
  onError: (error: unknown) => void,
): IndexThread | null {
  if (deps.indexEntry === null) return null;
  return createIndexThread({
    entry: deps.indexEntry,
    cachePath: profile.db.path,
    indexPath,
    key: (database) => profile.keys.databaseKey(database),
    nativeBinding: deps.nativeBinding,
    onError,
  });
}

/** Speaks to the server for this profile, with tokens that are kept in it while it is open; null when no server is configured. */
export function createClient(deps: SessionDeps, profile: Profile, isOpen: () => boolean): ServerClient | null {
  if (deps.serverUrl === null) return null;
  const { db, guard } = profile;
  const store: TokenStore = {
    read: () => {
      const session = isOpen() ? findSession(db) : null;
      return { refreshToken: session?.refreshToken ?? null, refreshKey: session?.refreshKey ?? null };
    },
    saveRefreshKey: (key) => guard.write(() => saveRefreshKey(db, key)),
    saveTokens: (tokens) => {
      if (!isOpen()) return;
      const before = JSON.stringify(findSession(db)?.user ?? null);
      guard.write(() => saveSession(db, tokens.user, tokens.refreshToken, deps.clock.now()));
      if (JSON.stringify(tokens.user) !== before) {
        guard.write(() => writeProfileUser(profile.folder, profile.keys, tokens.user));
      }
    },
    clear: () => {
      if (isOpen()) guard.write(() => clearRefreshToken(db));
    },
  };
  const target = {
    baseUrl: deps.serverUrl.replace(/\/+$/, ''),
    mode: deps.mode,
    consoleId: profile.consoleId,
    ...(deps.fetch ? { fetch: deps.fetch } : {}),
  };
  return createServerClient(target, store, deps.clock);
}
