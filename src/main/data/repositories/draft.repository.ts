import { type Draft, emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import type { CallId, DraftId, TicketId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

export type DraftState = 'open' | 'submitted' | 'discarded';

export interface StoredDraft {
  readonly draft: Draft;
  readonly state: DraftState;
}

interface DraftRow {
  readonly id: string;
  readonly call_id: string | null;
  readonly call: string | null;
  readonly revision: number;
  readonly content: string;
  readonly state: DraftState;
  readonly created_at: number;
  readonly updated_at: number;
  readonly ticket_uid: string | null;
}

function toStored(row: DraftRow): StoredDraft {
  return {
    state: row.state,
    draft: {
      id: row.id as DraftId,
      callId: row.call_id as CallId | null,
      call: row.call === null ? null : (JSON.parse(row.call) as CallFacts),
      revision: row.revision,
      // A draft of an older build lacks the fields that have come since.
      content: { ...emptyIntake(''), ...(JSON.parse(row.content) as IntakeContent) },
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      ticketUid: row.ticket_uid as TicketId | null,
    },
  };
}

/** A draft by id. */
export function findDraft(db: ReadableDb, id: string): StoredDraft | null {
  const row = db.get<DraftRow>('SELECT * FROM drafts WHERE id = ?', id);
  return row ? toStored(row) : null;
}

/** The one draft of a call. */
export function findDraftByCall(db: ReadableDb, callId: string): StoredDraft | null {
  const row = db.get<DraftRow>('SELECT * FROM drafts WHERE call_id = ?', callId);
  return row ? toStored(row) : null;
}

/** Drafts neither submitted nor discarded, newest change first. */
export function listOpenDrafts(db: ReadableDb): readonly Draft[] {
  return db
    .all<DraftRow>(`SELECT * FROM drafts WHERE state = 'open' ORDER BY updated_at DESC, id DESC`)
    .map((row) => toStored(row).draft);
}

/** Stores a new draft. */
export function insertDraft(db: WritableDb, draft: Draft): void {
  db.run(
    `INSERT INTO drafts (id, call_id, call, revision, content, state, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'open', ?, ?)`,
    draft.id,
    draft.callId,
    draft.call === null ? null : JSON.stringify(draft.call),
    draft.revision,
    JSON.stringify(draft.content),
    draft.createdAt,
    draft.updatedAt,
  );
}

/** Stores a newer content under the next revision. */
export function updateDraftContent(
  db: WritableDb,
  id: string,
  revision: number,
  content: IntakeContent,
  now: number,
): void {
  const { changes } = db.run(
    `UPDATE drafts SET content = ?, revision = ?, updated_at = ? WHERE id = ? AND state = 'open' AND revision = ?`,
    JSON.stringify(content),
    revision + 1,
    now,
    id,
    revision,
  );
  if (changes !== 1) throw new Error(`draft update changed ${changes} rows`);
}

/** Stores newer facts of the call. */
export function updateDraftCall(db: WritableDb, id: string, call: CallFacts): void {
  db.run('UPDATE drafts SET call = ? WHERE id = ?', JSON.stringify(call), id);
}

/** Moves a draft to another state; a submitted one keeps its ticket. */
export function setDraftState(
  db: WritableDb,
  id: string,
  state: DraftState,
  now: number,
  ticketUid: string | null,
): void {
  const { changes } = db.run(
    'UPDATE drafts SET state = ?, updated_at = ?, ticket_uid = ? WHERE id = ?',
    state,
    now,
    ticketUid,
    id,
  );
  if (changes !== 1) throw new Error(`draft state changed ${changes} rows`);
}
