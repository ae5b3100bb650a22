import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findDirectory } from './colleague.service.ts';
import type { WorkContext } from './work-context.ts';

/** 班组 of the centre as the server told them last, the own one first, the others by name. */
export function listTeams({ db, user }: Pick<WorkContext, 'db' | 'user'>): readonly string[] {
  const seats = findDirectory(db)?.seats ?? [];
  const own = seats.find(({ seat }) => seat === user.seat)?.team;
  const others = new Set(seats.flatMap(({ team }) => (team === undefined || team === own ? [] : [team])));
  return [...(own === undefined ? [] : [own]), ...[...others].sort((a, b) => a.localeCompare(b, 'zh-Hans-CN'))];
}

/**
 * The filter with a 班组 spelt out as its members. Who has left the 班组 takes their tickets along: the list answers what those who are in it
 * now have taken in. A 班组 nobody is in lets nothing through.
 */
export function spellOutTeam(db: ReadableDb, filter: TicketFilter | undefined): TicketFilter | undefined {
  if (filter?.team === undefined) return filter;
  const { team, agents, ...others } = filter;
  const members = (findDirectory(db)?.seats ?? []).flatMap((seat) =>
    seat.team === team && seat.id !== undefined ? [seat.id as string] : [],
  );
  return { ...others, agents: agents ? agents.filter((agent) => members.includes(agent)) : members };
}
