import { z } from 'zod';
import type { QueueFilter } from '#shared/contract/tickets.contract.ts';
import { DECIDING_ROLES, type Role } from '#shared/domain/roles.ts';
import { teamSchema } from '#shared/domain/team.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { findDirectory } from './colleague.service.ts';
import type { WorkContext } from './work-context.ts';

const CHOSEN = 'team';
const KEPT = 'kept-teams';

/** 班组 whose tickets this user may choose to keep: those who decide choose, everybody else needs the history of every caller. */
export function mayChooseKept(role: Role): boolean {
  return DECIDING_ROLES.includes(role);
}

/** The 班组 whose tickets are kept on this computer, besides those nobody of a 班组 took in; none chosen: of all. */
export function findKeptTeams(db: ReadableDb, role: Role): readonly string[] {
  const stored = findSetting(db, KEPT);
  const chosen = z.array(teamSchema).safeParse(stored === null ? [] : JSON.parse(stored));
  return chosen.success && mayChooseKept(role) ? chosen.data : [];
}

/**
 * Keeps the tickets of these 班组 only, from the next greeting of the server on; none for those of all.
 * @throws DataError FORBIDDEN when the role may not choose, NOT_FOUND when the centre has no such 班组
 */
export function chooseKeptTeams(ctx: WorkContext, teams: readonly string[]): void {
  if (!mayChooseKept(ctx.user.role)) throw new DataError('FORBIDDEN');
  const known = listTeams(ctx);
  if (teams.some((team) => !known.includes(team))) throw new DataError('NOT_FOUND');
  const isAll = known.every((team) => teams.includes(team));
  ctx.write(() => saveSetting(ctx.db, KEPT, JSON.stringify(isAll ? [] : teams)));
  ctx.policyChanged();
  ctx.announce(['sync']);
}

/** Accounts whose tickets are not kept: those in a 班组 that was not chosen. Nobody's own, and of nobody who is in no 班组. */
export function listLeftOutTakers(db: ReadableDb, role: Role, userId: string | null): readonly string[] {
  const kept = findKeptTeams(db, role);
  if (kept.length === 0) return [];
  const seats = findDirectory(db)?.seats ?? [];
  const ids = seats.flatMap(({ id, team }) =>
    id === undefined || id === userId || team === undefined || kept.includes(team) ? [] : [id as string],
  );
  return [...new Set(ids)].sort();
}

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
