import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { seatDirectorySchema } from '#shared/contract/server.contract.ts';
import { type Actor, callTakingRoles, readsKnowledge } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import type { Accounts } from './accounts.ts';

/**
 * Seats of the actor's centre that take calls, by 工号, so that a console can pass a call on and knows the 班组 without a network.
 * @param known hash of the directory the console has; the same one is answered without the list
 * @throws ServiceError FORBIDDEN for accounts that work at no console
 */
export async function readSeatDirectory(
  accounts: Accounts,
  actor: Actor,
  known: string | undefined,
): Promise<z.infer<typeof seatDirectorySchema>> {
  if (!readsKnowledge(actor)) throw new ServiceError('FORBIDDEN');
  const users = await accounts.list(actor.centre);
  const roles = callTakingRoles(actor);
  const seats = users
    .filter(({ disabled, role }) => !disabled && roles.includes(role))
    .map(({ id, seat, name, role, lines, team }) => ({
      id,
      seat,
      name,
      role,
      lines,
      ...(team === null ? {} : { team }),
    }))
    .sort((a, b) => (a.seat < b.seat ? -1 : a.seat > b.seat ? 1 : 0));
  const digest = hash('sha256', JSON.stringify(seats)).slice(0, 16);
  return { hash: digest, seats: digest === known ? null : seats };
}
