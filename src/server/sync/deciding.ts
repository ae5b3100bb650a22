import type { ClockRules } from '#shared/domain/clock/clock-rules.ts';
import type { Month } from '#shared/domain/month.ts';
import type { Ticket, TicketFields, TicketLink } from '#shared/domain/ticket.ts';
import type { RefusalReason } from '#shared/sync/refusals.ts';
import type { Actor } from '../auth/actor.ts';
import type {
  BatchState,
  CitizenWrite,
  DecidedTicket,
  EventInsert,
  FormerCitizen,
  PendingResult,
  RecordWrite,
  RevealInsert,
  StoredTicket,
  TicketInsert,
  TicketMove,
} from './batch.ts';

/** What deciding one operation needs: the stored state, what earlier operations of the batch made of it, and who acts when. */
export interface Deciding {
  readonly actor: Actor;
  /** Server time, epoch ms: the only time that counts. */
  readonly now: number;
  readonly state: BatchState;
  readonly tickets: Map<string, WorkingTicket>;
  readonly citizens: Map<string, CitizenWrite>;
  /** Whole records as this batch's console last sent them, with the version it knew then. */
  readonly citizensSeen: Map<string, FormerCitizen>;
  readonly records: Map<string, RecordWrite>;
  readonly reveals: RevealInsert[];
  readonly events: EventInsert[];
  /** The same by ticket: a batch of hundreds is not walked through for each of its tickets. */
  readonly eventsOf: Map<string, EventInsert[]>;
  /** Recent tickets, those of this batch included, by phone and category: for the repetition rule. */
  readonly recent: Map<string, BatchState['recent'][number][]>;
  readonly newEventId: () => TicketEventId;
  readonly clockRules: ClockRules;
  /** The clock presets the person's centre chose. */
  readonly clockSet: string;
  /** Clocks of tickets accepted now, by the preset of their matter: the same for all that the batch makes with it. */
  readonly accepted: Map<string, Ticket['clocks']>;
  /** The month of `now`, in which new tickets are taken in. */
  readonly month: Month;
}
export type TicketEventId = EventInsert['event']['id'];

/** What became of one operation, before seq and number are known. */
export type Verdict =
  | {
      readonly code: 'applied' | 'merged';
      readonly version: number;
      readonly row: PendingResult['row'];
      readonly ticket?: DecidedTicket;
    }
  | {
      readonly code: 'duplicate';
      readonly version: number;
      readonly seq: number | null;
      readonly row: PendingResult['row'];
      readonly ticket?: DecidedTicket;
    }
  | { readonly code: 'rejected' | 'blocked'; readonly reason: RefusalReason };

/** A ticket while its batch is decided. */
export interface WorkingTicket {
  readonly uid: string;
  readonly scope: string;
  /** Version in the database, 0 when the batch makes it. */
  readonly fromVersion: number;
  readonly version: number;
  readonly createHash: string | null;
  readonly insert: TicketInsert | null;
  /** The link after the batch; undefined while nothing was said about it. */
  readonly link?: TicketLink | null | undefined;
  /** The words after the batch; undefined while nobody changed them. */
  readonly fields?: TicketFields | undefined;
  /** The limits after a correction in the batch; undefined while none changed them. */
  readonly limits?: Pick<Ticket, 'clocks' | 'dueAt'> | undefined;
  /** Where decisions of the batch took it; undefined while nobody decided. */
  readonly moved?: TicketMove | undefined;
  /** Null for a ticket of this batch: its number comes with the write. */
  readonly stored: StoredTicket | null;
}
