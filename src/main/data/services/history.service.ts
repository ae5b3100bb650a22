import { setImmediate as giveWay } from 'node:timers/promises';
import type { Coverage, OlderHistory } from '#shared/contract/coverage.contract.ts';
import { type CachePolicy, policyChoices } from '#shared/domain/cache-policy.ts';
import { startOfMonth } from '#shared/domain/month.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { parseTicketNumber } from '#shared/domain/ticket-number.ts';
import type { HistoryRequest, HistoryResponse } from '#shared/sync/history.ts';
import { parseTicketScope, type SyncTable } from '#shared/sync/protocol.ts';
import { DataError } from '../errors.ts';
import { findCitizen } from '../repositories/citizen.repository.ts';
import { countHereLeftOut } from '../repositories/left-out.repository.ts';
import { countHere } from '../repositories/row-standing.repository.ts';
import { countCached, listScopes } from '../repositories/scope.repository.ts';
import { countQueuedTexts } from '../repositories/search-queue.repository.ts';
import { countSeen } from '../repositories/seen-ticket.repository.ts';
import { isArriving } from './arrival.ts';
import { findCoverage, getCachePolicy, saveCachePolicy } from './cache-policy.service.ts';
import { saveEarlyCitizen } from './early-citizen.service.ts';
import { findPeople, personOf } from './person.service.ts';
import { saveAskedTicket } from './seen-ticket.service.ts';
import { findKeptTeams, findSortedTeams, findTeam, listTeams, mayChooseKept } from './team.service.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/** Rows written in one transaction: nobody at the seat waits longer for it. */
const SLICE = 10;
/** Tickets to be indexed are counted no further: more of them say nothing else. */
const MOST_COUNTED = 1_000_000;
/** Numbers of one person that are asked about; more than a record holds. */
const MOST_PHONES = 20;
/** Pages of one person's tickets that are fetched, the newest first. */
const MOST_PAGES = 5;
/** Rows that say who somebody is and what they called about. */
const CALLERS: readonly SyncTable[] = ['tickets', 'citizens'];
/** Times the server is asked about somebody: under the number they are looked for by, then under their others. */
const MOST_ROUNDS = 2;
/** Digits of the shortest number that is looked up at the server as a phone. */
const SHORTEST_PHONE = 7;

/** What this computer holds of the tickets, by which policy, and what is outside. */
export function getCoverage(ctx: WorkContext): Coverage {
  const known = findCoverage(ctx.db);
  const months = listScopes(ctx.db).flatMap(({ scope, isGranted, count }) => {
    const month = isGranted && count > 0 ? parseTicketScope(scope)?.month : undefined;
    return month === undefined ? [] : [month];
  });
  const { choices } = policyChoices(ctx.user.role);
  return {
    policy: getCachePolicy(ctx.db, ctx.user.role),
    choices: [...choices],
    teams: [...listTeams(ctx)],
    keptTeams: [...findKeptTeams(ctx.db, ctx.user.role)],
    mayKeepTeams: mayChooseKept(ctx.user.role),
    sortedTeams: [...findSortedTeams(ctx.db)],
    leftOut: leftOutOf(ctx),
    team: findTeam(ctx),
    from: known?.from ?? null,
    outside: known?.outside ?? { months: 0, tickets: 0 },
    months: new Set(months).size,
    tickets: countHere(ctx.db).tickets,
    seen: countSeen(ctx.db),
    arriving: awaitsRows(ctx, ...CALLERS),
    unindexed: countQueuedTexts(ctx.db, MOST_COUNTED),
    bytes: ctx.storageBytes(),
  };
}

/** Chooses how much this computer holds, from the next greeting of the server on. @throws DataError FORBIDDEN for more than the role may */
export function chooseCachePolicy(ctx: WorkContext, policy: CachePolicy): void {
  const { choices } = policyChoices(ctx.user.role);
  if (!choices.some((choice) => JSON.stringify(choice) === JSON.stringify(policy))) throw new DataError('FORBIDDEN');
  ctx.write(() => saveCachePolicy(ctx.db, policy));
  ctx.policyChanged();
  ctx.announce(['sync']);
}

/** Whose older tickets are wanted: a person's, or those of a number without a record. */
export type WhoseHistory = { readonly uid: string } | { readonly phone: string };

/**
 * Fetches the tickets of somebody that are outside of the held months; they stay here for a while ({@link saveAskedTicket}). While this console's own
 * rows are on their way ({@link isArriving}) it fetches all of their tickets, and who they are.
 * @throws DataError NOT_FOUND, OFFLINE, and what the server refuses with
 */
export async function fetchOlder(ctx: WorkContext, whose: WhoseHistory): Promise<OlderHistory> {
  const before = outsideOf(ctx);
  let phones = phonesOf(ctx, whose);
  if (before === null || phones.length === 0) return { state: 'nothing-outside' };
  const asked = new Set<string>();
  let state: OlderHistory['state'] = 'complete';
  // What comes first may say who it is, and which other numbers are theirs.
  for (let round = 0; round < MOST_ROUNDS && phones.length > 0; round++) {
    const fetched = await fetchTickets(ctx, { by: 'phones', phones: [...phones], before });
    if (fetched.state === 'partial') state = 'partial';
    for (const phone of phones) asked.add(phone);
    phones = phonesOf(ctx, whose).filter((phone) => !asked.has(phone));
  }
  return { state };
}

/**
 * Looks beyond the held months for what was searched for: a ticket by its number, or the tickets of a caller by theirs. Words can only be
 * looked for on this computer.
 * @throws DataError OFFLINE, and what the server refuses with
 */
export async function searchOlder(ctx: WorkContext, query: string): Promise<OlderHistory> {
  const outside = outsideOf(ctx);
  if (outside === null) return { state: 'nothing-outside' };
  const number = parseTicketNumber(query);
  if (number !== null && number > 0) return fetchTickets(ctx, { by: 'number', number });
  const phone = normalizePhone(query);
  if (phone.length < SHORTEST_PHONE) throw new DataError('BAD_INPUT', 'neither a ticket number nor a phone number');
  return fetchTickets(ctx, { by: 'phones', phones: [phone], before: outside });
}

/** Tickets of the held months that are not here, because other 班组 took them in. */
function leftOutOf({ db }: WorkContext): number {
  const { leftOut } = countCached(db);
  const from = findCoverage(db)?.from;
  return leftOut === 0 ? 0 : Math.max(0, leftOut - countHereLeftOut(db, from === undefined ? 0 : startOfMonth(from)));
}

/**
 * Before which moment there are tickets that are not here, epoch ms; null when there are none. Those of other 班组 are of any time, and so are those
 * that have yet to arrive.
 */
function outsideOf(ctx: WorkContext): number | null {
  const { db } = ctx;
  if (awaitsRows(ctx, ...CALLERS) || countCached(db).leftOut > 0) return Number.MAX_SAFE_INTEGER;
  const known = findCoverage(db);
  return known && known.outside.tickets > 0 ? startOfMonth(known.from) : null;
}

/** Rows that this console is to hold are on their way; before the server was greeted nobody knows which. @param tables which rows */
function awaitsRows({ db, hasServer }: WorkContext, ...tables: readonly SyncTable[]): boolean {
  return listScopes(db).length === 0 ? hasServer : isArriving(db, ...tables);
}

/** Numbers of somebody, of a number those of the person it is shown for. @throws DataError NOT_FOUND */
function phonesOf({ db }: WorkContext, whose: WhoseHistory): readonly string[] {
  const number = 'phone' in whose ? normalizePhone(whose.phone) : '';
  const citizen = 'phone' in whose ? findPeople(db, number)[0] : findCitizen(db, whose.uid);
  if (!citizen && 'uid' in whose) throw new DataError('NOT_FOUND', 'no such citizen');
  const { phones, former } = citizen ? personOf(db, citizen) : { phones: [], former: [] };
  const all = [number, ...phones, ...former.map(({ phone }) => phone)].filter((phone) => phone !== '');
  return [...new Set(all)].slice(0, MOST_PHONES);
}

async function fetchTickets(ctx: WorkContext, request: HistoryRequest): Promise<OlderHistory> {
  let answer = await ctx.askHistory(request);
  await saveAnswer(ctx, answer);
  for (let page = 1; request.by === 'phones' && answer.more && page < MOST_PAGES; page++) {
    // Of those taken in within the same moment some come twice, and none is missed.
    const before = Math.min(...answer.tickets.map(({ acceptedAt, createdAt }) => acceptedAt ?? createdAt)) + 1;
    if (answer.tickets.length === 0) break;
    answer = await ctx.askHistory({ ...request, before });
    await saveAnswer(ctx, answer);
  }
  return { state: answer.more ? 'partial' : 'complete' };
}

/** Who it is first; what is new here is told at the end. */
async function saveAnswer(ctx: WorkContext, { tickets, citizens }: HistoryResponse): Promise<void> {
  const actor = actorOf(ctx);
  const { db } = ctx;
  // Once the citizens have come in full, the pull brings a record within moments, and says when one is gone.
  const early = awaitsRows(ctx, 'citizens') ? citizens : [];
  const isNewPerson = await saveInSlices(ctx, early, (citizen) => saveEarlyCitizen(db, citizen, actor));
  const isNewTicket = await saveInSlices(ctx, tickets, (ticket) => saveAskedTicket(db, ticket, actor, ctx.clock.now()));
  if (isNewPerson || isNewTicket) ctx.announce(['tickets', 'citizens', 'sync']);
}

/** Writes some rows a few at a time. @returns whether one was new here */
async function saveInSlices<Row>(
  ctx: WorkContext,
  rows: readonly Row[],
  save: (row: Row) => boolean,
): Promise<boolean> {
  let isNew = false;
  for (let from = 0; from < rows.length; from += SLICE) {
    const slice = rows.slice(from, from + SLICE);
    const saved = ctx.write(() => ctx.db.transaction(() => slice.map(save)));
    isNew ||= saved.includes(true);
    await giveWay();
  }
  return isNew;
}
