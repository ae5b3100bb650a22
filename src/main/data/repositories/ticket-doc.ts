import type { TicketClocks } from '#shared/domain/clock/ticket-clocks.ts';
import {
  type Caller,
  EMPTY_EXTRAS,
  type Place,
  type Ticket,
  type TicketEvent,
  type TicketFields,
} from '#shared/domain/ticket.ts';

/** The part of a ticket without a column of its own. */
export interface TicketDoc {
  readonly fields: TicketFields;
  readonly unit: string | null;
  readonly replies: Ticket['replies'];
  readonly createdByName: string;
  readonly consoleId: Ticket['consoleId'];
  readonly madeOffline: boolean;
  readonly closedAt: number | null;
  readonly dueAt: number | null;
  readonly clocks: Ticket['clocks'];
  readonly link: Ticket['link'];
  readonly flags: Ticket['flags'];
  readonly handling?: Ticket['handling'];
  readonly events: Ticket['events'];
}

/** Most fields of most tickets are empty: they are left out on disk (a third of a million-ticket cache) and put back on reading. */
const EMPTY_FIELDS = {
  categoryCode: null,
  title: '',
  content: '',
  originalWords: '',
  demands: [],
  citizenUid: null,
  occurredAt: null,
  subject: '',
  markers: [],
  tags: [],
  call: null,
  answer: null,
  ...EMPTY_EXTRAS,
} satisfies Partial<TicketFields>;
const EMPTY_CALLER = { name: '', phone: '', anonymous: false, confidential: false } satisfies Partial<Caller>;
const EMPTY_PLACE = { divisionCode: null, address: '', landmark: '', coordinates: null } satisfies Place;
const EMPTY_EVENT = {
  actorId: null,
  actorName: '',
  text: '',
  from: null,
  to: null,
  ref: '',
} satisfies Partial<TicketEvent>;
/** Most of a clock that runs, and nearly all of one that has ended. */
const EMPTY_CLOCKS = {
  run: null,
  metAt: null,
  pausedSince: null,
  pausedFor: null,
  extendedDays: 0,
  round: 1,
  orders: [],
  shown: null,
  startedAt: null,
  nearAt: null,
  dueAt: null,
  calendar: 'official',
} satisfies Partial<TicketClocks>;
const EMPTY_DOC = {
  unit: null,
  replies: [],
  createdByName: '',
  consoleId: null,
  madeOffline: false,
  closedAt: null,
  dueAt: null,
  clocks: null,
  link: null,
  flags: [],
  events: [],
} satisfies Partial<TicketDoc>;

/** A copy without the values that are the empty ones of their fields. */
function pruned<T extends object>(record: T, empty: Readonly<Record<string, unknown>>): Partial<T> {
  const kept: Partial<T> = {};
  for (const name in record) {
    const value = record[name];
    const none = empty[name];
    if (value === none || (Array.isArray(none) && Array.isArray(value) && value.length === 0)) continue;
    kept[name] = value;
  }
  return kept;
}

/** The stored text of a ticket's clocks. */
export function encodeClocks(clocks: TicketClocks): string {
  return JSON.stringify(pruned(clocks, EMPTY_CLOCKS));
}

/** The limits that an answer gave an open ticket, as they are stored beside its document. */
export function encodeAnswered(dueAt: number | null, clocks: TicketClocks): string {
  return `{"closedAt":null,"dueAt":${dueAt},"clocks":${encodeClocks(clocks)}}`;
}

/** The stored text of a ticket's document. */
export function encodeTicketDoc(ticket: TicketDoc): string {
  const { fields } = ticket;
  const doc: TicketDoc = {
    fields,
    unit: ticket.unit,
    replies: ticket.replies,
    createdByName: ticket.createdByName,
    consoleId: ticket.consoleId,
    madeOffline: ticket.madeOffline,
    closedAt: ticket.closedAt,
    dueAt: ticket.dueAt,
    clocks: ticket.clocks,
    link: ticket.link,
    flags: ticket.flags,
    ...(ticket.handling ? { handling: ticket.handling } : {}),
    events: ticket.events,
  };
  return JSON.stringify({
    ...pruned(doc, EMPTY_DOC),
    ...(ticket.events.length > 0 ? { events: ticket.events.map((event) => pruned(event, EMPTY_EVENT)) } : {}),
    ...(ticket.clocks === null ? {} : { clocks: pruned(ticket.clocks, EMPTY_CLOCKS) }),
    fields: {
      ...pruned(fields, EMPTY_FIELDS),
      caller: pruned(fields.caller, EMPTY_CALLER),
      place: pruned(fields.place, EMPTY_PLACE),
    },
  });
}

/** Stored form: every value that is not there is the empty one. */
type StoredDoc = Partial<TicketDoc> & {
  readonly fields: Partial<TicketFields> & { readonly caller: Partial<Caller>; readonly place: Partial<Place> };
};

/**
 * The inverse of {@link encodeTicketDoc}.
 * @param answered what {@link encodeAnswered} made since the document was written, null for nothing
 */
export function decodeTicketDoc(text: string, answered: string | null): TicketDoc {
  const stored = JSON.parse(text) as StoredDoc;
  if (answered !== null) Object.assign(stored, JSON.parse(answered));
  return {
    ...EMPTY_DOC,
    ...stored,
    fields: {
      ...EMPTY_FIELDS,
      ...stored.fields,
      caller: { ...EMPTY_CALLER, ...stored.fields.caller } as Caller,
      place: { ...EMPTY_PLACE, ...stored.fields.place },
    } as TicketFields,
    clocks: stored.clocks ? { ...EMPTY_CLOCKS, ...stored.clocks } : null,
    events: (stored.events ?? []).map((event): TicketEvent => ({ ...EMPTY_EVENT, ...event })),
  };
}
