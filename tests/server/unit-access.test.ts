import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runUnitKeyCommand } from '#server/units/unit-commands.ts';
import { revokeUnitKey } from '#server/units/unit-keys.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo } from '#tests/support/sample-acts.ts';
import { CENTRE } from '#tests/support/server.ts';
import { codeOf, createTicketBody, request } from '#tests/support/test-console.ts';
import { UnitClient } from '#tests/support/unit-client.ts';
import { OTHER_UNIT, UNIT, UnitScene } from '#tests/support/unit-scene.ts';

let scene: UnitScene;
beforeAll(async () => {
  scene = await UnitScene.open();
});
afterAll(() => scene.server.stop());

test('a unit reads its own tickets only: of its units, its centre, its lines', async () => {
  const [own, foreign, special] = [
    await scene.dispatched(),
    await scene.dispatched({}, OTHER_UNIT),
    await scene.dispatched({ line: '12350' }),
  ];
  const unit = await scene.unitOf();
  const seen = async (client: UnitClient) => (await client.list('?limit=200')).tickets.map(({ uid }) => uid);
  expect(await seen(unit)).toContain(own);
  for (const uid of [foreign, special, newId<TicketId>(systemClock.now())]) {
    expect(await seen(unit)).not.toContain(uid);
    expect(codeOf(await unit.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
    const answer = await unit.actOn({ uid, status: 'to_sign', version: 9 }, 'sign');
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
  }
  expect((await scene.pulled(foreign)).status).toBe('to_sign');
  expect(await seen(await scene.unitOf([UNIT, OTHER_UNIT]))).toEqual(expect.arrayContaining([own, foreign]));
  expect(await seen(await scene.unitOf([UNIT], ['12345', '12350']))).toEqual(expect.arrayContaining([own, special]));
  expect(await seen(await scene.unitOf([UNIT], ['12345'], '320500'))).toEqual([]);
});

test('a platform acts for that of its units that has the ticket', async () => {
  const platform = await scene.unitOf([UNIT, OTHER_UNIT]);
  const uid = await scene.dispatched({}, OTHER_UNIT);
  await platform.act(uid, 'sign');
  expect((await scene.pulled(uid)).events.at(-1)).toMatchObject({ actorName: OTHER_UNIT, act: { action: 'sign' } });
});

test('a 协办 reads what it helps with, and leaves signing and answering to the 主办', async () => {
  const body = createTicketBody({ title: '协办的路灯' });
  await scene.agent.pushOne(body);
  await scene.decide(body.uid, 'to_dispatch', dispatchTo(UNIT, { coUnits: [OTHER_UNIT] }));
  const alone = await scene.dispatched();
  const helper = await scene.unitOf([OTHER_UNIT]);
  expect((await helper.list('?as=co')).tickets.map(({ uid }) => uid)).toEqual([body.uid]);
  expect((await helper.list('?as=co&status=handling')).tickets).toEqual([]);
  expect((await helper.list('?limit=200')).tickets.map(({ uid }) => uid)).not.toContain(body.uid);
  expect(await helper.get(body.uid)).toMatchObject({ unit: UNIT, coUnits: [OTHER_UNIT], title: '协办的路灯' });
  expect(codeOf(await helper.act(body.uid, 'sign'))).toBe('NOT_FOUND');
  expect(codeOf(await helper.send(`/tickets/${alone}`))).toBe('NOT_FOUND');
  expect((await (await scene.unitOf([OTHER_UNIT], ['12350'])).list('?as=co')).tickets).toEqual([]);
});

test('of a secret caller a unit reads neither name nor number, wherever they are written', async () => {
  const phone = '13951667788';
  const secret = {
    content: `周桂英反映楼下油烟，电话139-5166-7788，家住某路 1 号`,
    originalWords: '我叫周桂英',
    caller: { name: '周桂英', gender: 'female', kind: 'person', phone, anonymous: false, confidential: true },
  } as const;
  const unit = await scene.unitOf();
  const uids = [
    await scene.dispatched(secret),
    await scene.dispatched({ ...secret, caller: { ...secret.caller, confidential: false, anonymous: true } }),
    await scene.dispatched({ ...secret, caller: { ...secret.caller, confidential: false }, markers: ['confidential'] }),
  ];
  const open = await scene.dispatched({ ...secret, caller: { ...secret.caller, confidential: false } });
  const texts = [
    JSON.stringify((await unit.list('?limit=200')).tickets.filter(({ uid }) => uids.includes(uid))),
    ...(await Promise.all(uids.map(async (uid) => JSON.stringify(await unit.get(uid))))),
  ];
  for (const text of texts) {
    expect(text).not.toContain('周桂英');
    expect(text).not.toMatch(/139-?5166-?7788/);
    expect(text).not.toContain('某路');
  }
  for (const uid of uids) expect((await unit.get(uid)).caller).toBeNull();
  expect((await unit.get(open)).caller).toMatchObject({ name: '周桂英', phone });
});

test('nobody gets in without a key that holds, and a key opens nothing but the tickets of units', async () => {
  const { id, key } = await scene.newKey();
  const asked = (authorization: string) =>
    request(scene.server.url, '/api/v1/unit/tickets', { headers: { authorization } });
  for (const authorization of [
    '',
    'Bearer ',
    `Bearer ${key}x`,
    `Bearer unit-${'A'.repeat(43)}`,
    scene.agent.headers.authorization,
  ]) {
    const answer = await asked(authorization ?? '');
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  }
  for (const path of ['/tickets', '/auth/me', '/accounts', '/centre/seats']) {
    const answer = await request(scene.server.url, `/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect([path, answer.status]).toEqual([path, 401]);
  }
  expect((await asked(`Bearer ${key}`)).status).toBe(200);
  await revokeUnitKey(scene.server.services.pool, id, systemClock.now());
  expect((await asked(`Bearer ${key}`)).status).toBe(401);
  const [stored] = await scene.server.query<{ text: string }>(
    'SELECT unit_keys::text AS text FROM unit_keys WHERE id = $1',
    [id],
  );
  expect(stored?.text).not.toContain(key.slice(5));
  expect(scene.server.logLines.join('\n')).not.toContain(key.slice(5));
});

test('the API document has the requests of units, with their key and the Idempotency-Key', async () => {
  const { body } = await request(scene.server.url, '/api/openapi.json');
  const { paths, components } = body as {
    paths: Record<string, Record<string, { security?: unknown; parameters?: { name: string; in: string }[] }>>;
    components: { securitySchemes: object };
  };
  expect(Object.keys(components.securitySchemes)).toContain('unitKey');
  for (const path of ['', '/{uid}', '/{uid}/sign', '/{uid}/return', '/{uid}/extension', '/{uid}/reply']) {
    const operation = Object.values(paths[`/unit/tickets${path}`] ?? {})[0];
    expect(operation?.security).toEqual([{ unitKey: [] }]);
  }
  const parameters = paths['/unit/tickets/{uid}/reply']?.post?.parameters?.map(
    ({ name, in: where }) => `${where} ${name}`,
  );
  expect(parameters).toEqual(expect.arrayContaining(['path uid', 'header idempotency-key']));
});

test('unit-key makes a key that works, lists it without itself, and takes it back', async () => {
  const run = async (...args: readonly string[]) => {
    const env = { ...process.env, DATABASE_URL: scene.server.databaseUrl };
    const { stdout } = await promisify(execFile)(process.execPath, ['src/server/main.ts', 'unit-key', ...args], {
      env,
    });
    return JSON.parse(stdout.trim());
  };
  const made = await run('add', '--centre', CENTRE, '--units', `${UNIT},${OTHER_UNIT}`, '--holder', '鼓楼区平台');
  expect(made).toMatchObject({ event: 'unit-key.added', units: [UNIT, OTHER_UNIT], lines: ['12345'] });
  const unit = new UnitClient(scene.server.url, made.key);
  expect((await unit.send('/tickets')).status).toBe(200);
  const listed = await run('list', '--centre', CENTRE);
  expect(listed.keys).toContainEqual(expect.objectContaining({ id: made.id, holder: '鼓楼区平台', revokedAt: null }));
  expect(JSON.stringify(listed)).not.toContain(made.key);
  await run('revoke', '--id', made.id);
  expect((await unit.send('/tickets')).status).toBe(401);
  expect(await revokeUnitKey(scene.server.services.pool, made.id, systemClock.now())).toBe(false);
  await expect(runUnitKeyCommand(['add', '--centre', 'x', '--units', ''])).rejects.toThrow(/centre, units/);
  await expect(runUnitKeyCommand(['forget'])).rejects.toThrow(/Usage/);
});
