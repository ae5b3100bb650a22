import type { Actable } from '#shared/domain/act-on-ticket.ts';
import type { CitizenFields } from '#shared/domain/citizen.ts';
import type { Matter } from '#shared/domain/clock/clock-rules.ts';
import type { OverlayEvent } from '#shared/domain/overlay/oversight.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Ticket, TicketEvent, TicketFields, TicketLink } from '#shared/domain/ticket.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import type { SyncTable } from '#shared/sync/protocol.ts';
import type { RefusalReason } from '#shared/sync/refusals.ts';
import type { Op, OpOf, OpResult } from '#shared/sync/wire.ts';

/** The part of a stored ticket that decisions need; its document is not read for them. */
export interface StoredTicket {
  readonly uid: string;
  readonly scope: string;
  readonly seq: number;
  readonly version: number;
  readonly number: number;
  readonly status: TicketStatus;
  readonly acceptedAt: number;
  readonly closedAt: number | null;
  readonly dueAt: number | null;
  readonly clocks: Ticket['clocks'];
  /** Hash of the operation that made it, hex; null for imported and demo tickets. */
  readonly createHash: string | null;
  readonly link: TicketLink | null;
}

/** What a check says of its ticket, read for those that are to be checked only. */
export interface CheckedTicket extends Pick<Ticket, 'createdById' | 'status'> {
  readonly scope: string;
  readonly number: number;
}

/** What people wrote on a ticket, and who made it; read for those that are amended, or about which something is told on another one. */
export type TicketText = Pick<Ticket, 'fields' | 'createdById'>;

/** What a decision reads of a ticket beside its state, and the last decision about it; read for those that are decided about only. */
export interface TicketCourse extends Pick<Actable, 'unit' | 'handling' | 'replies'> {
  /** Sets the clocks of a ticket from before there were clocks. */
  readonly matter: Matter | null;
  readonly last: LastDecision | null;
  /** What was laid over it so far, in order. */
  readonly overlays: readonly StoredOverlay[];
  /** What of its sampling for a 回访 is not in its matter. */
  readonly markers: TicketFields['markers'];
  readonly isReminded: boolean;
  readonly isNumberless: boolean;
}
/** An overlay with the version of its ticket that it made, and its author. */
export interface StoredOverlay extends OverlayEvent {
  readonly version?: number | undefined;
  readonly actorId?: string | null | undefined;
}

export interface LastDecision extends Pick<TicketEvent, 'from' | 'to' | 'act' | 'actorId' | 'actorName'> {
  /** Of the ticket, with the decision in it. */
  readonly version: number;
  readonly words: string;
}

/** Where decisions took a ticket, and what was laid over it. */
export interface TicketMove extends Actable {
  readonly dueAt: number | null;
  readonly clocks: Ticket['clocks'];
  readonly matter: Matter | null;
  /** Who had it before the batch. */
  readonly formerUnit: string | null;
  /** And who helped. */
  readonly formerCoUnits: readonly string[];
  /** A reply was added. */
  readonly isAnswered: boolean;
  /** Null as long as nobody decided about it. */
  readonly last: LastDecision | null;
}

export interface StoredCitizen {
  readonly uid: CitizenId;
  readonly scope: string;
  readonly seq: number;
  readonly version: number;
  readonly fields: CitizenFields;
  readonly mergedInto: CitizenId | null;
  readonly createdAt: number;
}

/** What a citizen's record held in one of its versions. */
export interface FormerCitizen {
  readonly version: number;
  readonly fields: CitizenFields;
}

export interface StoredRecord extends RecordWrite {
  readonly seq: number;
}

/** A ticket that may make a new one a repetition. */
export interface RecentTicket {
  readonly phone: string;
  readonly categoryCode: string;
  readonly line: string;
  readonly console: string | null;
  readonly createdAt: number;
  readonly acceptedAt: number;
}

/** An operation that was answered before, under this or another number or console. */
export interface AnsweredOp {
  readonly hash: string;
  readonly result: OpResult;
}

/** What decisions need of an event that is there. */
export type KnownEvent = Pick<TicketEvent, 'kind' | 'actorId' | 'ref'>;

/** What the database says about everything a batch mentions, read and locked before deciding. */
export interface BatchState {
  readonly tickets: ReadonlyMap<string, StoredTicket>;
  /** Words of the tickets that are amended, or about which something is told on another one. */
  readonly ticketTexts: ReadonlyMap<string, TicketText>;
  /** Tickets that are to be checked or calibrated with. */
  readonly checked: ReadonlyMap<string, CheckedTicket>;
  readonly courses: ReadonlyMap<string, TicketCourse>;
  readonly citizens: ReadonlyMap<string, StoredCitizen>;
  /** Former values, oldest first, of those that a console of an older version knew. */
  readonly citizenHistory: ReadonlyMap<string, readonly FormerCitizen[]>;
  readonly records: ReadonlyMap<string, StoredRecord>;
  /** Events that the operations make or refer to and that exist, by `${ticket uid}/${event id}`. */
  readonly events: ReadonlyMap<string, KnownEvent>;
  /** Tickets that stand under those which are to come under another, or pass something on: child and its link. */
  readonly children: ReadonlyMap<string, Pick<TicketLink, 'parentUid' | 'state'>>;
  readonly answered: ReadonlyMap<string, AnsweredOp>;
  readonly recent: readonly RecentTicket[];
  /** Lines of the seats that forms are sent to, by 工号; a seat of nobody who takes calls is not among them. */
  readonly seats: ReadonlyMap<string, readonly Line[]>;
}

/** An operation as received: checked, or with the reason why it cannot be taken. */
export type ReceivedOp =
  | { readonly ok: true; readonly op: Op }
  | { readonly ok: false; readonly op: OpHead; readonly reason: RefusalReason };

/** What every operation has, even one whose arguments are not understood. */
export interface OpHead {
  readonly s: number;
  readonly opId: string;
  readonly kind: string;
  readonly uid: string;
  readonly at: number;
  readonly hash: string;
}

export interface TicketInsert {
  /** Without number and events; `version` is the one after the whole batch. */
  readonly ticket: Omit<Ticket, 'events'>;
  readonly scope: string;
  readonly createHash: string;
}

export interface TicketTouch {
  readonly uid: string;
  readonly scope: string;
  readonly fromVersion: number;
  readonly version: number;
  /** The link the ticket has from now on; undefined leaves it as it is. */
  readonly link?: TicketLink | null | undefined;
  /** The words the ticket has from now on; undefined leaves them as they are. */
  readonly fields?: Ticket['fields'] | undefined;
  /** The limits it has from now on; undefined leaves them as they are or were moved. */
  readonly limits?: Pick<Ticket, 'clocks' | 'dueAt'> | undefined;
  /** Where it stands from now on; undefined leaves it there. */
  readonly moved?: TicketMove | undefined;
}

export interface CitizenWrite {
  readonly uid: CitizenId;
  readonly scope: string;
  readonly centre: string;
  readonly fromVersion: number;
  readonly version: number;
  readonly createdAt: number;
  readonly fields: CitizenFields;
  readonly mergedInto: CitizenId | null;
  /** Former values to keep, oldest first. */
  readonly replaced: readonly FormerCitizen[];
}

/** A document as it is after the batch; its `version` says how often it changed, `fromVersion` 0 makes it new. */
export interface RecordWrite {
  readonly scope: string;
  readonly fromVersion: number;
  readonly record: SyncedRecord;
}

/** A look at a masked value for the log; `confidential` = 保密 was taken from the record for good. */
export interface RevealInsert extends Pick<OpOf<'audit.reveal'>['args'], 'subject' | 'reason'> {
  readonly field: OpOf<'audit.reveal'>['args']['field'] | 'confidential';
  readonly id: string;
  readonly subjectUid: string;
  readonly at: number;
}

/** A file that a ticket or a passed-on form names. */
export interface AttachmentNamed {
  readonly sha256: string;
  readonly uid: string;
  readonly kind: 'tickets' | 'records';
}

export interface EventInsert {
  readonly ticketUid: string;
  readonly version: number;
  readonly position: number;
  readonly event: TicketEvent;
}

/** What a result tells about a ticket; the number of a ticket made by this batch comes with its write. */
export type DecidedTicket = Omit<NonNullable<OpResult['ticket']>, 'number'> & { readonly number: number | null };
export type DecidedResult = Omit<OpResult, 'ticket'> & { readonly ticket?: DecidedTicket | undefined };

/** A result whose seq and number are known once the clocks were raised. */
export interface PendingResult {
  readonly op: OpHead;
  readonly result: DecidedResult;
  /** Row the result speaks of: its seq (and, for a new ticket, its number) are filled in from the row's write. */
  readonly row: { readonly table: SyncTable; readonly uid: string } | null;
}

/** Who is written down with what a decision changes beside tickets; nobody (both null) for what the centre does by rule. */
export interface Author {
  readonly id: string | null;
  readonly console: string | null;
}

/** Everything a batch changes, ready to be written. */
export interface Decision {
  readonly results: readonly PendingResult[];
  readonly inserts: readonly TicketInsert[];
  readonly touches: readonly TicketTouch[];
  readonly citizens: readonly CitizenWrite[];
  readonly records: readonly RecordWrite[];
  readonly reveals: readonly RevealInsert[];
  readonly events: readonly EventInsert[];
  readonly files: readonly AttachmentNamed[];
}
