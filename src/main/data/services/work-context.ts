import type { User } from '#shared/contract/server.contract.ts';
import type { Topic } from '#shared/contract/topics.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ConsoleId } from '#shared/kernel/ids.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { HistoryRequest, HistoryResponse } from '#shared/sync/history.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { AttachmentFiles } from '../attachments/attachment-files.ts';
import type { AttachmentIntake } from '../attachments/attachment-intake.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { CLOCK_SET, findSetting } from '../repositories/identity.repository.ts';
import type { ArticleIndex } from '../search/article-index.ts';

/** What a use case works with while a profile is unlocked. */
export interface WorkContext {
  readonly db: WritableDb;
  readonly user: User;
  readonly consoleId: ConsoleId;
  readonly clock: Clock;
  readonly articles: ArticleIndex;
  /** Files of tickets: those here, and those that windows are handing over. */
  readonly files: AttachmentFiles;
  readonly fileIntake: AttachmentIntake;
  /** Fetches a file that is not here. @throws DataError OFFLINE, ATTACHMENT_MISSING, ATTACHMENT_DAMAGED */
  fetchFile(sha256: string, name: string): Promise<void>;
  /** Whether there is a server at all; without one this computer works alone for good. */
  readonly hasServer: boolean;
  /** Asks the server about tickets that are not here. @throws DataError OFFLINE, or with the code the server refused with */
  askHistory(request: HistoryRequest): Promise<HistoryResponse>;
  /** What this computer is to hold was chosen differently. */
  policyChanged(): void;
  /** Size of cache and search index on the disk, bytes. */
  storageBytes(): number;
  /** Files are to be sent. */
  wakeFiles(): void;
  /** Runs a write under the watch of the storage guard (full disk, read-only folder). */
  write<T>(work: () => T): T;
  /** Tells windows which answers are stale. */
  announce(topics: readonly Topic[]): void;
  /** True when the last request to the server succeeded. */
  isOnline(): boolean;
  /** Called after operations were committed: keeps them in the journal and wakes the sync. */
  queued(ops: readonly Op[]): void;
  /**
   * True for an operation that was in no request to the server for certain: queued since this process began, and not sent since.
   * After a crash nobody knows.
   */
  isUnsent(opId: string): boolean;
  /** Called after operations were saved to a file: somebody else may hand them in, so none of them counts as unsent any more. */
  carried(opIds: readonly string[]): void;
  /** Work of another console was brought here: hand it in. */
  carriedIn(): void;
  /** Called after a new numbering of operations began (see startIncarnation). */
  renumbered(incarnation: number): void;
  /** Called after operations were taken out of the outbox: the journal lets go of them too. */
  dropped(opIds: readonly string[]): void;
}

/** The signed-in user as the author of operations. */
export function actorOf({ user, consoleId, db }: Pick<WorkContext, 'user' | 'consoleId' | 'db'>): OpActor {
  const { id, name, role, seat } = user;
  return {
    id,
    name,
    role,
    seat,
    consoleId,
    // The server tells it with every session: also after this one began.
    get clockSet() {
      return findSetting(db, CLOCK_SET) || undefined;
    },
  };
}
