import { CHECK_READING_ROLES } from '#shared/domain/quality/check.ts';
import { INTAKE_ROLES, type Line, type Role } from '#shared/domain/roles.ts';
import type { ConsoleId, UserId } from '#shared/kernel/ids.ts';
import {
  citizenScope,
  knowledgeScope,
  parseTicketScope,
  personScope,
  qualityScope,
  seatScope,
} from '#shared/sync/protocol.ts';

/** Who a request acts as: the account as the database holds it now, and the session it came through. */
export interface Actor {
  readonly id: UserId;
  readonly account: string;
  readonly name: string;
  readonly seat: string;
  readonly role: Role;
  readonly centre: string;
  readonly lines: readonly Line[];
  readonly console: ConsoleId;
  /** Family of refresh tokens this session belongs to. */
  readonly session: string;
  readonly mode: 'demo' | 'production';
  /** Another system with a key of its own, not a person at a console. */
  readonly isSystem?: true;
}

/** Roles that read the tickets of their centre's lines. Handling units and knowledge editors work on other views. */
const READING_ROLES: readonly Role[] = [
  'agent',
  'lead',
  'dispatcher',
  'supervisor',
  'revisit',
  'quality',
  'analyst',
  'admin',
];
/** Training runs on demo centres only: nobody practises on real citizens (MK-3). */
const TRAINING_ROLES: readonly Role[] = ['trainer', 'trainee'];

function mayRead(actor: Actor): boolean {
  return READING_ROLES.includes(actor.role) || (actor.mode === 'demo' && TRAINING_ROLES.includes(actor.role));
}

/** Lines of their centre whose tickets this person may read, of whichever month. Deny by default. */
export function readableLines(actor: Actor): readonly Line[] {
  return mayRead(actor) ? actor.lines : [];
}

/** Whether this person may send files: whoever reads tickets, and the systems of units, whose replies name them. */
export function maySendFiles(actor: Actor): boolean {
  return readableLines(actor).length > 0 || (actor.role === 'unit' && actor.isSystem === true);
}

/** Whether this person may decide about the tickets of a scope: those they read, and for a unit's account the lines that send it work. */
export function decidesTicketScope(actor: Actor, scope: string): boolean {
  if (actor.role !== 'unit') return readsTicketScope(actor, scope);
  const tickets = parseTicketScope(scope);
  return tickets?.centre === actor.centre && actor.lines.some((line) => line === tickets.line);
}

/** Scopes this person may pull besides those of tickets, in ascending order. */
export function readableOtherScopes(actor: Actor): readonly string[] {
  const knowledge = readsKnowledge(actor) ? [knowledgeScope(actor.centre)] : [];
  if (!mayRead(actor)) return knowledge;
  const { centre, seat, id, lines } = actor;
  const checks = CHECK_READING_ROLES.includes(actor.role) ? lines.map((line) => qualityScope(centre, line)) : [];
  return [citizenScope(centre), ...knowledge, ...checks, seatScope(centre, seat), personScope(centre, id)].sort();
}

/** Whether this person may read the tickets of a scope. */
export function readsTicketScope(actor: Actor, scope: string): boolean {
  const tickets = parseTicketScope(scope);
  return tickets?.centre === actor.centre && readableLines(actor).some((line) => line === tickets.line);
}

/** Whether this person may pull a scope. */
export function readsScope(actor: Actor, scope: string): boolean {
  return readsTicketScope(actor, scope) || readableOtherScopes(actor).includes(scope);
}

/** Whether this person works with the centre's knowledge articles: everybody at a console. */
export function readsKnowledge(actor: Actor): boolean {
  return actor.role === 'editor' || mayRead(actor);
}

/** Roles whose seats take calls beside this person: practice and real work are kept apart. */
export function callTakingRoles({ mode }: Pick<Actor, 'mode'>): readonly Role[] {
  return INTAKE_ROLES.filter((role) => mode === 'demo' || !TRAINING_ROLES.includes(role));
}

/** Whether this person may take in tickets on that line of that centre. */
export function mayTakeIn(actor: Actor, centre: string, line: string): boolean {
  return (
    callTakingRoles(actor).includes(actor.role) && actor.centre === centre && actor.lines.some((held) => held === line)
  );
}

/** Whether this person may write citizen records of that centre. */
export function mayWriteCitizens(actor: Actor, centre: string): boolean {
  return actor.lines.some((line) => mayTakeIn(actor, centre, line));
}
