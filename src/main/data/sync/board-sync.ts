import { boardSchema } from '#shared/contract/board.contract.ts';
import { type KeptBoard, keptBoardSchema } from '#shared/contract/board-data.contract.ts';
import type { User } from '#shared/contract/server.contract.ts';
import { type SeatState, seesBoard } from '#shared/domain/board/seat-report.ts';
import { DataError } from '../errors.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { createSeatReporter, type SeatReporterDeps } from './seat-reporter.ts';
import type { SyncContext } from './sync-context.ts';

const NAME = 'board';
/** What is shown is in memory; the cache gets it this often, for the next time without a network. */
const KEEP_EVERY_MS = 30_000;

/** What this console tells of its seat, and the board of the centre (值班看板) as it was told last. */
export interface BoardSync {
  tell(state: SeatState): void;
  /** See {@link createSeatReporter}. */
  wake(): void;
  /** @throws DataError FORBIDDEN for roles that do not watch it */
  get(): KeptBoard;
  /** @returns whether the server answered @throws DataError FORBIDDEN */
  refresh(): Promise<boolean>;
  stop(): void;
}

export type BoardSyncDeps = Omit<SeatReporterDeps, 'client'> &
  Pick<SyncContext, 'announce'> & {
    /** Null when no server is configured. */
    readonly client: SyncContext['client'] | null;
    readonly user: User;
  };

export function createBoardSync(deps: BoardSyncDeps): BoardSync {
  const { db, client, clock, user, write } = deps;
  const reporter = client && createSeatReporter({ ...deps, client });
  const stopper = new AbortController();
  let kept: KeptBoard | null = null;
  let keptOnDiskAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<boolean> | null = null;

  const need = () => {
    if (!seesBoard(user.role)) throw new DataError('FORBIDDEN');
  };
  const save = (next: KeptBoard) => {
    try {
      write(() => saveSetting(db, NAME, JSON.stringify(next)));
    } catch (error) {
      // A full or read-only disk: the one before stays there, and what is shown goes on.
      deps.onError(error);
    }
  };
  const keep = (next: KeptBoard, isLasting: boolean) => {
    kept = next;
    deps.announce(['board']);
    if (!isLasting && deps.elapsed() - keptOnDiskAt < KEEP_EVERY_MS) return;
    keptOnDiskAt = deps.elapsed();
    save(next);
  };

  const ask = async (): Promise<boolean> => {
    if (!client) return false;
    const reply = await client.get('/board', boardSchema, deps.timeouts.helloMs, stopper.signal);
    if (stopper.signal.aborted) return false;
    if (reply.kind === 'answer') keep({ board: reply.value, receivedAt: clock.now() }, false);
    // Somebody who may not see it any more keeps no copy either.
    else if (reply.kind === 'refused' && reply.code === 'FORBIDDEN') keep({ board: null, receivedAt: null }, true);
    return reply.kind === 'answer';
  };

  return {
    tell: (state) => reporter?.tell(state),
    wake: () => reporter?.wake(),
    get: () => {
      need();
      kept ??= findKept(db);
      return kept;
    },
    refresh: async () => {
      need();
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
    stop: () => {
      stopper.abort();
      reporter?.stop();
      if (kept?.board) save(kept);
    },
  };
}

/** The board kept by an earlier session; one of another build's shape is none. */
function findKept(db: SyncContext['db']): KeptBoard {
  const stored = findSetting(db, NAME);
  const parsed = stored === null ? null : keptBoardSchema.safeParse(JSON.parse(stored));
  return parsed?.success ? parsed.data : { board: null, receivedAt: null };
}
