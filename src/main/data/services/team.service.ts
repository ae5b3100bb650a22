import { z } from 'zod';
import type { QueueFilter } from '#shared/contract/tickets.contract.ts';
import { DECIDING_ROLES, type Role } from '#shared/domain/roles.ts';
import { teamSchema } from '#shared/domain/team.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { listAccountsOutside, saveAccountTeams } from '../repositories/left-out.repository.ts';
import { findDirectory } from './colleague.service.ts';
import type { WorkContext } from './work-context.ts';

const CHOSEN = 'team';
const KEPT = 'kept-teams';
const SORTED = 'kept-teams-sorted';

/** 班组 whose tickets this user may choose to keep: those who decide choose, everybody else needs the history of every caller. */
export function mayChooseKept(role: Role): boolean {
  return DECIDING_ROLES.includes(role);
}

/**
 * The 班组 whose tickets are to be kept on this computer, besides those nobody of a 班组 took in; none: of all. One that the centre does not have
 * any more does not count: a name that was changed must not empty a computer.
 */
export function findKeptTeams(db: ReadableDb, role: Role): readonly string[] {
  const known = new Set((findDirectory(db)?.seats ?? []).map(({ team }) => team));
  return readTeams(db, KEPT).filter((team) => mayChooseKept(role) && known.has(team));
}

function readTeams(db: ReadableDb, name: string): readonly string[] {
  const stored = findSetting(db, name);
  const teams = z.array(teamSchema).safeParse(stored === null ? [] : JSON.parse(stored));
  return teams.success ? teams.data : [];
}

/** By which 班组 this computer was sorted at the last greeting; none: it keeps the tickets of all. */
export function findSortedTeams(db: ReadableDb): readonly string[] {
  return readTeams(db, SORTED);
}

export function saveSortedTeams(db: WritableDb, teams: readonly string[]): void {
  const text = JSON.stringify(teams);
  if ((findSetting(db, SORTED) ?? '[]') !== text) saveSetting(db, SORTED, text);
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

/** Notes who is in which 班组, as the seats tell it. Of a list without ids, of an older server, nothing is learnt. */
export function takeOverTeams(db: WritableDb): void {
  const seats = findDirectory(db)?.seats ?? [];
  const told = seats.flatMap(({ id, team = null }) => (id === undefined ? [] : [{ id, team }]));
  if (told.length > 0) saveAccountTeams(db, told);
}

/**
 * Accounts whose tickets are not to be kept, in the order of their ids: those in a 班组 that was not chosen, and those who left the centre out of
 * one. Nobody's own, and of nobody who is in no 班组.
 */
export function findTakersToLeaveOut(db: ReadableDb, role: Role, userId: string | null): readonly string[] {
  const kept = findKeptTeams(db, role);
  return kept.length === 0 ? [] : listAccountsOutside(db, kept).filter((id) => id !== userId);
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
