import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CitizenFields } from '#shared/domain/citizen.ts';
import type { CitizenChanges } from '#shared/domain/citizen-changes.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type CitizenId, type EventId, newId } from '#shared/kernel/ids.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { citizenBody, TestConsole } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'agent2' });
  await server.addAccount({ account: 'lead1', role: 'lead' });
});
afterAll(() => server.stop());

const seat = (account = 'agent1') => new TestConsole(server.url).signIn(account);
const stored = async (uid: string) =>
  (await server.query<{ fields: CitizenFields }>('SELECT fields FROM citizens WHERE uid = $1', [uid]))[0]?.fields;
const phonesOf = async (uid: string) =>
  (
    await server.query<{ phone: string }>('SELECT phone FROM citizen_phones WHERE citizen_uid = $1 ORDER BY phone', [
      uid,
    ])
  ).map(({ phone }) => phone);
const changeBody = (uid: CitizenId, changes: CitizenChanges) => ({
  kind: 'citizen.change' as const,
  uid,
  args: { centre: '320100', changes },
});
const liftBody = (uid: CitizenId) => ({
  kind: 'citizen.lift' as const,
  uid,
  args: { centre: '320100', eventId: newId<EventId>(systemClock.now()), reason: '本人来电要求' },
});
const withFields = (body: ReturnType<typeof citizenBody>, fields: Partial<CitizenFields>) => ({
  ...body,
  args: { ...body.args, fields: { ...body.args.fields, ...fields } },
});

test('changes of two people to one record are both kept, former values too', async () => {
  const [one, two] = [await seat('agent1'), await seat('agent2')];
  const body = citizenBody('赵女士', ['13600000001', '13600000002']);
  expect(await one.pushOne(body)).toMatchObject({ code: 'applied', version: 1 });
  const secret = changeBody(body.uid, {
    name: '赵晓',
    confidential: true,
    phones: { removed: ['13600000002'], added: ['02580000001'] },
  });
  expect(await two.pushOne(secret, { baseVersion: 1 })).toMatchObject({ code: 'applied', version: 2 });
  const stale = changeBody(body.uid, { remark: '下午在家', phones: { removed: [], added: ['13600000003'] } });
  expect(await one.pushOne(stale, { baseVersion: 1 })).toMatchObject({ code: 'merged', version: 3 });
  expect(await stored(body.uid)).toMatchObject({
    name: '赵晓',
    confidential: true,
    remark: '下午在家',
    phones: ['13600000001', '02580000001', '13600000003'],
  });
  expect(await phonesOf(body.uid)).toEqual(['02580000001', '13600000001', '13600000003']);
  const history = await server.query<{ name: string }>(
    "SELECT fields->>'name' AS name FROM citizen_history WHERE citizen_uid = $1 ORDER BY version",
    [body.uid],
  );
  expect(history.map((row) => row.name)).toEqual(['赵女士', '赵晓']);
  expect(await one.pushOne(stale, { baseVersion: 3 })).toMatchObject({ code: 'duplicate', version: 3 });
});

test('a whole record of an older console, written on a former version, brings what it changed and takes nothing back', async () => {
  const [old, other] = [await seat('agent1'), await seat('agent2')];
  const body = citizenBody('孙女士', ['13600000011']);
  await old.pushOne(body);
  const newer = changeBody(body.uid, { confidential: true, phones: { removed: [], added: ['13600000012'] } });
  await other.pushOne(newer, { baseVersion: 1 });
  const kept = citizenBody('孙晓', ['13600000013']);
  await other.pushOne(kept);
  await other.pushOne({ kind: 'citizen.merge', uid: body.uid, args: { centre: '320100', into: kept.uid } });
  const stale = withFields(body, { remark: '请说慢一点' });
  expect(await old.pushOne(stale, { baseVersion: 1 })).toMatchObject({ code: 'merged', version: 4 });
  expect(await stored(body.uid)).toMatchObject({
    confidential: true,
    remark: '请说慢一点',
    phones: ['13600000011', '13600000012'],
  });
});

test('whole records one after the other from an older console: the last is what it showed', async () => {
  const [old, other] = [await seat('agent1'), await seat('agent2')];
  const body = citizenBody('李女士', ['13600000021']);
  await old.pushOne(body);
  await other.pushOne(changeBody(body.uid, { name: '李晓' }), { baseVersion: 1 });
  await old.push([
    old.op(withFields(body, { remark: '写错了', phones: ['13600000021', '13600000022'] }), { baseVersion: 1 }),
    old.op(body, { baseVersion: 1 }),
  ]);
  expect(await stored(body.uid)).toMatchObject({ name: '李晓', remark: '', phones: ['13600000021'] });
});

test('a whole record whose former version nobody knows adds and takes nothing away', async () => {
  const console = await seat();
  const body = citizenBody('周女士', ['13600000031']);
  await console.pushOne(body);
  const other = withFields(body, { phones: ['13600000032'], remark: '另一台' });
  expect(await console.pushOne(other, { baseVersion: 7 })).toMatchObject({ code: 'merged', version: 2 });
  expect(await stored(body.uid)).toMatchObject({ phones: ['13600000031', '13600000032'], remark: '另一台' });
});

test('保密 goes off by an operation of its own, of somebody who sees secret callers, with a line in the log of looks', async () => {
  const [agent, lead] = [await seat('agent1'), await seat('lead1')];
  const body = withFields(citizenBody('吴女士', ['13600000041']), { confidential: true });
  await agent.pushOne(body);
  const whole = withFields(body, { confidential: false, remark: '改过' });
  expect(await agent.pushOne(whole, { baseVersion: 1 })).toMatchObject({ code: 'applied', version: 2 });
  expect(await stored(body.uid)).toMatchObject({ confidential: true, remark: '改过' });
  expect(await agent.pushOne(liftBody(body.uid), { baseVersion: 2 })).toMatchObject({
    code: 'rejected',
    reason: 'FORBIDDEN',
  });
  expect(await lead.pushOne(liftBody(body.uid), { baseVersion: 2 })).toMatchObject({ code: 'applied', version: 3 });
  expect(await stored(body.uid)).toMatchObject({ confidential: false });
  const looks = await server.query('SELECT subject, field, reason FROM reveals WHERE subject_uid = $1', [body.uid]);
  expect(looks).toEqual([{ subject: 'citizen', field: 'confidential', reason: '本人来电要求' }]);
});

test('a change needs its record and must not overfill it', async () => {
  const console = await seat();
  expect(await console.pushOne(changeBody(newId(systemClock.now()), { name: '无' }))).toMatchObject({
    code: 'rejected',
    reason: 'NOT_FOUND',
  });
  const phones = Array.from({ length: 9 }, (_, i) => `1360000005${i}`);
  const body = citizenBody('郑女士', phones);
  await console.pushOne(body);
  const added = changeBody(body.uid, { phones: { removed: [], added: ['13600000060', '13600000061'] } });
  expect(await console.pushOne(added, { baseVersion: 1 })).toMatchObject({ code: 'rejected', reason: 'RECORD_FULL' });
});

test('an unchanged record is a duplicate and moves nothing', async () => {
  const console = await seat();
  const body = citizenBody('钱先生', ['13600000009']);
  await console.pushOne(body);
  expect(await console.pushOne(body, { baseVersion: 1 })).toMatchObject({ code: 'duplicate', version: 1 });
});
