import { expect, test } from 'vitest';
import { findCitizen, saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { getPersonCard, lookUpCaller } from '#main/data/services/person-card.service.ts';
import { savePerson } from '#main/data/services/person-edit.service.ts';
import { listTimeline } from '#main/data/services/timeline.service.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type CitizenId, newId } from '#shared/kernel/ids.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { START, sampleCitizen, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const [OLD, NEW] = ['13800001234', '13900005678'];
const DAY_MS = 86_400_000;

/** A ticket made so many days after the first, under a number. */
function ticketOf(number: number, phone: string, citizenUid: CitizenId | null, day: number): Ticket {
  const fields = sampleFields();
  const createdAt = START + day * DAY_MS;
  return sampleTicket(number, {
    createdAt,
    acceptedAt: createdAt,
    fields: { ...fields, citizenUid, title: `第${number}件`, caller: { ...fields.caller, phone } },
  });
}

/** Somebody whose number was replaced on the tenth day. */
function moved(work: TestWork) {
  const citizen = sampleCitizen({ phones: [OLD] });
  saveCitizen(work.db, citizen);
  saveTicket(work.db, ticketOf(1, OLD, citizen.uid, 1));
  saveTicket(work.db, ticketOf(2, OLD, null, 2));
  work.clock.advance(10 * DAY_MS);
  const seenAt = findCitizen(work.db, citizen.uid)?.updatedAt ?? 0;
  savePerson(work.ctx, { uid: citizen.uid, seenAt, changes: { phones: { kept: [], added: [NEW] } } });
  return citizen.uid;
}

const titlesOf = ({ ctx }: TestWork, uid: CitizenId) =>
  listTimeline(ctx, { uid, phone: '', kinds: ['ticket'], limit: 50, skip: 0 }).entries.map((entry) =>
    entry.kind === 'ticket' ? entry.title : '',
  );

test('tickets made under a number that was taken off stay with the person', () => {
  const work = openTestWork(tempFolder());
  const uid = moved(work);
  saveTicket(work.db, ticketOf(3, NEW, uid, 11));
  expect(findCitizen(work.db, uid)?.fields).toMatchObject({
    phones: [NEW],
    formerPhones: [{ phone: OLD, until: START + 10 * DAY_MS }],
  });
  for (const card of [getPersonCard(work.ctx, uid), lookUpCaller(work.ctx, NEW)]) {
    expect(card.tickets.map(({ title }) => title)).toEqual(['第3件', '第2件', '第1件']);
    expect(card.totals).toMatchObject({ tickets: 3, open: 3, last30Days: 3 });
    expect(card.open).toHaveLength(3);
  }
  expect(titlesOf(work, uid)).toEqual(['第3件', '第2件', '第1件']);
});

test('who has the number now is somebody else: neither found by it nor mixed with the former owner', () => {
  const work = openTestWork(tempFolder());
  const uid = moved(work);
  const stranger = newId<CitizenId>(START);
  saveTicket(work.db, ticketOf(4, OLD, null, 12));
  saveTicket(work.db, ticketOf(5, OLD, stranger, 3));
  expect(titlesOf(work, uid)).toEqual(['第2件', '第1件']);
  expect(getPersonCard(work.ctx, uid).totals.tickets).toBe(2);
  expect(lookUpCaller(work.ctx, OLD).citizen).toBeNull();
});

test('a number that is theirs again is no former one, and nothing is counted twice', () => {
  const work = openTestWork(tempFolder());
  const uid = moved(work);
  const seenAt = findCitizen(work.db, uid)?.updatedAt ?? 0;
  savePerson(work.ctx, { uid, seenAt, changes: { phones: { kept: [0], added: [OLD] } } });
  expect(findCitizen(work.db, uid)?.fields).toMatchObject({ phones: [NEW, OLD] });
  expect(findCitizen(work.db, uid)?.fields).not.toHaveProperty('formerPhones');
  expect(getPersonCard(work.ctx, uid).totals.tickets).toBe(2);
});
