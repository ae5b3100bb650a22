import type { Citizen } from '#shared/domain/citizen.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { SyncTable } from '#shared/sync/protocol.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import {
  clearCitizenBase,
  deleteCitizen,
  deleteCitizenBase,
  findCitizen,
  findCitizenBase,
  findCitizenState,
  saveCitizen,
  saveCitizenBase,
} from '../repositories/citizen.repository.ts';
import type { OutboxEntry } from '../repositories/outbox.repository.ts';
import {
  clearRecordBase,
  deleteRecord,
  deleteRecordBase,
  findRecord,
  findRecordBase,
  findRecordState,
  saveRecord,
  saveRecordBase,
} from '../repositories/record.repository.ts';
import {
  clearTicketBase,
  deleteTicket,
  deleteTicketBase,
  findTicket,
  findTicketBase,
  findTicketState,
  saveTicket,
  saveTicketBase,
} from '../repositories/ticket.repository.ts';
import { replayCitizen, replayRecord, replayTicket } from './replay.service.ts';

/** What sync has to know of a stored row before it writes a newer one. */
export interface RowState {
  readonly id: number;
  readonly version: number;
  readonly base_version: number;
  readonly scope_id: number | null;
  readonly pull_round: number;
}

/** Version and scope in which a row was received, and in which round of pulling the scope. */
interface Received {
  readonly scopeId: number;
  readonly version: number;
  readonly round: number;
}

/**
 * A replicated table as sync sees it: the rows to be shown, and beside those with unconfirmed operations the server's row (base).
 * The state handed to `save` is the one `findState` gave in the same transaction.
 */
export interface SyncedTable<Row extends { readonly uid: string; readonly version: number }, State extends RowState> {
  find(db: ReadableDb, uid: string): Row | null;
  findState(db: ReadableDb, uid: string): State | undefined;
  /** @returns the row id */
  save(db: WritableDb, row: Row, known: State | null, received?: Received): number;
  remove(db: WritableDb, id: number): void;
  findBase(db: ReadableDb, id: number): Row | null;
  saveBase(db: WritableDb, id: number, row: Row): void;
  deleteBase(db: WritableDb, id: number): void;
  /** Forgets that the row was received. */
  clearBase(db: WritableDb, id: number): void;
  /** The row as it is to be shown: the server's with unconfirmed operations on top. */
  replay(base: Row | null, entries: readonly OutboxEntry[], actor: OpActor): Row | null;
}

export const TICKETS: SyncedTable<Ticket, NonNullable<ReturnType<typeof findTicketState>>> = {
  find: (db, uid) => findTicket(db, uid)?.ticket ?? null,
  findState: findTicketState,
  save: saveTicket,
  remove: deleteTicket,
  findBase: findTicketBase,
  saveBase: saveTicketBase,
  deleteBase: deleteTicketBase,
  clearBase: clearTicketBase,
  replay: replayTicket,
};

export const CITIZENS: SyncedTable<Citizen, RowState> = {
  find: findCitizen,
  findState: findCitizenState,
  save: saveCitizen,
  remove: deleteCitizen,
  findBase: findCitizenBase,
  saveBase: saveCitizenBase,
  deleteBase: deleteCitizenBase,
  clearBase: clearCitizenBase,
  replay: replayCitizen,
};

export const RECORDS: SyncedTable<SyncedRecord, RowState> = {
  find: findRecord,
  findState: findRecordState,
  save: saveRecord,
  remove: deleteRecord,
  findBase: findRecordBase,
  saveBase: saveRecordBase,
  deleteBase: deleteRecordBase,
  clearBase: clearRecordBase,
  replay: replayRecord,
};

/** The table an operation changes; null for one that only writes a log at the server. */
export function tableOfOp(kind: Op['kind']): SyncTable | null {
  const [noun] = kind.split('.');
  if (noun === 'ticket') return 'tickets';
  if (noun === 'citizen') return 'citizens';
  return noun === 'audit' ? null : 'records';
}

/** Work on rows that is the same whichever table they are of. */
type TableWork = <Row extends { readonly uid: string; readonly version: number }, State extends RowState>(
  table: SyncedTable<Row, State>,
) => void;

/** Does something with the table an operation changes; nothing for one that changes none. */
export function onTableOf(kind: Op['kind'], work: TableWork): void {
  const table = tableOfOp(kind);
  if (table === 'tickets') work(TICKETS);
  else if (table === 'citizens') work(CITIZENS);
  else if (table === 'records') work(RECORDS);
}

/** What removing a row needs of its table, whichever it is. */
export const REMOVABLE: Readonly<
  Record<SyncTable, Pick<SyncedTable<never, RowState>, 'findState' | 'remove' | 'clearBase' | 'deleteBase'>>
> = { tickets: TICKETS, citizens: CITIZENS, records: RECORDS };
