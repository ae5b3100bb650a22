import type { SeatParty } from '#shared/domain/call-events.ts';
import { type Draft, emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import type { CallFacts, HandOff } from '#shared/domain/ticket.ts';
import type { CallId, DraftId, EventId, TicketId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

export type DraftState = 'open' | 'submitted' | 'discarded';

export interface StoredDraft {
  readonly draft: Draft;
  readonly state: DraftState;
  /** Notes its words became, when it was joined to a ticket; null otherwise. */
  readonly joinedEvents: readonly EventId[] | null;
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
  readonly handed_from: string | null;
  readonly handed_to: string | null;
  readonly hand_off: string | null;
  readonly joined_events: string | null;
  readonly parent_uid: string | null;
}

function toStored(row: DraftRow): StoredDraft {
  return {
    state: row.state,
    joinedEvents: row.joined_events === null ? null : (JSON.parse(row.joined_events) as EventId[]),
    draft: {
      id: row.id as DraftId,
      callId: row.call_id as CallId | null,
      call: row.call === null ? null : (JSON.parse(row.call) as CallFacts),
      revision: row.revision,
      // A draft of an older build lacks the fields that have come since.
      content: { ...emptyIntake(''), ...(JSON.parse(row.content) as IntakeContent) },
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      handedFrom: row.handed_from === null ? null : (JSON.parse(row.handed_from) as Draft['handedFrom']),
      handedTo: row.handed_to === null ? null : (JSON.parse(row.handed_to) as SeatParty),
      handOffs: readHandOffs(row.hand_off),
      ...toTicket(row),
      parentUid: row.parent_uid as TicketId | null,
    },
  };
}

/** A draft that is not submitted names the refused ticket it corrects. */
function toTicket({ state, ticket_uid }: DraftRow): Pick<Draft, 'ticketUid' | 'correctsUid'> {
  const uid = ticket_uid as TicketId | null;
  return state === 'submitted' ? { ticketUid: uid, correctsUid: null } : { ticketUid: null, correctsUid: uid };
}

/** A draft by id. */
export function findDraft(db: ReadableDb, id: string): StoredDraft | null {
  const row = db.get<DraftRow>('SELECT * FROM drafts WHERE id = ?', id);
  return row ? toStored(row) : null;
}

/** The draft a ticket was made from, or is being corrected in. */
export function findDraftByTicket(db: ReadableDb, ticketUid: string): StoredDraft | null {
  const row = db.get<DraftRow>('SELECT * FROM drafts WHERE ticket_uid = ? AND joined_events IS NULL', ticketUid);
  return row ? toStored(row) : null;
}

/** The one draft of a call. */
export function findDraftByCall(db: ReadableDb, callId: string): StoredDraft | null {
  const row = db.get<DraftRow>('SELECT * FROM drafts WHERE call_id = ?', callId);
  return row ? toStored(row) : null;
}

/** True when the form of this document was taken over before, whatever became of the draft since. */
export function hasHandover(db: ReadableDb, handoverUid: string): boolean {
  return db.value('SELECT 1 FROM drafts WHERE handover_uid = ?', handoverUid) !== undefined;
}

/** Drafts neither submitted nor discarded, newest change first. */
export function listOpenDrafts(db: ReadableDb): readonly Draft[] {
  return db
    .all<DraftRow>(`SELECT * FROM drafts WHERE state = 'open' ORDER BY updated_at DESC, id DESC`)
    .map((row) => toStored(row).draft);
}

/** Discarded drafts that were saved at least once, the last one first. */
export function listDiscardedDrafts(db: ReadableDb, limit: number): readonly Draft[] {
  return db
    .all<DraftRow>(
      `SELECT * FROM drafts WHERE state = 'discarded' AND revision > 0 ORDER BY updated_at DESC LIMIT ?`,
      limit,
    )
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

/** Notes whose form it was, and the document it came with. */
export function setDraftHandedFrom(
  db: WritableDb,
  id: string,
  from: NonNullable<Draft['handedFrom']>,
  handoverUid: string,
): void {
  db.run('UPDATE drafts SET handed_from = ?, handover_uid = ? WHERE id = ?', JSON.stringify(from), handoverUid, id);
}

/** Notes to whom it went. */
export function setDraftHandedTo(db: WritableDb, id: string, to: SeatParty | null): void {
  db.run('UPDATE drafts SET handed_to = ? WHERE id = ?', to === null ? null : JSON.stringify(to), id);
}

/** Notes the emergency services its call was handed over to. */
export function setDraftHandOffs(db: WritableDb, id: string, handOffs: readonly HandOff[]): void {
  db.run('UPDATE drafts SET hand_off = ? WHERE id = ?', handOffs.length > 0 ? JSON.stringify(handOffs) : null, id);
}

/** Drafts of before several were kept hold one alone. */
function readHandOffs(stored: string | null): HandOff[] {
  if (stored === null) return [];
  const parsed = JSON.parse(stored) as HandOff | HandOff[];
  return Array.isArray(parsed) ? parsed : [parsed];
}

/** Stores newer facts of the call. */
export function updateDraftCall(db: WritableDb, id: string, call: CallFacts): void {
  db.run('UPDATE drafts SET call = ? WHERE id = ?', JSON.stringify(call), id);
}

/** Newer facts of a call in the open drafts of its further matters. */
export function updateFurtherDrafts(db: WritableDb, call: CallFacts): void {
  db.run(
    `UPDATE drafts SET call = ? WHERE state = 'open' AND call_id IS NULL AND json_extract(call, '$.callId') = ?`,
    JSON.stringify(call),
    call.callId,
  );
}

/** The 母单 to propose when the draft is submitted, or null. */
export function setDraftParent(db: WritableDb, id: string, parentUid: string | null, now: number): void {
  const { changes } = db.run(
    `UPDATE drafts SET parent_uid = ?, updated_at = ? WHERE id = ? AND state = 'open'`,
    parentUid,
    now,
    id,
  );
  if (changes !== 1) throw new Error(`draft parent changed ${changes} rows`);
}

/** Closes a draft whose words were added to a ticket, as these notes. */
export function setDraftJoined(
  db: WritableDb,
  id: string,
  ticketUid: string,
  events: readonly EventId[],
  now: number,
): void {
  setDraftState(db, id, 'submitted', now, ticketUid);
  db.run('UPDATE drafts SET joined_events = ? WHERE id = ?', JSON.stringify(events), id);
}

/** Drafts whose words were added to a ticket. */
export function listJoinedDrafts(db: ReadableDb, ticketUid: string): readonly StoredDraft[] {
  return db
    .all<DraftRow>('SELECT * FROM drafts WHERE ticket_uid = ? AND joined_events IS NOT NULL', ticketUid)
    .map(toStored);
}

/** Opens or closes a draft; one that corrects a refused ticket stays its correction. */
export function moveDraft(db: WritableDb, id: string, state: 'open' | 'discarded', now: number): void {
  const { changes } = db.run('UPDATE drafts SET state = ?, updated_at = ? WHERE id = ?', state, now, id);
  if (changes !== 1) throw new Error(`moving a draft changed ${changes} rows`);
}

/**
 * Moves a draft to another state.
 * @param ticketUid the ticket it became, or of one that is not submitted the refused ticket it corrects
 */
export function setDraftState(
  db: WritableDb,
  id: string,
  state: DraftState,
  now: number,
  ticketUid: string | null,
): void {
  const { changes } = db.run(
    'UPDATE drafts SET state = ?, updated_at = ?, ticket_uid = ?, joined_events = NULL WHERE id = ?',
    state,
    now,
    ticketUid,
    id,
  );
  if (changes !== 1) throw new Error(`draft state changed ${changes} rows`);
}

/**
 * Empties the forms that were sent or thrown away and name a number, or were opened for its call. Forms whose ticket waits in the outbox
 * keep what they need to be corrected.
 * @param isOurs told the number as it was typed
 */
export function emptyClosedDrafts(db: WritableDb, isOurs: (written: string) => boolean): void {
  const closed = db.all<{ readonly id: string; readonly phone: string | null; readonly ani: string | null }>(
    `SELECT id, content ->> '$.caller.phone' AS phone, call ->> '$.ani' AS ani FROM drafts
     WHERE state <> 'open' AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.uid = drafts.ticket_uid)`,
  );
  const content = JSON.stringify(emptyIntake(''));
  for (const { id, phone, ani } of closed) {
    if (!isOurs(phone ?? '') && !isOurs(ani ?? '')) continue;
    db.run(
      `UPDATE drafts SET content = ?, call = json_set(call, '$.ani', ''), revision = revision + 1 WHERE id = ?`,
      content,
      id,
    );
  }
}
