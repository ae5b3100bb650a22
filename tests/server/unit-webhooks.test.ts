import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addUnitKey, revokeUnitKey } from '#server/units/unit-keys.ts';
import { addUnitWebhook, listUnitWebhooks, removeUnitWebhook, webhookUrlSchema } from '#server/units/unit-webhooks.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { SAMPLE_OVERLAYS } from '#tests/support/sample-overlays.ts';
import { CENTRE, createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, noteBody, TestConsole } from '#tests/support/test-console.ts';
import { UnitClient } from '#tests/support/unit-client.ts';

const UNIT = '鼓楼区城管局';
const OTHER = '鼓楼区水务局';

const clock = createManualClock();
let server: TestServer;
const agent = () => new TestConsole(server.url).signIn('agent1');
const dispatcher = () => new TestConsole(server.url).signIn('dispatcher1');
beforeAll(async () => {
  server = await startTestServer({ clock });
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'dispatcher1', role: 'dispatcher' });
  await server.addAccount({ account: 'supervisor1', role: 'supervisor' });
  await server.addAccount({ account: 'unit1', role: 'unit', name: UNIT });
});
afterAll(() => server.stop());

const listening: Server[] = [];
afterEach(async () => {
  await server.query('UPDATE unit_webhooks SET removed_at = 1');
  await server.query('UPDATE unit_deliveries SET next_at = NULL');
  for (const one of listening.splice(0)) await new Promise((resolve) => one.close(resolve));
});

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly news: {
    readonly event: string;
    readonly ticket: { readonly uid: string; readonly status: string; readonly as: string };
  };
}

/** A unit's own system that hears of its tickets; `answers` are its first statuses, then 204. */
async function listen(units: readonly string[] = [UNIT], answers: number[] = []) {
  const received: Received[] = [];
  const system = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, text: body, news: JSON.parse(body) });
    response.writeHead(answers.shift() ?? 204, { location: '/elsewhere' }).end();
  });
  listening.push(system);
  await new Promise<void>((resolve) => system.listen(0, '127.0.0.1', resolve));
  const { port } = system.address() as AddressInfo;
  const fields = { centre: CENTRE, lines: ['12345' as const], units: [...units], holder: UNIT };
  const { id: keyId } = await addUnitKey(server.services.pool, fields, clock.now());
  const webhook = await addUnitWebhook(server.services.pool, keyId, `http://127.0.0.1:${port}/news`, clock.now());
  if (!webhook) throw new Error('no webhook');
  return {
    received,
    webhook,
    keyId,
    answers,
    seen: () => received.map(({ news }) => [news.event, news.ticket.status]),
  };
}

async function act(console: TestConsole, uid: TicketId, from: Ticket['status'], what: TicketAct) {
  const args = { eventId: newId<EventId>(clock.now()), from, act: what, words: '不属我局职责' };
  return console.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: 1_000 });
}

async function dispatched(unit = UNIT): Promise<TicketId> {
  const body = createTicketBody();
  await (await agent()).pushOne(body);
  await act(await dispatcher(), body.uid, 'to_dispatch', dispatchTo(unit));
  return body.uid;
}

test('a unit that a 督办 names is told of it and reads the ticket, though it is neither 主办 nor 协办; with the end of the order that is over', async () => {
  const { received } = await listen([OTHER]);
  const fields = { centre: CENTRE, lines: ['12345' as const], units: [OTHER], holder: OTHER };
  const { key } = await addUnitKey(server.services.pool, fields, clock.now());
  const other = new UnitClient(server.url, key);
  const supervisor = await new TestConsole(server.url).signIn('supervisor1');
  const lay = async (uid: TicketId, step: OverlayStep, words: string) => {
    const args = { eventId: newId<EventId>(clock.now()), step, words };
    const { code } = await supervisor.pushOne({ kind: 'ticket.overlay', uid, args }, { baseVersion: 1_000 });
    expect(code).toBe('merged');
    return args.eventId;
  };
  const uid = await dispatched();
  const told = () => received.map(({ news }) => [news.event, news.ticket.as, news.ticket.uid === uid]);
  expect(told()).toEqual([]);
  expect((await other.send(`/tickets/${uid}`)).status).toBe(404);

  const order = { ...SAMPLE_OVERLAYS.order, unit: OTHER };
  const ref = await lay(uid, order, '请当日到场');
  await expect.poll(told).toEqual([['ticket.changed', 'order', true]]);
  expect(await other.list('?as=order')).toMatchObject({ tickets: [{ uid, unit: UNIT }] });
  expect((await other.list()).tickets).toEqual([]);
  expect((await other.get(uid)).steps.at(-1)).toMatchObject({ action: 'order', text: '请当日到场' });
  // It reads; the ticket lies with another unit.
  expect((await other.act(uid, 'sign')).status).toBe(404);

  // Also of a ticket that nobody has yet.
  const waiting = createTicketBody();
  await (await agent()).pushOne(waiting);
  await lay(waiting.uid, order, '请先行到场');
  expect(await other.get(waiting.uid)).toMatchObject({ unit: null, status: 'to_dispatch' });

  await lay(uid, { step: 'finish', ref }, '已到场');
  await expect
    .poll(() => told().filter(([, , own]) => own))
    .toEqual([
      ['ticket.changed', 'order', true],
      ['ticket.withdrawn', 'order', true],
    ]);
  expect((await other.send(`/tickets/${uid}`)).status).toBe(404);
});

test('a unit is told of what it gets, of a reminder, and of what is taken from it, with nothing of the ticket itself', async () => {
  const { received, seen } = await listen();
  const other = await listen([OTHER]);
  const uid = await dispatched();
  await expect.poll(seen).toEqual([['ticket.changed', 'to_sign']]);
  await (await agent()).pushOne(noteBody(uid, '催办：还没人来', 'remind'));
  await expect.poll(seen).toHaveLength(2);
  await act(await new TestConsole(server.url).signIn('unit1'), uid, 'to_sign', SAMPLE_ACTS.return);
  await expect.poll(seen).toHaveLength(3);
  await act(await dispatcher(), uid, 'return_review', SAMPLE_ACTS.approve_return);
  await expect.poll(seen).toHaveLength(4);
  expect(seen().slice(2)).toEqual([
    ['ticket.changed', 'return_review'],
    ['ticket.withdrawn', 'to_dispatch'],
  ]);
  await act(await dispatcher(), uid, 'to_dispatch', dispatchTo(OTHER));
  await expect.poll(other.seen).toEqual([['ticket.changed', 'to_sign']]);
  expect(received).toHaveLength(4);
  for (const { news, text: sent } of received) {
    expect(news.ticket.uid).toBe(uid);
    expect(sent).not.toMatch(/路灯|王先生|138\d{8}/);
  }
});

test('a delivery is signed over its id, time and body with the secret that was shown once', async () => {
  const { received, webhook } = await listen();
  await dispatched();
  await expect.poll(() => received.length).toBe(1);
  const [first] = received;
  if (!first) throw new Error('nothing came');
  const { headers, text: body } = first;
  const key = Buffer.from(webhook.secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  expect(Number(headers['webhook-timestamp'])).toBe(Math.floor(clock.now() / 1_000));
});

test('what was not answered comes again later under the same id, and not any more once it was', async () => {
  const { received } = await listen([UNIT], [500, 302]);
  await dispatched();
  await expect.poll(() => received.length).toBe(1);
  const due = async () =>
    (await server.query<{ next_at: number }>('SELECT next_at FROM unit_deliveries WHERE next_at IS NOT NULL'))[0];
  const again = async (count: number) => {
    await expect.poll(async () => ((await due())?.next_at ?? 0) - clock.now()).toBeLessThan(45_000);
    clock.advance(((await due())?.next_at ?? 0) - clock.now() + 1);
    server.services.webhooks.wake();
    await expect.poll(() => received.length).toBe(count);
  };
  await again(2);
  await again(3);
  await expect.poll(due).toBeUndefined();
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(received).toHaveLength(3);
});

test('a system that does not answer holds up no other, and gets all of it once it is there again', async () => {
  const dead = await listen([UNIT], Array<number>(30).fill(503));
  const alive = await listen([OTHER]);
  for (let i = 0; i < 6; i++) await dispatched(UNIT);
  for (let i = 0; i < 6; i++) await dispatched(OTHER);
  await expect.poll(() => alive.received.length).toBe(6);
  expect(dead.received.length).toBeLessThanOrEqual(8);
  const dueLater = async () =>
    (await server.query<{ count: number }>('SELECT count(*) FROM unit_deliveries WHERE next_at > $1', [clock.now()]))[0]
      ?.count;
  await expect.poll(dueLater).toBe(6);
  dead.answers.length = 0;
  const uids = () => new Set(dead.received.map(({ headers }) => headers['webhook-id'])).size;
  clock.advance(120_000);
  server.services.webhooks.wake();
  await expect.poll(uids).toBe(6);
  await expect.poll(async () => server.query('SELECT 1 FROM unit_deliveries WHERE next_at IS NOT NULL')).toEqual([]);
});

test('a delivery that a system refuses for what it says holds up no other of that system', async () => {
  const { received, answers, webhook } = await listen();
  for (let i = 0; i < 2; i++) await dispatched();
  const deliveries = () =>
    server.query<{ id: string; status: number | null }>(
      'SELECT id, last_status AS status FROM unit_deliveries WHERE webhook_id = $1 ORDER BY id',
      [webhook.id],
    );
  await expect.poll(async () => (await deliveries()).map(({ status }) => status)).toEqual([204, 204]);
  // Both are to be sent once more: one now, which is refused, and one a moment later.
  const [refused = { id: '' }, next = { id: '' }] = await deliveries();
  const again = 'UPDATE unit_deliveries SET delivered_at = NULL, attempts = 4, next_at = $2 WHERE id = $1';
  answers.push(422);
  await server.query(again, [next.id, clock.now() + 2_000]);
  await server.query(again, [refused.id, clock.now()]);
  server.services.webhooks.wake();
  await expect.poll(deliveries).toEqual([
    { id: refused.id, status: 422 },
    { id: next.id, status: 204 },
  ]);
  expect(received).toHaveLength(3);
  clock.advance(2_001);
  server.services.webhooks.wake();
  await expect.poll(() => received.length).toBe(4);
  expect(received.at(-1)?.headers['webhook-id']).toBe(next.id);
});

test('nothing more is told with a key that was taken back, not even what waited', async () => {
  const { received, keyId } = await listen([UNIT], [503]);
  await dispatched();
  await expect
    .poll(() => server.query('SELECT last_status FROM unit_deliveries WHERE next_at > $1', [clock.now()]))
    .toEqual([{ last_status: 503 }]);
  expect(await revokeUnitKey(server.services.pool, keyId, clock.now())).toBe(true);
  expect(await server.query('SELECT 1 FROM unit_deliveries WHERE next_at IS NOT NULL')).toEqual([]);
  // Written down by a decision that was under way.
  await server.query('UPDATE unit_deliveries SET next_at = $1 WHERE delivered_at IS NULL', [clock.now()]);
  const other = await listen([OTHER]);
  await dispatched(OTHER);
  await expect.poll(() => other.received.length).toBe(1);
  expect(received).toHaveLength(1);
});

test('a webhook that was removed is told nothing more; an address with a password in it is none', async () => {
  const { received, webhook } = await listen();
  expect(await removeUnitWebhook(server.services.pool, webhook.id, clock.now())).toBe(true);
  expect(await removeUnitWebhook(server.services.pool, webhook.id, clock.now())).toBe(false);
  await dispatched();
  expect(await server.query('SELECT 1 FROM unit_deliveries WHERE next_at IS NOT NULL')).toEqual([]);
  expect(received).toEqual([]);
  const listed = await listUnitWebhooks(server.services.pool, CENTRE);
  expect(listed).toContainEqual(expect.objectContaining({ id: webhook.id, removedAt: clock.now(), waiting: 0 }));
  expect(JSON.stringify(listed)).not.toContain(webhook.secret);
  for (const url of ['ftp://a.b/c', 'https://user:secret@a.b/c', 'javascript:alert(1)', 'nowhere', ''])
    expect(webhookUrlSchema.safeParse(url).success).toBe(false);
  expect(webhookUrlSchema.safeParse('https://pingtai.gulou.example.cn/hotline?x=1').success).toBe(true);
});
