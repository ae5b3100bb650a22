import type { IntakeContent } from '../intake.ts';
import type { Line, Role } from '../roles.ts';
import { LINES } from '../roles.ts';
import { TICKET_TYPES, type TicketFields, type TicketType, URGENCIES, type Urgency } from '../ticket.ts';
import { dateOf } from './calendar.ts';
import type { Scope } from './expression-evaluate.ts';
import type { NameFacts } from './expression-kinds.ts';

/** What a form sees of the ticket around it. */
export interface FormContext {
  /** The moment the form is judged at, epoch ms: now while it is written, the creation of the ticket ever after. */
  readonly now: number;
  readonly line: Line;
  readonly type: TicketType | null;
  readonly urgency: Urgency;
  readonly categoryCode: string | null;
  readonly divisionCode: string | null;
  readonly occurredAt: number | null;
  readonly address: string;
  /** 涉事主体 */
  readonly subject: string;
  readonly anonymous: boolean;
  readonly confidential: boolean;
  /** Who fills it in; null when nobody does (a ticket that is only shown). */
  readonly role: Role | null;
}

/** The parts of a draft or ticket a form looks at. */
type FormSurroundings = Pick<
  IntakeContent | TicketFields,
  'type' | 'urgency' | 'categoryCode' | 'place' | 'occurredAt' | 'subject' | 'caller'
>;

/** The context of a draft or ticket. @param now see {@link FormContext.now} */
export function contextOf(fields: FormSurroundings, line: Line, role: Role | null, now: number): FormContext {
  return {
    now,
    line,
    type: fields.type,
    urgency: fields.urgency,
    categoryCode: fields.categoryCode,
    divisionCode: fields.place.divisionCode,
    occurredAt: fields.occurredAt,
    address: fields.place.address,
    subject: fields.subject,
    anonymous: fields.caller.anonymous,
    confidential: fields.caller.confidential,
    role,
  };
}

/** Names an expression may use for the ticket around the form. */
export const CONTEXT_NAMES: ReadonlyMap<string, NameFacts> = new Map<string, NameFacts>([
  ['$today', { kind: 'text' }],
  ['$now', { kind: 'number' }],
  ['$line', { kind: 'text', options: new Set(LINES) }],
  ['$type', { kind: 'text', options: new Set(TICKET_TYPES) }],
  ['$urgency', { kind: 'text', options: new Set(URGENCIES) }],
  ['$category', { kind: 'text' }],
  ['$division', { kind: 'text' }],
  ['$occurredAt', { kind: 'number' }],
  ['$address', { kind: 'text' }],
  ['$subject', { kind: 'text' }],
  ['$anonymous', { kind: 'boolean' }],
  ['$confidential', { kind: 'boolean' }],
]);

/** The values behind {@link CONTEXT_NAMES}. */
export function contextScope(context: FormContext): Scope {
  return (name) => {
    switch (name) {
      case '$today':
        return dateOf(context.now);
      case '$now':
        return context.now;
      case '$line':
        return context.line;
      case '$type':
        return context.type;
      case '$urgency':
        return context.urgency;
      case '$category':
        return context.categoryCode;
      case '$division':
        return context.divisionCode;
      case '$occurredAt':
        return context.occurredAt;
      case '$address':
        return context.address;
      case '$subject':
        return context.subject;
      case '$anonymous':
        return context.anonymous;
      case '$confidential':
        return context.confidential;
      default:
        return null;
    }
  };
}
