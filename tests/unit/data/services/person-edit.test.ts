import { expect, test } from 'vitest';
import { findCitizen, saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { getPersonCard, lookUpCaller } from '#main/data/services/person-card.service.ts';
import { mergePersons, savePerson, splitPerson } from '#main/data/services/person-edit.service.ts';
import { type PersonChanges, savePersonSchema } from '#shared/contract/citizen.contract.ts';
import { type CitizenId, newId } from '#shared/kernel/ids.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START, sampleCitizen, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

/** Changes a stored person as their dialog does, from what it last showed. */
function change({ ctx, db }: TestWork, uid: CitizenId, changes: PersonChanges) {
  savePerson(ctx, { uid, seenAt: findCitizen(db, uid)?.updatedAt ?? 0, changes });
  return findCitizen(db, uid)?.fields;
}

function storedPerson(work: TestWork, fields: Parameters<typeof sampleCitizen>[0] = {}) {
  const citizen = sampleCitizen(fields);
  saveCitizen(work.db, citizen);
  return citizen;
}

test('a changed person shows at once and goes to the server as what was changed; the rest of it stays', () => {
  const work = openTestWork(tempFolder());
  const { uid } = storedPerson(work, { remark: '下午在家' });
  work.clock.advance(1_000);
  const fields = change(work, uid, {
    name: '王方',
    ageBand: 'senior',
    needs: { hearing: true, language: '苏州话' },
    phones: { kept: [0], added: ['+86 139-0000-5678', '(025) 8400 0001'] },
    flags: { removed: [], added: [{ kind: 'care', text: '独居老人', until: START + 86_400_000 }] },
  });
  expect(fields).toMatchObject({
    name: '王方',
    remark: '下午在家',
    ageBand: 'senior',
    needs: { hearing: true, language: '苏州话' },
    phones: ['13800001234', '13900005678', '02584000001'],
    flags: [{ kind: 'care', text: '独居老人', byName: '林晓雯', at: START + 1_000 }],
  });
  expect(getPersonCard(work.ctx, uid).unconfirmed).toBe(true);
  expect(listOutbox(work.db).map(({ op }) => op)).toMatchObject([
    {
      kind: 'citizen.change',
      uid,
      baseVersion: 1,
      args: {
        changes: {
          name: '王方',
          ageBand: 'senior',
          needs: { hearing: true, language: '苏州话' },
          phones: { removed: [], added: ['13900005678', '02584000001'] },
          flags: { removed: [], added: [{ kind: 'care', text: '独居老人' }] },
        },
      },
    },
  ]);
  expect(JSON.stringify(listOutbox(work.db))).not.toMatch(/下午在家|13800001234/);
  expect(work.queued).toHaveLength(1);
  for (const phone of ['13900005678', '025-84000001', '138 0000 1234']) {
    expect(lookUpCaller(work.ctx, phone).citizen?.uid).toBe(uid);
  }
});

test('numbers can be put in another order and taken away; a flag that is over can be taken off', () => {
  const work = openTestWork(tempFolder());
  const { uid } = storedPerson(work, { phones: ['13800001234', '13900005678', '02584000001'] });
  expect(change(work, uid, { phones: { kept: [2, 0], added: [] } })?.phones).toEqual(['02584000001', '13800001234']);
  expect(lookUpCaller(work.ctx, '13900005678').citizen).toBeNull();
  const flagged = change(work, uid, { flags: { removed: [], added: [{ kind: 'threat', text: '', until: null }] } });
  const id = flagged?.flags[0]?.id;
  if (!id) throw new Error('the flag was set');
  expect(change(work, uid, { flags: { removed: [id], added: [] } })?.flags).toEqual([]);
});

test('somebody who sees a masked record changes it without seeing it', () => {
  const work = openTestWork(tempFolder());
  const { uid } = storedPerson(work, { name: '王小芳', phones: ['13800001234'], confidential: true });
  expect(lookUpCaller(work.ctx, '13800001234').citizen?.fields.phones).toEqual(['138****1234']);
  const fields = change(work, uid, { remark: '请说慢一点', phones: { kept: [0], added: ['13900005678'] } });
  expect(fields).toMatchObject({ name: '王小芳', phones: ['13800001234', '13900005678'], remark: '请说慢一点' });
});

test('a record that somebody else changed meanwhile is not overwritten', () => {
  const work = openTestWork(tempFolder());
  const citizen = storedPerson(work);
  work.clock.advance(1_000);
  change(work, citizen.uid, { remark: '新的备注' });
  expect(() =>
    savePerson(work.ctx, { uid: citizen.uid, seenAt: citizen.updatedAt, changes: { remark: '旧的' } }),
  ).toThrow(expect.objectContaining({ code: 'RECORD_CHANGED' }) as Error);
  expect(findCitizen(work.db, citizen.uid)?.fields.remark).toBe('新的备注');
  expect(listOutbox(work.db)).toHaveLength(1);
});

test('a person is made from a name or a number, not from nothing and not with a number that is none', () => {
  const work = openTestWork(tempFolder());
  const { uid } = savePerson(work.ctx, {
    uid: null,
    seenAt: 0,
    changes: { name: '李雷', phones: { kept: [], added: ['13700000077'] } },
  });
  expect(lookUpCaller(work.ctx, '137 0000 0077').citizen).toMatchObject({ uid, version: 0, fields: { name: '李雷' } });
  for (const changes of [{}, { name: ' ' }, { name: '李雷', phones: { kept: [], added: ['电话'] } }]) {
    expect(() => savePerson(work.ctx, { uid: null, seenAt: 0, changes })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }) as Error,
    );
  }
  expect(listOutbox(work.db)).toHaveLength(1);
  expect(() => savePerson(work.ctx, { uid: newId<CitizenId>(START), seenAt: 0, changes: {} })).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }) as Error,
  );
});

test('two records of one person: every number leads to the one that stands for both, with the history of both', () => {
  const work = openTestWork(tempFolder());
  const kept = storedPerson(work, { name: '王芳', phones: ['13800001234'] });
  const merged = storedPerson(work, { name: '王方', phones: ['13900005678'] });
  const fields = sampleFields();
  ['13800001234', '13900005678'].forEach((phone, i) => {
    saveTicket(work.db, sampleTicket(i + 1, { fields: { ...fields, caller: { ...fields.caller, phone } } }));
  });
  mergePersons(work.ctx, merged.uid, kept.uid);
  for (const phone of ['13800001234', '13900005678']) {
    const card = lookUpCaller(work.ctx, phone);
    expect(card.citizen?.uid).toBe(kept.uid);
    expect(card.alsoKnown).toEqual([]);
    expect(card.merged).toEqual([{ uid: merged.uid, name: '王方', phones: ['13900005678'] }]);
    expect(card.tickets.map((ticket) => ticket.number)).toEqual([2, 1]);
  }
  expect(getPersonCard(work.ctx, merged.uid).citizen?.uid).toBe(kept.uid);
  splitPerson(work.ctx, merged.uid);
  expect(lookUpCaller(work.ctx, '13900005678')).toMatchObject({ citizen: { uid: merged.uid }, merged: [] });
  expect(lookUpCaller(work.ctx, '13900005678').tickets.map((ticket) => ticket.number)).toEqual([2]);
  expect(listOutbox(work.db).map(({ op }) => op.kind)).toEqual(['citizen.merge', 'citizen.split']);
  // A record that stands for itself has nothing to take back.
  splitPerson(work.ctx, merged.uid);
  expect(listOutbox(work.db)).toHaveLength(2);
});

test('merging goes on from the records that stand for others, and ends at one', () => {
  const work = openTestWork(tempFolder());
  const [a, b, c] = ['甲', '乙', '丙'].map((name, i) => storedPerson(work, { name, phones: [`1380000000${i}`] }));
  if (!a || !b || !c) throw new Error('three people');
  mergePersons(work.ctx, a.uid, b.uid);
  mergePersons(work.ctx, a.uid, c.uid);
  // 甲 points to 乙, so 乙 is who was merged into 丙.
  for (const phone of ['13800000000', '13800000001', '13800000002']) {
    expect(lookUpCaller(work.ctx, phone).citizen?.uid).toBe(c.uid);
  }
  expect(getPersonCard(work.ctx, c.uid).merged.map(({ name }) => name)).toEqual(['甲', '乙']);
  expect(() => mergePersons(work.ctx, c.uid, a.uid)).toThrow(expect.objectContaining({ code: 'SAME_PERSON' }) as Error);
  expect(() => mergePersons(work.ctx, c.uid, c.uid)).toThrow(expect.objectContaining({ code: 'SAME_PERSON' }) as Error);
});

test('a merge waits for the record it is about', () => {
  const work = openTestWork(tempFolder());
  const kept = storedPerson(work);
  const made = savePerson(work.ctx, {
    uid: null,
    seenAt: 0,
    changes: { name: '王芳', phones: { kept: [], added: ['13900005678'] } },
  });
  mergePersons(work.ctx, made.uid, kept.uid);
  const [creation, merge] = listOutbox(work.db).map(({ op }) => op);
  expect(merge).toMatchObject({ kind: 'citizen.merge', uid: made.uid, dependsOn: creation?.opId });
});

test('confidential under one of the merged records is confidential under all', () => {
  const work = openTestWork(tempFolder());
  const kept = storedPerson(work, { name: '王芳', phones: ['13800001234'] });
  const merged = storedPerson(work, { name: '王小芳', phones: ['13900005678'], confidential: true });
  mergePersons(work.ctx, merged.uid, kept.uid);
  expect(lookUpCaller(work.ctx, '13800001234')).toMatchObject({
    masked: true,
    citizen: { fields: { name: '王*', phones: ['138****1234'] } },
    merged: [{ name: '王*', phones: ['139****5678'] }],
  });
});

test('保密 is not lifted by who sees the record masked, whatever is written', () => {
  const work = openTestWork(tempFolder());
  const { uid, updatedAt: seenAt } = storedPerson(work, { name: '王小芳', confidential: true });
  const lift = () => savePerson(work.ctx, { uid, seenAt, changes: { remark: '改过' }, lift: { reason: '本人要求' } });
  expect(lift).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }) as Error);
  expect(savePersonSchema.safeParse({ uid, seenAt, changes: { confidential: false } }).success).toBe(false);
  expect(findCitizen(work.db, uid)?.fields).toMatchObject({ confidential: true, remark: '' });
  expect(listOutbox(work.db)).toEqual([]);
  expect(work.db.value('SELECT count(*) FROM reveals')).toBe(0);
});

test('a 班长 lifts 保密 of a person with a reason, written down for every record that made them secret', () => {
  const work = openTestWork(tempFolder(), { ...AGENT, role: 'lead' });
  const kept = storedPerson(work, { name: '王芳', phones: ['13800001234'] });
  const merged = storedPerson(work, { name: '王小芳', phones: ['13900005678'], confidential: true });
  mergePersons(work.ctx, merged.uid, kept.uid);
  const seenAt = findCitizen(work.db, kept.uid)?.updatedAt ?? 0;
  savePerson(work.ctx, { uid: kept.uid, seenAt, changes: {}, lift: { reason: '本人来电要求' } });
  expect(findCitizen(work.db, merged.uid)?.fields.confidential).toBe(false);
  expect(work.db.all('SELECT subject, subject_uid, field, reason, user_id FROM reveals')).toEqual([
    { subject: 'citizen', subject_uid: merged.uid, field: 'confidential', reason: '本人来电要求', user_id: AGENT.id },
  ]);
  expect(listOutbox(work.db).map(({ op }) => [op.kind, op.uid])).toEqual([
    ['citizen.merge', merged.uid],
    ['citizen.lift', merged.uid],
  ]);
});

test('a change waits for the record it is about', () => {
  const work = openTestWork(tempFolder());
  const { uid } = savePerson(work.ctx, { uid: null, seenAt: 0, changes: { name: '王芳' } });
  change(work, uid, { remark: '下午在家' });
  const [creation, changed] = listOutbox(work.db).map(({ op }) => op);
  expect(changed).toMatchObject({ kind: 'citizen.change', baseVersion: 0, dependsOn: creation?.opId });
});

test('a number of a person keeps its extension, and one field holds one number', () => {
  const work = openTestWork(tempFolder());
  const { uid } = storedPerson(work, { phones: ['13800001234'] });
  const fields = change(work, uid, { phones: { kept: [0], added: ['025-84000001转801'] } });
  expect(fields?.phones).toEqual(['13800001234', '02584000001#801']);
  expect(lookUpCaller(work.ctx, '025-84000001').citizen?.uid).toBe(uid);
  expect(() => change(work, uid, { phones: { kept: [0], added: ['13700001111、13900005678'] } })).toThrow(
    expect.objectContaining({ code: 'BAD_INPUT' }) as Error,
  );
});
