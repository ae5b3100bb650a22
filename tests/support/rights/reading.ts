import { BOARD_ROLES } from '#shared/domain/board/seat-report.ts';
import { CHECK_READING_ROLES } from '#shared/domain/quality/check.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { TicketId, UserId } from '#shared/kernel/ids.ts';
import { citizenScope, knowledgeScope, personScope, qualityScope, seatScope } from '#shared/sync/protocol.ts';
import { CENTRE, monthScope } from '../server.ts';
import { isNear, READERS, SCOPES, type Scope } from './matrix.ts';

export interface ReadingCase {
  readonly what: string;
  readonly expected: boolean;
  readonly path: string;
  readonly body?: unknown;
}

/** Requests that read something, and whether a role may. */
export function readingCases(
  role: Role,
  tickets: Readonly<Record<Scope, TicketId>>,
  { me, other }: { readonly me: UserId; readonly other: UserId },
): readonly ReadingCase[] {
  const isReader = READERS.includes(role);
  const pulled: readonly (readonly [string, boolean])[] = [
    [monthScope(), isReader],
    [monthScope('12350'), false],
    [monthScope('12345', '320200'), false],
    [citizenScope(CENTRE), isReader],
    [citizenScope('320200'), false],
    [knowledgeScope(CENTRE), isReader || role === 'editor'],
    [qualityScope(CENTRE, '12345'), CHECK_READING_ROLES.includes(role)],
    [qualityScope(CENTRE, '12350'), false],
    [personScope(CENTRE, me), isReader],
    [personScope(CENTRE, other), false],
    [seatScope(CENTRE, role.slice(-4)), isReader],
    [seatScope(CENTRE, '9999'), false],
  ];
  return [
    ...SCOPES.map((scope) => ({
      what: `a ticket, ${scope}`,
      expected: isReader && isNear(scope),
      path: `/tickets/${tickets[scope]}`,
    })),
    ...pulled.map(([scope, expected]) => ({
      what: `the scope ${scope}`,
      expected,
      path: '/sync/pull',
      body: { cursors: [{ scope, epoch: 1, seq: 0 }], limit: 1 },
    })),
    { what: 'the accounts', expected: role === 'admin', path: '/accounts' },
    { what: 'the board', expected: BOARD_ROLES.includes(role), path: '/board' },
  ];
}
