import { expect, test } from 'vitest';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { saveDirectory } from '#main/data/services/colleague.service.ts';
import { chooseTeam, findTeam, listTeams, spellOutTeam } from '#main/data/services/team.service.ts';
import { listTicketIds } from '#main/data/services/ticket.service.ts';
import type { Colleague } from '#shared/contract/server.contract.ts';
import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import { newId, type UserId } from '#shared/kernel/ids.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const OTHERS = [newId<UserId>(START), newId<UserId>(START)] as const;

function seatOf(id: UserId | undefined, seat: string, team: string | undefined): Colleague {
  return { seat, name: `话务员${seat}`, role: 'agent', lines: ['12345'], id, team };
}

/** A console of somebody of the second 班组; one colleague is in the first, one in none. */
function openConsole(): TestWork {
  const work = openTestWork(tempFolder());
  const seats = [
    seatOf(AGENT.id, AGENT.seat, '二班'),
    seatOf(OTHERS[0], '1088', '一班'),
    seatOf(OTHERS[1], '1089', undefined),
  ];
  saveDirectory(work.db, { hash: 'a', seats, syncedAt: START });
  return work;
}

/** Numbers of the tickets in hand that pass a filter. */
function inHand(work: TestWork, filter: TicketFilter): readonly number[] {
  return listTicketIds(work.ctx, { kind: 'queue', statuses: ['handling'], filter }, 100).ids.toSorted((a, b) => a - b);
}

test('the own 班组 comes first, and a directory of a server of before names none', () => {
  const work = openConsole();
  expect(listTeams(work.ctx)).toEqual(['二班', '一班']);
  saveDirectory(work.db, { hash: 'b', seats: [seatOf(undefined, '1088', undefined)], syncedAt: START });
  expect(listTeams(work.ctx)).toEqual([]);
});

test('a queue is narrowed to what those have taken in who are in a 班组 now', () => {
  const work = openConsole();
  const creators = [AGENT.id, OTHERS[0], OTHERS[1], AGENT.id];
  const ids = creators.map((createdById, i) =>
    saveTicket(work.db, sampleTicket(i + 1, { status: 'handling', createdById })),
  );
  expect(inHand(work, { team: '二班' })).toEqual([ids[0], ids[3]]);
  expect(inHand(work, { team: '一班' })).toEqual([ids[1]]);
  expect(inHand(work, { team: '一班', agents: [AGENT.id] })).toEqual([]);
  expect(inHand(work, { team: '二班', agents: [AGENT.id, OTHERS[1]] })).toEqual([ids[0], ids[3]]);
  // Nobody is left in it: that is no reason to show everybody's.
  expect(inHand(work, { team: '三班' })).toEqual([]);
});

test('the 班组 a user looks at first is kept, and is none any more when the centre has no such 班组', () => {
  const work = openConsole();
  expect(findTeam(work.ctx)).toBeNull();
  chooseTeam(work.ctx, '一班');
  expect(findTeam(work.ctx)).toBe('一班');
  expect(() => chooseTeam(work.ctx, '三班')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  expect(findTeam(work.ctx)).toBe('一班');
  saveDirectory(work.db, { hash: 'b', seats: [seatOf(AGENT.id, AGENT.seat, '二班')], syncedAt: START });
  expect(findTeam(work.ctx)).toBeNull();
  chooseTeam(work.ctx, null);
  expect(findTeam(work.ctx)).toBeNull();
});

test('a filter without a 班组 stays as it is', () => {
  const { db } = openConsole();
  expect(spellOutTeam(db, undefined)).toBeUndefined();
  expect(spellOutTeam(db, { units: ['区城管局'] })).toEqual({ units: ['区城管局'] });
});
