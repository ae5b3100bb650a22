import type { QueueFilter } from '#shared/contract/tickets.contract.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { findDirectory } from './colleague.service.ts';
import type { WorkContext } from './work-context.ts';

const CHOSEN = 'team';

/** 班组 of the centre as the server told them last, the own one first, the others by name. */
export function listTeams({ db, user }: Pick<WorkContext, 'db' | 'user'>): readonly string[] {
  const seats = findDirectory(db)?.seats ?? [];
  const own = seats.find(({ seat }) => seat === user.seat)?.team;
  const others = new Set(seats.flatMap(({ team }) => (team === undefined || team === own ? [] : [team])));
  return [...(own === undefined ? [] : [own]), ...[...others].sort((a, b) => a.localeCompare(b, 'zh-Hans-CN'))];
}

/** The 班组 this user looks at first, as long as the centre has it; null for all. */
export function findTeam(ctx: Pick<WorkContext, 'db' | 'user'>): string | null {
  const chosen = findSetting(ctx.db, CHOSEN);
  return chosen !== null && listTeams(ctx).includes(chosen) ? chosen : null;
}

/** Keeps it in the user's profile. @throws DataError NOT_FOUND when the centre has no such 班组 */
export function chooseTeam(ctx: WorkContext, team: string | null): void {
  if (team !== null && !listTeams(ctx).includes(team)) throw new DataError('NOT_FOUND');
  ctx.write(() => saveSetting(ctx.db, CHOSEN, team ?? ''));
  ctx.announce(['sync']);
}

/**
 * The filter with a 班组 spelt out as its members. Who has left the 班组 takes their tickets along: the list answers what those who are in it
 * now have taken in. A 班组 nobody is in lets nothing through.
 */
export function spellOutTeam(db: ReadableDb, filter: QueueFilter | undefined): QueueFilter | undefined {
  if (filter?.team === undefined) return filter;
  const { team, agents, ...others } = filter;
  const members = (findDirectory(db)?.seats ?? []).flatMap((seat) =>
    seat.team === team && seat.id !== undefined ? [seat.id as string] : [],
  );
  return { ...others, agents: agents ? agents.filter((agent) => members.includes(agent)) : members };
}
