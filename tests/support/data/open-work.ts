import { mkdirSync } from 'node:fs';
import { openAttachmentFiles } from '#main/data/attachments/attachment-files.ts';
import { createAttachmentIntake } from '#main/data/attachments/attachment-intake.ts';
import { migrate } from '#main/data/db/migrate.ts';
import { CACHE_MIGRATIONS } from '#main/data/db/migrations/cache-migrations.ts';
import { openEncrypted } from '#main/data/db/open.ts';
import type { OpenDb } from '#main/data/db/sqlite.ts';
import { DataError } from '#main/data/errors.ts';
import { findIdentity, saveIdentity, saveSession } from '#main/data/repositories/identity.repository.ts';
import { insertScope, listScopes } from '#main/data/repositories/scope.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { createArticleIndex } from '#main/data/search/article-index.ts';
import type { WorkContext } from '#main/data/services/work-context.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { Topic } from '#shared/contract/topics.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { Op } from '#shared/sync/wire.ts';
import { AGENT, CONSOLE_ID, createTestClock, START, sampleTicket, type TestClock, TICKETS_NOW } from './samples.ts';

export const TEST_KEY = '5a'.repeat(32);

/** A migrated, encrypted cache with its owner in it. */
export function openTestCache(folder: string): OpenDb {
  mkdirSync(folder, { recursive: true });
  const db = openEncrypted(`${folder}/cache.db`, TEST_KEY);
  migrate(db, CACHE_MIGRATIONS);
  if (findIdentity(db)) return db;
  db.transaction(() => {
    saveIdentity(db, { consoleId: CONSOLE_ID, incarnation: 1, nextOp: 1, lastAck: 0 });
    saveSession(db, AGENT, null, START);
  });
  return db;
}

export interface TestWork {
  readonly ctx: WorkContext;
  readonly db: OpenDb;
  readonly clock: TestClock;
  readonly announced: Topic[];
  readonly queued: Op[];
  readonly dropped: string[];
  /** Ids of the operations that were sent. */
  readonly sent: Set<string>;
  readonly renumbered: number[];
}

/** The use cases' context over a real cache, without sync. */
export function openTestWork(folder: string, user: User = AGENT): TestWork {
  const db = openTestCache(folder);
  const clock = createTestClock();
  const announced: Topic[] = [];
  const queued: Op[] = [];
  const dropped: string[] = [];
  const sent = new Set<string>();
  const renumbered: number[] = [];
  const articles = createArticleIndex({
    db,
    write: (work) => work(),
    // Time stands still: everything is indexed at once.
    elapsed: () => 0,
    onCaughtUp: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const files = openAttachmentFiles(`${folder}/files`, Buffer.alloc(32, 7));
  const ctx: WorkContext = {
    db,
    user,
    consoleId: CONSOLE_ID,
    clock,
    articles,
    files,
    fileIntake: createAttachmentIntake(files, clock),
    fetchFile: () => Promise.reject(new DataError('OFFLINE')),
    hasServer: false,
    askHistory: () => Promise.reject(new DataError('OFFLINE')),
    policyChanged: () => undefined,
    storageBytes: () => 0,
    wakeFiles: () => undefined,
    write: (work) => work(),
    announce: (topics) => {
      announced.push(...topics);
      articles.invalidate();
    },
    isOnline: () => false,
    queued: (ops) => queued.push(...ops),
    isUnsent: (opId) => !sent.has(opId),
    carried: (opIds) => {
      for (const opId of opIds) sent.add(opId);
    },
    carriedIn: () => undefined,
    renumbered: (incarnation) => renumbered.push(incarnation),
    dropped: (opIds) => dropped.push(...opIds),
  };
  return { ctx, db, clock, announced, queued, dropped, sent, renumbered };
}

/** Puts a ticket into the cache as the server holds it, in its third version. */
export function receiveTicket({ db }: TestWork, number: number, over: Partial<Ticket> = {}): Ticket {
  const ticket: Ticket = { ...sampleTicket(number, { version: 3 }), status: 'to_dispatch', ...over };
  if (listScopes(db).length === 0) insertScope(db, TICKETS_NOW, 1);
  saveTicket(db, ticket, null, { scopeId: 1, version: 3, round: 1 });
  return ticket;
}
