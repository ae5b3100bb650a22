import { z } from 'zod';
import type { User } from '#shared/contract/server.contract.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import type { HeldDecision, SyncStatus } from '#shared/contract/sync.contract.ts';
import { TOPICS } from '#shared/contract/topics.ts';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import { DECIDING_ROLES } from '#shared/domain/roles.ts';
import type { DuplicateFinder } from '../duplicates/duplicate-finder.ts';
import { DataError } from '../errors.ts';
import { listProfiles, readKeyFile } from '../keys/key-file.ts';
import { rewrapProfileKeys } from '../keys/profile-keys.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { CarryDeps } from '../services/carry.service.ts';
import { actorOf, type WorkContext } from '../services/work-context.ts';
import type { CategorySuggester } from '../suggest/category-suggester.ts';
import type { BoardSync } from '../sync/board-sync.ts';
import { logIn, logOut } from '../sync/server-client.ts';
import { createServerProbe } from '../sync/server-probe.ts';
import type { SyncEngine } from '../sync/sync-engine.ts';
import type { SessionDeps } from './session-deps.ts';
import { signIn, valueOrThrow } from './sign-in.ts';
import { startWork, type Work } from './work.ts';

/** The one session of the data process: locked, or unlocked for one user. */
export interface Session {
  status(): SessionStatus;
  signIn(account: string, password: string): Promise<User>;
  lock(): Promise<void>;
  changePassword(oldPassword: string, newPassword: string): Promise<void>;
  /** The parts of the unlocked session. @throws DataError NOT_UNLOCKED, SHUTTING_DOWN */
  work(): WorkContext;
  /** What signs work that is carried to another seat. */
  carryDeps(): CarryDeps;
  engine(): SyncEngine | null;
  search(): SearchIndex;
  suggester(): CategorySuggester;
  duplicates(): DuplicateFinder;
  board(): BoardSync;
  syncStatus(): SyncStatus;
  /**
   * Decides about rows the server no longer has, as oneself or with the password of somebody who may.
   * @returns how many rows
   * @throws DataError FORBIDDEN, BAD_CREDENTIALS, OFFLINE, BAD_INPUT while own work among them was not sent again
   */
  decideHeld(decision: HeldDecision, approver: Credentials | null): Promise<number>;
  /** Somebody at the seat did something. */
  touch(): void;
  /** A page of the cache did not prove genuine: lock, and check thoroughly before the next use. */
  reportDamage(): void;
  /** Refuses new work, ends what runs and closes the files. */
  shutDown(): Promise<void>;
  /** Watches the server while nobody is signed in. */
  start(): void;
}

interface Credentials {
  readonly account: string;
  readonly password: string;
}

const okSchema = z.object({ ok: z.literal(true) });
const PASSWORD_TIMEOUT_MS = 15_000;

export function createSession(deps: SessionDeps): Session {
  let current: Work | null = null;
  let shuttingDown = false;
  let queue: Promise<unknown> = Promise.resolve();
  const target =
    deps.serverUrl === null
      ? null
      : {
          baseUrl: deps.serverUrl.replace(/\/+$/, ''),
          mode: deps.mode,
          consoleId: '',
          ...(deps.fetch ? { fetch: deps.fetch } : {}),
        };
  const probe = createServerProbe(target, () => deps.announce(['session']));

  /** Sign-in, lock and password change one after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = queue.then(work, work);
    queue = run.catch(() => undefined);
    return run;
  };

  const unlocked = (): Work => {
    if (shuttingDown) throw new DataError('SHUTTING_DOWN');
    if (!current) throw new DataError('NOT_UNLOCKED');
    return current;
  };

  const closeWork = async () => {
    const work = current;
    current = null;
    if (!work) return;
    await work.close();
    deps.announce(['session']);
    if (!shuttingDown) probe.start();
  };

  const session: Session = {
    start: () => probe.start(),
    status: () => ({
      phase: current ? 'unlocked' : 'locked',
      mode: deps.mode,
      user: current?.context.user ?? null,
      clockSet: (current && actorOf(current.context).clockSet) ?? null,
      profiles: [...listProfiles(deps.profileDir, deps.mode)],
      demoAccounts:
        deps.mode === 'demo'
          ? DEMO_ACCOUNTS.map(({ account, name, role, password }) => ({ account, name, role, password }))
          : [],
      server: probe.state,
      storage: current?.profile.guard.state ?? 'ok',
      keyring: keyringStateOf(deps, current),
    }),
    signIn: (account, password) =>
      inTurn(async () => {
        if (shuttingDown) throw new DataError('SHUTTING_DOWN');
        await closeWork();
        const signed = await signIn(deps, account.trim(), password);
        try {
          current = startWork(deps, signed, { account: account.trim(), password }, (reason) => {
            if (reason === 'damaged') session.reportDamage();
            else void session.lock();
          });
        } catch (error) {
          signed.keys.zero();
          throw error;
        }
        probe.stop();
        deps.announce(TOPICS);
        return current.context.user;
      }),
    lock: () => inTurn(closeWork),
    changePassword: (oldPassword, newPassword) =>
      inTurn(async () => {
        const work = unlocked();
        await changePassword(deps, work, oldPassword, newPassword);
      }),
    work: () => unlocked().context,
    carryDeps: () => unlocked().carryDeps,
    engine: () => unlocked().engine,
    search: () => unlocked().search,
    suggester: () => unlocked().suggester,
    duplicates: () => unlocked().duplicates,
    board: () => unlocked().board,
    syncStatus: () => unlocked().syncStatus(),
    decideHeld: async (decision, approver) => {
      const work = unlocked();
      if (!DECIDING_ROLES.includes(work.context.user.role)) await confirmApprover(work, approver);
      if (decision === 'delete' && (work.syncStatus().held?.ownTickets ?? 0) > 0) {
        throw new DataError('BAD_INPUT', 'own tickets among them were not sent again');
      }
      return unlocked().engine?.decideHeld(decision) ?? 0;
    },
    touch: () => current?.touch(),
    reportDamage: () => {
      current?.profile.markSuspect();
      void session.lock();
    },
    shutDown: () => {
      shuttingDown = true;
      probe.stop();
      return inTurn(closeWork);
    },
  };
  return session;
}

/** What the wrap of the open profile rests on; before somebody signed in, what the system offers. */
function keyringStateOf(deps: SessionDeps, work: Work | null): SessionStatus['keyring'] {
  if (deps.deviceSecret === null) return deps.keyringUnreadable ? 'unreadable' : 'absent';
  const file = work && readKeyFile(work.profile.folder);
  return file && file.deviceCheck === null ? 'unused' : 'used';
}

/**
 * Changes the password at the server and wraps the profile's key by the new one. When the server already knows the new
 * password (changed at another console, or the answer of an earlier try was lost) only the wrap is renewed.
 */
async function changePassword(deps: SessionDeps, work: Work, oldPassword: string, newPassword: string): Promise<void> {
  await work.verifyPassword(oldPassword);
  const { client } = work;
  if (!client) throw new DataError('NOT_CONFIGURED', 'no server configured');
  const body = JSON.stringify({ oldPassword, newPassword });
  const reply = await client.post('/auth/password', body, okSchema, PASSWORD_TIMEOUT_MS);
  if (reply.kind !== 'answer') {
    const maybeDone = reply.kind === 'refused' && ['BAD_CREDENTIALS', 'UNAUTHENTICATED'].includes(reply.code);
    if (!maybeDone) valueOrThrow(reply);
  }
  // Signing in with the new password proves it and gives this console a session the old password did not.
  client.adopt(valueOrThrow(await logIn(client.target, work.context.user.account, newPassword)));
  await rewrapProfileKeys(work.profile.folder, work.profile.keys, newPassword, deps.deviceSecret);
}

/** Somebody who may decide vouches with account and password; the server says who they are. Their session ends at once. */
async function confirmApprover({ client, context }: Work, approver: Credentials | null): Promise<void> {
  if (!approver) throw new DataError('FORBIDDEN');
  if (!client) throw new DataError('OFFLINE', 'no server configured');
  const tokens = valueOrThrow(await logIn(client.target, approver.account.trim(), approver.password));
  void logOut(client.target, tokens.refreshToken);
  const { role, centre } = tokens.user;
  if (!DECIDING_ROLES.includes(role) || centre !== context.user.centre) throw new DataError('FORBIDDEN');
}
