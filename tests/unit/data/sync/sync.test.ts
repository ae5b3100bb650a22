import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { PUSH_MAX_OPS, SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import type { Op } from '#shared/sync/wire.ts';
import { prepareConsoles, type TestConsole } from '#tests/support/data/console.ts';
import { type Fault, ModelServer } from '#tests/support/data/model-server.ts';
import { AGENT, START, sampleFields, sampleIntake, sampleTicket, TICKETS_NOW } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();
const LOGIN = { account: 'demo1001', password: 'Demo-12345' };
const PUSH = '/api/v1/sync/push';
const PULL = '/api/v1/sync/pull';
let server: ModelServer;
let seat: TestConsole;

beforeEach(async () => {
  server = await new ModelServer().start();
  seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
});
afterEach(() => server.stop());

/** A console that waits a second only, for answers that never come; on a busy machine others would lose proper answers. */
async function becomeImpatient(): Promise<void> {
  await seat.close();
  seat = startConsole({ folder: tempFolder(), serverUrl: server.url, timeoutMs: 1_000 });
}

async function signIn(): Promise<void> {
  await seat.client.session.signIn(LOGIN);
  await until('caught up', async () => (await seat.client.sync.status()).parity === 'equal');
}

async function submit(content = '路灯坏了'): Promise<TicketId> {
  const draft = await seat.client.drafts.open({ call: null });
  const intake = sampleIntake({ content });
  await seat.client.drafts.save({
    id: draft.id,
    revision: 0,
    content: { ...intake, caller: { ...intake.caller, anonymous: true } },
  });
  return (await seat.client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' })).uid;
}

/** Tries again and again until a condition holds. */
const retryUntil = (what: string, condition: () => boolean | Promise<boolean>) =>
  until(what, async () => {
    if (await condition()) return true;
    await seat.client.outbox.retryNow();
    return false;
  });

const opsOf = (request: { readonly body: Record<string, unknown> } | undefined) => (request?.body.ops ?? []) as Op[];

function ticketAt(uid: string): Ticket {
  return forceUnwrap('ticket at the server', server.tickets.get(uid)).wire.row as Ticket;
}

const outboxIsEmpty = async () => (await seat.client.outbox.list()).length === 0;
const status = () => seat.client.sync.status();
const effectsAreSingle = () => [...server.effects.values()].every((times) => times === 1);

/** The fault for the first requests of a path, then nothing. */
function faultOnce(path: string, fault: Fault, times = 1): void {
  let left = times;
  server.onRequest = (request) => (request.path === path && left-- > 0 ? fault : null);
}

test('a sync with nothing to do is one request', async () => {
  await signIn();
  await until('listening', () => server.listeners === 1);
  const before = server.seen.length;
  await seat.client.outbox.retryNow();
  await until('one more', () => server.seen.length > before);
  await until('quiet', async () => (await status()).nextTryAt !== null);
  expect(server.seen.slice(before).map((request) => request.path)).toEqual([PULL]);
});

test('the whole conversation of a first sync and one ticket', async () => {
  server.putTicket(sampleTicket(1));
  await signIn();
  const uid = await submit();
  await until('confirmed', outboxIsEmpty);
  await until(
    'pulled back',
    async () => (await seat.client.tickets.get({ uid })).version === 1 && (await status()).cached.tickets === 2,
  );
  const paths = server.seen.map((request) => request.path.replace('/api/v1', ''));
  // The console's key goes beside the others, whenever there is a moment.
  const beside = ['/sync/pull', '/sync/console-key'];
  expect(paths.filter((path) => !beside.includes(path))).toEqual([
    '/auth/login',
    '/sync/hello',
    '/centre/seats',
    '/sync/push',
  ]);
  expect(server.requestsOf('/sync/hello')[0]?.body).toMatchObject({
    incarnation: 1,
    schema: SCHEMA_VERSION,
    lastOp: 0,
  });
  expect(server.requestsOf('/sync/pull')[0]?.body.cursors).toEqual([
    { scope: TICKETS_NOW, epoch: 1, seq: 0 },
    { scope: '320100:citizens', epoch: 1, seq: 0 },
  ]);
  const headers = server.requestsOf('/sync/push')[0]?.headers;
  expect(headers).toMatchObject({ 'x-hotline-protocol': '1', 'x-hotline-mode': 'demo' });
  expect(headers?.['x-hotline-schema']).toBe(String(SCHEMA_VERSION));
});

test.each<Fault>([
  'cut-before',
  'cut-after',
  'html-200',
  'redirect',
  'bad-gateway',
  'proxy-400',
  'proxy-413',
  'proxy-422',
  'proxy-500',
  'internal-error',
  'not-ready',
  'truncated',
  'never-answer',
])('F12: a push that ends in %s is sent again unchanged and has its effect exactly once', async (fault) => {
  if (fault === 'never-answer') await becomeImpatient();
  await signIn();
  faultOnce(PUSH, fault, 2);
  const uid = await submit();
  await until('failed', async () => ((await seat.client.outbox.list())[0]?.attempts ?? 0) > 0);
  expect((await seat.client.outbox.list())[0]).toMatchObject({
    state: 'waiting',
    lastError: { code: expect.stringMatching(/^(OFFLINE|INTERNAL|NOT_READY)$/) },
  });
  await until('told', async () => (await status()).connection === 'offline');
  await retryUntil('confirmed', outboxIsEmpty);
  expect(server.tickets.has(uid)).toBe(true);
  expect(effectsAreSingle()).toBe(true);
  const pushes = server.requestsOf('/sync/push').map((request) => JSON.stringify(request.body));
  expect(new Set(pushes).size).toBe(1);
  await retryUntil(
    'parity',
    async () => (await status()).parity === 'equal' && (await status()).connection === 'online',
  );
});

test.each<Fault>(['html-200', 'redirect', 'truncated', 'bad-gateway'])(
  'F12: a pull answered by %s changes nothing and is no success',
  async (fault) => {
    await signIn();
    const before = await status();
    faultOnce(PULL, fault);
    server.putTicket(sampleTicket(9));
    seat.clock.advance(1_000);
    await seat.client.outbox.retryNow();
    await until('offline', async () => (await status()).connection === 'offline');
    expect(await status()).toMatchObject({
      cached: before.cached,
      lastSuccessAt: before.lastSuccessAt,
      problem: { code: 'OFFLINE' },
    });
    await retryUntil('pulled', async () => (await status()).cached.tickets === 1);
  },
);

test('F16: an access token that ends on the way is renewed and the same batch sent again', async () => {
  await signIn();
  server.expireAccessTokens();
  const uid = await submit();
  await until('confirmed', outboxIsEmpty);
  expect(server.tickets.has(uid)).toBe(true);
  expect(server.requestsOf('/auth/refresh')).toHaveLength(1);
  const pushes = server.requestsOf('/sync/push').map((request) => JSON.stringify(request.body));
  expect(pushes).toHaveLength(2);
  expect(new Set(pushes).size).toBe(1);
});

test('F16: a refresh whose answer was lost is repeated with the same key, also after a restart', async () => {
  const folder = tempFolder();
  seat = startConsole({ folder, serverUrl: server.url });
  await signIn();
  server.expireAccessTokens();
  faultOnce('/api/v1/auth/refresh', 'cut-after');
  await submit();
  await until('offline', async () => (await status()).connection === 'offline');
  await seat.close();
  seat = startConsole({ folder, serverUrl: server.url });
  await seat.client.session.signIn(LOGIN);
  await until('confirmed', outboxIsEmpty);
  const keys = server.requestsOf('/auth/refresh').map((request) => request.body.idempotencyKey);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(server.requestsOf('/auth/login')).toHaveLength(1);
});

test('a session ended at the server is renewed by the password of the next unlock; without one the status says so', async () => {
  await signIn();
  server.revokeTokens();
  await submit();
  await until('refused', async () => (await status()).connection === 'refused');
  expect((await status()).problem?.code).toBe('UNAUTHENTICATED');
  await seat.client.session.lock();
  await seat.client.session.signIn(LOGIN);
  await until('confirmed', outboxIsEmpty);
});

test('F16: a disabled account locks the console and keeps the outbox', async () => {
  await signIn();
  server.disabled = true;
  await submit();
  await until('locked', async () => (await seat.client.session.status()).phase === 'locked');
  server.disabled = false;
  await seat.client.session.signIn(LOGIN);
  await until('confirmed', outboxIsEmpty);
});

test('F15: a refused operation stays with its reason, what depends on it is blocked, the others go on', async () => {
  await signIn();
  server.onRequest = ({ path }) => (path === PUSH ? 'cut-before' : null);
  const bad = await submit('违规');
  await seat.client.tickets.addNote({ uid: bad, kind: 'note', text: '补充' });
  const good = await submit('正常');
  server.onOp = (op: Op) => {
    if (op.uid !== bad) return null;
    return op.kind === 'ticket.create'
      ? { code: 'rejected', reason: 'CATEGORY_CLOSED' }
      : { code: 'blocked', reason: 'DEPENDENCY_REJECTED' };
  };
  server.onRequest = () => null;
  await retryUntil('answered', async () => (await status()).outbox.waiting === 0);
  expect((await seat.client.outbox.list()).map((item) => [item.kind, item.state, item.lastError?.code])).toEqual([
    ['ticket.create', 'rejected', 'CATEGORY_CLOSED'],
    ['ticket.note', 'blocked', 'DEPENDENCY_REJECTED'],
  ]);
  expect((await status()).outbox).toEqual({ waiting: 0, needsAttention: 2 });
  expect(server.tickets.has(good)).toBe(true);
  expect((await seat.client.tickets.get({ uid: bad })).pending).toBe(true);
});

test('F15: an operation the server cannot read at all is found, set aside and the queue goes on', async () => {
  await signIn();
  const uids = await submitBacklog(12);
  const poison = forceUnwrap('one of them', uids[7]);
  server.onRequest = (request) =>
    request.path === PUSH && opsOf(request).some((op) => op.uid === poison) ? 'bad-input' : null;
  await retryUntil('queue through', async () => (await status()).outbox.waiting === 0);
  const left = await seat.client.outbox.list();
  expect(left.map((item) => [item.uid, item.state])).toEqual([[poison, 'rejected']]);
  expect(uids.filter((uid) => server.tickets.has(uid))).toHaveLength(11);
  expect(effectsAreSingle()).toBe(true);
});

/** Ends the pushes that hold one of these operations' tickets with a server error, all others as they should. */
const failOn = (poison: ReadonlySet<string>) => {
  server.onRequest = ({ path, body }) =>
    path === PUSH && (body.ops as Op[]).some((op) => poison.has(op.uid)) ? 'internal-error' : null;
};
const pushSizes = () => server.requestsOf('/sync/push').map(({ body }) => (body.ops as Op[]).length);

/** Tickets written while no push arrives. From then on every push holds all of them, also one that is on its way. */
async function submitBacklog(count: number): Promise<readonly TicketId[]> {
  server.onRequest = ({ path }) => (path === PUSH ? 'cut-before' : null);
  const uids: TicketId[] = [];
  for (let i = 0; i < count; i++) uids.push(await submit(`第${i}件`));
  await retryUntil('tried with all of them', () => pushSizes().at(-1) === count);
  return uids;
}

test.each([
  ['one operation', [7]],
  ['two in a row', [7, 8]],
  ['the first and the last', [0, 11]],
])('F15: %s that the server fails on: found after three equal answers, set aside, the others go on', async (_, bad) => {
  await signIn();
  const uids = await submitBacklog(12);
  const poison = new Set(uids.filter((_uid, i) => bad.includes(i)));
  const before = pushSizes().length;
  failOn(poison);
  await retryUntil('queue through', async () => (await status()).outbox.waiting === 0);
  expect(pushSizes().slice(before, before + 3)).toEqual([12, 12, 12]);
  const left = await seat.client.outbox.list();
  expect(left.map((item) => [item.uid, item.state])).toEqual([...poison].map((uid) => [uid, 'rejected']));
  expect(uids.filter((uid) => server.tickets.has(uid))).toHaveLength(12 - poison.size);
  expect(effectsAreSingle()).toBe(true);
});

test('F15: a server that answers but fails on every push costs nobody an operation', async () => {
  await signIn();
  const uids = await submitBacklog(6);
  server.onRequest = ({ path }) => (path === PUSH ? 'internal-error' : null);
  const tries = server.requestsOf('/sync/push').length;
  await retryUntil('tried many times', () => server.requestsOf('/sync/push').length > tries + 60);
  expect((await status()).outbox).toEqual({ waiting: 6, needsAttention: 0 });
  server.onRequest = () => null;
  await retryUntil('confirmed', outboxIsEmpty);
  expect(uids.filter((uid) => server.tickets.has(uid))).toHaveLength(6);
  expect(effectsAreSingle()).toBe(true);
});

test('F15: tickets written one by one while every push fails: at most one is set aside until a push works again', async () => {
  await signIn();
  server.onRequest = ({ path }) => (path === PUSH ? 'internal-error' : null);
  await submit('第一件');
  await retryUntil('set aside', async () => (await status()).outbox.needsAttention === 1);
  await submit('第二件');
  const tries = server.requestsOf('/sync/push').length;
  await retryUntil('tried again and again', () => server.requestsOf('/sync/push').length > tries + 10);
  expect((await status()).outbox).toEqual({ waiting: 1, needsAttention: 1 });
});

test('an operation that cannot be sent while the server is not ready is never held against it', async () => {
  await signIn();
  server.onRequest = ({ path }) => (path === PUSH ? 'not-ready' : null);
  await submit('第一件');
  await retryUntil('tried again and again', () => server.requestsOf('/sync/push').length > 10);
  expect((await status()).outbox).toEqual({ waiting: 1, needsAttention: 0 });
});

test('what needs a suspected operation stays behind it while others go first', async () => {
  await signIn();
  server.onRequest = ({ path }) => (path === PUSH ? 'cut-before' : null);
  const bad = await submit('服务器处理不了');
  const good = await submit('正常');
  await seat.client.tickets.addNote({ uid: bad, kind: 'note', text: '补充在后' });
  // The server recovers in the moment in which it has applied the other one.
  server.onRequest = (request) =>
    request.path === PUSH && !server.tickets.has(good) && opsOf(request).some((op) => op.uid === bad)
      ? 'internal-error'
      : null;
  await retryUntil('confirmed', outboxIsEmpty);
  expect(ticketAt(bad).events.map((event) => event.kind)).toEqual(['created', 'note']);
});

test('a proxy that takes only short requests gets short ones, and is not believed about a single operation', async () => {
  await signIn();
  let most = 3;
  server.onRequest = ({ path, body }) => (path === PUSH && (body.ops as Op[]).length > most ? 'proxy-413' : null);
  await server.stop();
  for (let i = 0; i < 10; i++) await submit(`第${i}件`);
  await server.resume();
  await retryUntil('confirmed', outboxIsEmpty);
  most = 0;
  await submit('连这一件也不让过');
  await retryUntil('tried', async () => ((await seat.client.outbox.list())[0]?.attempts ?? 0) > 5);
  // Between two tries it waits, and was never set aside.
  await until('waits', async () => (await seat.client.outbox.list())[0]?.state === 'waiting');
  expect(await seat.client.outbox.list()).toHaveLength(1);
});

test('an answer that the batch is too large halves it until it fits', async () => {
  await signIn();
  server.onRequest = ({ path, body }) => (path === PUSH && (body.ops as Op[]).length > 3 ? 'too-large' : null);
  await server.stop();
  for (let i = 0; i < 10; i++) await submit(`第${i}件`);
  await server.resume();
  await retryUntil('confirmed', outboxIsEmpty);
  expect(server.tickets.size).toBe(10);
  expect(effectsAreSingle()).toBe(true);
});

test('batches hold at most 500 operations and 512 KiB', async () => {
  await signIn();
  await server.stop();
  const uid = await submit('长'.repeat(100));
  for (let i = 0; i < 520; i++) await seat.client.tickets.addNote({ uid, kind: 'note', text: `第${i}条` });
  for (let i = 0; i < 12; i++) await seat.client.tickets.addNote({ uid, kind: 'note', text: '字'.repeat(20_000) });
  await server.resume();
  await seat.client.outbox.retryNow();
  await until('confirmed', async () => (await status()).outbox.waiting === 0, 40_000);
  for (const { body } of server.requestsOf('/sync/push')) {
    expect((body.ops as Op[]).length).toBeLessThanOrEqual(PUSH_MAX_OPS);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(512 * 1024);
  }
  expect(ticketAt(uid).events).toHaveLength(533);
}, 60_000);

/** Holds back the first full batch until the one behind it is there. */
function holdFirstBatch(waitUntil: () => boolean): void {
  let isFirst = true;
  server.beforeAnswer = async ({ path, body }) => {
    if (path !== PUSH || (body.ops as Op[]).length < PUSH_MAX_OPS || !isFirst) return;
    isFirst = false;
    await until('the batch behind is there', waitUntil);
  };
}

/** Two full batches and one operation: notes on a few tickets, because a long history makes every further note slow. */
const fullBacklog = async () => {
  await signIn();
  await server.stop();
  const uids: TicketId[] = [];
  for (let i = 0; i < 20; i++) uids.push(await submit(`积压${i}`));
  for (let i = 0; i < 2 * PUSH_MAX_OPS - 19; i++) {
    const uid = forceUnwrap('a ticket', uids[i % uids.length]);
    await seat.client.tickets.addNote({ uid, kind: 'note', text: `第${i}条` });
  }
  return uids;
};

test('the batch behind a full one travels before that one is answered; overtaking it does no harm', async () => {
  const uids = await fullBacklog();
  let refused = false;
  holdFirstBatch(() => refused);
  const answerBefore = server.onRequest;
  server.onRequest = (request) => {
    if (request.path === PUSH && opsOf(request)[0]?.s === PUSH_MAX_OPS + 1) setImmediate(() => (refused = true));
    return answerBefore(request);
  };
  await server.resume();
  await retryUntil('confirmed', outboxIsEmpty);
  const notes = uids.flatMap((uid) => ticketAt(uid).events.filter((event) => event.kind === 'note'));
  expect(new Set(notes.map((event) => event.text)).size).toBe(2 * PUSH_MAX_OPS - 19);
  expect(effectsAreSingle()).toBe(true);
}, 60_000);

test('IDENTITY_CLASH: a cloned console starts a new numbering and both tickets arrive once', async () => {
  const folder = tempFolder();
  seat = startConsole({ folder, serverUrl: server.url });
  await signIn();
  const first = await submit('原来的');
  await until('confirmed', outboxIsEmpty);
  // The clone has used the next numbers already.
  const hello = server.requestsOf('/sync/hello')[0]?.body;
  const url = `${server.url}/api/v1/sync/push`;
  const authorization = server.requestsOf('/sync/push')[0]?.headers.authorization ?? '';
  const op = {
    ...opsOf(server.requestsOf('/sync/push')[0])[0],
    s: 2,
    opId: newId(START),
    uid: newId(START),
    hash: 'f'.repeat(64),
  };
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, 'x-hotline-mode': 'demo' },
    body: JSON.stringify({ console: hello?.console, incarnation: 1, ops: [op] }),
  });
  expect(answer.status).toBe(200);
  const second = await submit('后来的');
  await retryUntil('confirmed', outboxIsEmpty);
  expect(server.tickets.has(first) && server.tickets.has(second)).toBe(true);
  expect(server.requestsOf('/sync/push').at(-1)?.body).toMatchObject({ incarnation: 2 });
  expect(effectsAreSingle()).toBe(true);
});

test('a server restored from a backup that forgot operations gets a new numbering; nothing is doubled', async () => {
  await signIn();
  await submit('一');
  await until('confirmed', outboxIsEmpty);
  const consoleId = String(server.requestsOf('/sync/hello')[0]?.body.console);
  server.forgetOps(consoleId, 1, 1);
  await submit('二');
  await retryUntil('confirmed', outboxIsEmpty);
  expect(server.tickets.size).toBe(2);
  expect(effectsAreSingle()).toBe(true);
});

test('a row pulled while own notes wait shows both, and the server’s row is kept beside it', async () => {
  const ticket = sampleTicket(1);
  server.putTicket(ticket);
  await signIn();
  server.onRequest = ({ path }) => (path === PUSH ? 'internal-error' : null);
  await seat.client.tickets.addNote({ uid: ticket.uid, kind: 'remind', text: '催' });
  server.putTicket({ ...ticket, version: 2, status: 'handling', unit: '市政公司' });
  await retryUntil('pulled', async () => (await seat.client.tickets.get({ uid: ticket.uid })).version === 2);
  const shown = await seat.client.tickets.get({ uid: ticket.uid });
  expect(shown).toMatchObject({ status: 'handling', unit: '市政公司', pending: true });
  expect(shown.events.map((event) => event.kind)).toEqual(['created', 'remind']);
  server.onRequest = () => null;
  await retryUntil('confirmed', outboxIsEmpty);
  await retryUntil('parity', async () => (await status()).parity === 'equal');
  expect((await seat.client.tickets.get({ uid: ticket.uid })).events.map((event) => event.kind)).toEqual([
    'created',
    'remind',
  ]);
});

test.each<[Fault, string]>([
  ['bad-gateway', 'HTTP_502'],
  ['never-answer', 'TIMED_OUT'],
  ['truncated', 'CUT_OFF'],
  ['cut-before', 'UND_ERR_SOCKET'],
])('after %s the outbox says OFFLINE and why: %s', async (fault, detail) => {
  if (fault === 'never-answer') await becomeImpatient();
  await signIn();
  server.onRequest = ({ path }) => (path === PUSH ? fault : null);
  await submit();
  await until('tried', async () => (await seat.client.outbox.list())[0]?.lastError !== null);
  expect((await seat.client.outbox.list())[0]?.lastError).toEqual({ code: 'OFFLINE', detail });
});

test('a reason of the server is taken apart into code and place', async () => {
  await signIn();
  server.onOp = () => ({ code: 'rejected', reason: 'BAD_INPUT:args.fields.title' });
  await submit();
  await until('refused', async () => (await status()).outbox.needsAttention === 1);
  expect((await seat.client.outbox.list())[0]?.lastError).toEqual({ code: 'BAD_INPUT', detail: 'args.fields.title' });
});

test('a refused operation that is sent again is a new one to the server, with the note that was blocked by it', async () => {
  await signIn();
  await server.stop();
  const uid = await submit('权限刚开通');
  await seat.client.tickets.addNote({ uid, kind: 'note', text: '补充' });
  server.onOp = ({ kind }) =>
    kind === 'ticket.create'
      ? { code: 'rejected', reason: 'FORBIDDEN' }
      : { code: 'blocked', reason: 'DEPENDENCY_REJECTED' };
  await server.resume();
  await retryUntil('refused', async () => (await status()).outbox.needsAttention === 2);
  const [create, note] = await seat.client.outbox.list();
  server.onOp = () => null;
  // The note alone cannot go: what it needs goes first.
  expect(await seat.client.outbox.redo({ opId: forceUnwrap('the note', note).opId })).toEqual({ count: 2 });
  await retryUntil('confirmed', outboxIsEmpty);
  expect(ticketAt(uid).events.map(({ kind }) => kind)).toEqual(['created', 'note']);
  expect(server.effects.has(forceUnwrap('the creation', create).opId)).toBe(false);
  expect(effectsAreSingle()).toBe(true);
  await retryUntil('equal', async () => (await status()).parity === 'equal');
  await expect(seat.client.outbox.redo({ opId: forceUnwrap('it', create).opId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a refused ticket that is given up is gone, and its words are a draft again', async () => {
  await signIn();
  server.onOp = () => ({ code: 'rejected', reason: 'INTAKE_INCOMPLETE' });
  const uid = await submit('还差一项');
  await until('refused', async () => (await status()).outbox.needsAttention === 1);
  const [item] = await seat.client.outbox.list();
  const { count, draftId } = await seat.client.outbox.discard({ opId: forceUnwrap('it', item).opId });
  expect(count).toBe(1);
  expect(await seat.client.drafts.list()).toMatchObject([{ id: draftId, content: { content: '还差一项' } }]);
  await expect(seat.client.tickets.get({ uid })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await seat.client.outbox.list()).toEqual([]);
  server.onOp = () => null;
  const draft = forceUnwrap('a draft', (await seat.client.drafts.list())[0]);
  const again = await seat.client.drafts.submit({ id: draft.id, revision: draft.revision, outcome: 'submit' });
  await retryUntil('confirmed', outboxIsEmpty);
  expect(server.tickets.has(again.uid)).toBe(true);
});

test('a refused note that is given up leaves the ticket as the server holds it; what waits cannot be given up', async () => {
  const ticket = sampleTicket(1);
  server.putTicket(ticket);
  await signIn();
  server.onOp = (op) =>
    op.kind === 'ticket.note' && op.args.text === '不行' ? { code: 'rejected', reason: 'FORBIDDEN' } : null;
  await seat.client.tickets.addNote({ uid: ticket.uid, kind: 'note', text: '不行' });
  await until('refused', async () => (await status()).outbox.needsAttention === 1);
  server.onRequest = ({ path }) => (path === PUSH ? 'cut-before' : null);
  await seat.client.tickets.addNote({ uid: ticket.uid, kind: 'note', text: '还在等' });
  const [refused, waiting] = await seat.client.outbox.list();
  await expect(seat.client.outbox.discard({ opId: forceUnwrap('it', waiting).opId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await seat.client.outbox.discard({ opId: forceUnwrap('it', refused).opId })).toEqual({
    count: 1,
    draftId: null,
  });
  expect((await seat.client.tickets.get({ uid: ticket.uid })).events.map(({ text }) => text)).toEqual(['', '还在等']);
  server.onRequest = () => null;
  await retryUntil('confirmed', outboxIsEmpty);
  expect(ticketAt(ticket.uid).events.map(({ text }) => text)).toEqual(['', '还在等']);
});

test('a refused note disappears from the ticket and stays in the outbox', async () => {
  const ticket = sampleTicket(1);
  server.putTicket(ticket);
  await signIn();
  server.onOp = () => ({ code: 'rejected', reason: 'FORBIDDEN' });
  await seat.client.tickets.addNote({ uid: ticket.uid, kind: 'note', text: '不被接受' });
  await until('refused', async () => (await status()).outbox.needsAttention === 1);
  expect((await seat.client.tickets.get({ uid: ticket.uid })).events).toHaveLength(1);
  expect((await seat.client.outbox.exportAll()).text).toContain('不被接受');
});

test('a row of a newer server is parked; the rows after it arrive and parity is not claimed', async () => {
  server.putTicket(sampleTicket(1));
  const newer = sampleTicket(2);
  server.putTicket({ ...newer, status: 'teleported' as Ticket['status'] });
  server.putTicket(sampleTicket(3));
  await seat.client.session.signIn(LOGIN);
  await until('pulled', async () => (await status()).parity === 'different');
  expect((await status()).cached.tickets).toBe(2);
  expect((await status()).connection).toBe('online');
});

test('a server too new for this console takes what it wrote, gives it no rows and says that it needs an update', async () => {
  const folder = tempFolder();
  seat = startConsole({ folder, serverUrl: server.url });
  await signIn();
  server.putTicket(sampleTicket(1));
  server.schema = { min: SCHEMA_VERSION + 1, max: SCHEMA_VERSION + 3 };
  await seat.close();
  seat = startConsole({ folder, serverUrl: server.url });
  const pulls = server.requestsOf('/sync/pull').length;
  await seat.client.session.signIn(LOGIN);
  const first = await submit('更新之前写的');
  await retryUntil('handed in', () => server.tickets.has(first));
  // Not only once: also what is written afterwards.
  const second = await submit('还没有更新');
  await retryUntil('handed in, too', async () => server.tickets.has(second) && (await outboxIsEmpty()));
  expect((await seat.client.tickets.get({ uid: first })).number).toBe(ticketAt(first).number);
  expect(await status()).toMatchObject({ connection: 'refused', problem: { code: 'PROTOCOL_TOO_OLD' } });
  expect(server.requestsOf('/sync/pull')).toHaveLength(pulls);
  expect(effectsAreSingle()).toBe(true);
  // Updated, as far as the server can tell: it reads on where it stood.
  server.schema = { min: 1, max: SCHEMA_VERSION + 3 };
  await retryUntil(
    'reads again',
    async () => (await status()).parity === 'equal' && (await status()).cached.tickets === 3,
  );
});

test('a ticket that left the scope goes, one with own unconfirmed work stays', async () => {
  const [leaves, stays] = [sampleTicket(1), sampleTicket(2)];
  for (const ticket of [leaves, stays]) server.putTicket(ticket);
  await signIn();
  server.onRequest = ({ path }) => (path === PUSH ? 'internal-error' : null);
  await seat.client.tickets.addNote({ uid: stays.uid, kind: 'note', text: '还没发出' });
  for (const ticket of [leaves, stays]) server.removeTicket(ticket.uid);
  await retryUntil('gone', async () => (await status()).cached.tickets === 0);
  await expect(seat.client.tickets.get({ uid: leaves.uid })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await seat.client.tickets.get({ uid: stays.uid })).events).toHaveLength(2);
});

test('F14: a server that says most of the cache is gone is not believed', async () => {
  const tickets = Array.from({ length: 80 }, (_, i) => sampleTicket(i + 1));
  for (const ticket of tickets) server.putTicket(ticket);
  await signIn();
  for (const ticket of tickets.slice(0, 60)) server.removeTicket(ticket.uid);
  await retryUntil('noticed', async () => (await status()).parity === 'different');
  expect((await status()).cached.tickets).toBe(80);
  expect((await status()).held).toMatchObject({ because: 'mass-delete', tickets: 60, ownTickets: 0 });
  await expect(seat.client.sync.decideHeld({ decision: 'delete', approver: null })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});

test('F14: a supervisor agrees to the deletes: they happen, and later ones need nobody', async () => {
  server.user = { ...AGENT, role: 'supervisor' };
  const tickets = Array.from({ length: 80 }, (_, i) => sampleTicket(i + 1));
  for (const ticket of tickets) server.putTicket(ticket);
  await signIn();
  for (const ticket of tickets.slice(0, 60)) server.removeTicket(ticket.uid);
  await retryUntil('noticed', async () => (await status()).held !== null);
  expect(await seat.client.sync.decideHeld({ decision: 'delete', approver: null })).toEqual({ rows: 60 });
  await retryUntil('equal', async () => (await status()).parity === 'equal');
  expect(await status()).toMatchObject({ held: null, cached: { tickets: 20 } });
  const another = forceUnwrap('one more', tickets[70]);
  server.removeTicket(another.uid);
  await retryUntil('gone', async () => (await status()).cached.tickets === 19);
});

test('F14: a mass delete spread over many answers is noticed as one', async () => {
  const tickets = Array.from({ length: 400 }, (_, i) => sampleTicket(i + 1));
  for (const ticket of tickets) server.putTicket(ticket);
  await signIn();
  for (const ticket of tickets.slice(0, 300)) server.removeTicket(ticket.uid);
  server.mostRows = 40;
  await retryUntil('noticed', async () => (await status()).held !== null && (await status()).parity === 'different');
  expect((await status()).cached.tickets).toBeGreaterThanOrEqual(320);
});

test('a console away for longer than the server remembers removed rows finds them by itself', async () => {
  const tickets = Array.from({ length: 10 }, (_, i) => sampleTicket(i + 1));
  for (const ticket of tickets) server.putTicket(ticket);
  await signIn();
  await server.stop();
  server.removeTicket(forceUnwrap('a ticket', tickets[3]).uid);
  server.forgetGone();
  await server.resume();
  await retryUntil('equal', async () => (await status()).parity === 'equal' && (await status()).cached.tickets === 9);
  expect((await status()).held).toBeNull();
});

test('rows that disappear without a word are kept until a person decides', async () => {
  const tickets = Array.from({ length: 10 }, (_, i) => sampleTicket(i + 1));
  for (const ticket of tickets) server.putTicket(ticket);
  await signIn();
  server.tickets.delete(forceUnwrap('a ticket', tickets[3]).uid);
  await retryUntil('noticed', async () => (await status()).held !== null);
  expect(await status()).toMatchObject({ held: { because: 'server-restored', tickets: 1 }, cached: { tickets: 10 } });
});

test('a row that a newer server writes in a way not understood here is not missed: only what really disappeared waits for a person', async () => {
  const tickets = Array.from({ length: 10 }, (_, i) => sampleTicket(i + 1));
  for (const ticket of tickets) server.putTicket(ticket);
  await signIn();
  const [changed, gone] = [forceUnwrap('a ticket', tickets[3]), forceUnwrap('a ticket', tickets[5])];
  server.putTicket({ ...changed, version: 2, status: 'teleported' as Ticket['status'] });
  server.tickets.delete(gone.uid);
  await retryUntil('noticed', async () => (await status()).held !== null);
  expect(await status()).toMatchObject({ held: { because: 'server-restored', tickets: 1 }, cached: { tickets: 10 } });
  expect((await seat.client.tickets.get({ uid: changed.uid })).status).toBe(changed.status);
});

test('F13: after a change of epoch everything is pulled again and nothing deleted', async () => {
  const tickets = Array.from({ length: 10 }, (_, i) => sampleTicket(i + 1));
  for (const ticket of tickets) server.putTicket(ticket);
  await signIn();
  server.epoch = 2;
  const lost = tickets[0];
  if (lost) server.tickets.delete(lost.uid);
  server.putTicket(sampleTicket(11));
  await retryUntil('pulled anew', async () => (await status()).parity === 'different');
  expect((await status()).cached.tickets).toBe(11);
  expect((await status()).held).toEqual({
    because: 'server-restored',
    tickets: 1,
    citizens: 0,
    records: 0,
    ownTickets: 0,
    ownNotes: 0,
  });
  expect(server.requestsOf('/sync/pull').at(-1)?.body.cursors).toContainEqual(expect.objectContaining({ epoch: 2 }));
});

test('another server in the same place (other id) restarts the cursors and keeps cache and outbox', async () => {
  server.putTicket(sampleTicket(1));
  await signIn();
  await server.stop();
  await submit();
  server.serverId = '019a0000-0000-4000-8000-000000000999';
  await server.resume();
  await retryUntil('confirmed', outboxIsEmpty);
  await retryUntil('caught up', async () => (await status()).cached.tickets === 2);
});

test('a row that differs from the server unnoticed is told by the digest and pulled again', async () => {
  const ticket = sampleTicket(1);
  server.putTicket(ticket);
  await signIn();
  // A row that changed without moving in its scope's order never arrives by cursor.
  const row = server.tickets.get(ticket.uid);
  if (!row) throw new Error('has a row');
  server.tickets.set(ticket.uid, {
    seq: row.seq,
    wire: { ...row.wire, row: { ...row.wire.row, version: 5 } } as typeof row.wire,
  });
  await retryUntil('healed', async () => (await seat.client.tickets.get({ uid: ticket.uid })).version === 5);
  await until('equal again', async () => (await status()).parity === 'equal');
});

test('a difference that pulling again does not end is shown and costs one more pull only', async () => {
  server.putTicket({ ...sampleTicket(2), status: 'teleported' as Ticket['status'] });
  await seat.client.session.signIn(LOGIN);
  const fromTheStart = () =>
    server
      .requestsOf('/sync/pull')
      .filter(({ body }) =>
        (body.cursors as { scope: string; seq: number }[]).some(
          ({ scope, seq }) => !scope.endsWith(':citizens') && seq === 0,
        ),
      );
  await retryUntil('pulled twice', async () => fromTheStart().length >= 2);
  const before = fromTheStart().length;
  const pulls = server.requestsOf('/sync/pull').length;
  await retryUntil('pulled on', async () => server.requestsOf('/sync/pull').length >= pulls + 3);
  expect((await status()).parity).toBe('different');
  expect(fromTheStart().length).toBe(before);
});

test('work queued during a long pull is sent between its pages', async () => {
  for (let i = 1; i <= 6_600; i++) server.putTicket(sampleTicket(i));
  await seat.client.session.signIn(LOGIN);
  await until('pulling', async () => (await status()).progress !== null);
  await submit();
  await until('confirmed', outboxIsEmpty);
  await until('caught up', async () => (await status()).parity === 'equal');
  const paths = server.seen.map((request) => request.path);
  expect(paths.lastIndexOf(PULL)).toBeGreaterThan(paths.indexOf(PUSH));
  expect((await status()).cached.tickets).toBe(6_601);
}, 60_000);

test('counts of this computer are whole only when the first sync is through, and stay so without a network and after a restart', async () => {
  for (let i = 1; i <= 4_600; i++) server.putTicket(sampleTicket(i));
  await seat.client.session.signIn(LOGIN);
  await until('pulling', async () => (await status()).progress !== null);
  expect((await status()).isWhole).toBe(false);
  await until('caught up', async () => (await status()).parity === 'equal');
  expect((await status()).isWhole).toBe(true);
  await server.stop();
  await seat.client.session.lock();
  await seat.client.session.signIn(LOGIN);
  expect(await status()).toMatchObject({ parity: 'unknown', isWhole: true });
}, 60_000);

const limits = () => server.requestsOf('/sync/pull').map(({ body }) => Number(body.limit));

test('pages are long while nobody works at the seat and short while somebody does', async () => {
  await signIn();
  expect(limits()[0]).toBe(2_000);
  await submit();
  await until('pulled after the ticket was sent', () => limits().at(-1) === 200);
});

test('an answer that is too long is asked for in shorter ones at once, and they grow again', async () => {
  for (let i = 1; i <= 900; i++) server.putTicket(sampleTicket(i));
  server.onRequest = ({ path, body }) => (path === PULL && Number(body.limit) > 300 ? 'too-long' : null);
  await signIn();
  expect((await status()).cached.tickets).toBe(900);
  expect(limits().slice(0, 6)).toEqual([2_000, 1_000, 500, 250, 313, 156]);
  server.onRequest = () => null;
  await retryUntil('long again', () => limits().at(-1) === 2_000);
});

test('after an outage a console waits by chance before it sends; whoever asks for it goes at once, and sends before it pulls', async () => {
  await seat.close();
  let elapsed = 0;
  const times = { elapsed: () => performance.now() + elapsed, random: () => 0.5, reconnectSpreadMs: 30_000 };
  seat = startConsole({ folder: tempFolder(), serverUrl: server.url, timeoutMs: 1_000, ...times });
  await signIn();
  await server.stop();
  await submit();
  await seat.client.outbox.retryNow();
  await until('away', async () => (await status()).connection === 'offline');
  elapsed += 60_000;
  await server.resume();
  await until('answered', async () => {
    const { connection, nextTryAt } = await status();
    if (connection === 'online') return true;
    // Asked for only while it rests: a wish during the answer would end the waiting that follows.
    if (nextTryAt !== null) await seat.client.outbox.retryNow();
    return false;
  });
  const hellos = server.requestsOf('/sync/hello').length;
  expect((await status()).nextTryAt).toBe(seat.clock.now() + 15_000);
  expect(server.requestsOf('/sync/push')).toHaveLength(0);
  await seat.client.outbox.retryNow();
  await until('confirmed', outboxIsEmpty);
  // What the session's start asks beside its greeting.
  const starting = ['/api/v1/centre/seats', '/api/v1/sync/console-key'];
  const paths = server.seen.map(({ path }) => path).filter((path) => !starting.includes(path));
  const back = paths.lastIndexOf('/api/v1/sync/hello');
  expect(server.requestsOf('/sync/hello')).toHaveLength(hellos);
  expect(paths[back + 1]).toBe(PUSH);
});

test('a short interruption costs no waiting', async () => {
  await seat.close();
  seat = startConsole({ folder: tempFolder(), serverUrl: server.url, random: () => 0.5, reconnectSpreadMs: 30_000 });
  await signIn();
  await server.stop();
  await submit();
  await server.resume();
  await retryUntil('confirmed', outboxIsEmpty);
});

test('a poke makes the console pull at once', async () => {
  await signIn();
  await until('listening', () => server.listeners === 1);
  server.putTicket(sampleTicket(1));
  server.poke();
  await until('pulled', async () => (await status()).cached.tickets === 1);
});

test('a server that still answers while it goes down is known to be away soon, without waiting for the next poll', async () => {
  await signIn();
  await until('listening', () => server.listeners === 1);
  server.endStreams();
  await until('the console asked and was answered, and no stream began', () => server.refusedStreams > 0);
  const answered = server.seen.length;
  await server.stop();
  await until('offline', async () => (await status()).connection === 'offline');
  expect(server.seen.length).toBe(answered);
});

test('the connection is told from what happened: never tried, online, offline, online', async () => {
  const seen: string[] = [];
  const note = async () => {
    const { connection } = await status();
    if (seen.at(-1) !== connection) seen.push(connection);
  };
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.onRequest = () => null;
  await seat.client.session.signIn(LOGIN);
  await note();
  release();
  await gate;
  await until('online', async () => {
    await note();
    return seen.at(-1) === 'online';
  });
  await server.stop();
  await seat.client.outbox.retryNow();
  await until('offline', async () => {
    await note();
    return seen.at(-1) === 'offline';
  });
  expect((await status()).nextTryAt).toBeGreaterThan(0);
  await server.resume();
  await until('online again', async () => {
    await seat.client.outbox.retryNow();
    await note();
    return seen.at(-1) === 'online';
  });
  expect(seen).toEqual(['never-tried', 'online', 'offline', 'online']);
});

test('a production server behind a demo console’s address gets nothing of it', async () => {
  await signIn();
  await server.stop();
  await submit();
  server.mode = 'production';
  await server.resume();
  await retryUntil('refused', async () => (await status()).problem?.code === 'MODE_MISMATCH');
  expect(server.requestsOf('/sync/push')).toHaveLength(0);
  expect((await status()).outbox.waiting).toBe(1);
});

test('notes written on two sides end on both', async () => {
  const ticket = sampleTicket(1, { fields: sampleFields() });
  server.putTicket(ticket);
  await signIn();
  await server.stop();
  await seat.client.tickets.addNote({ uid: ticket.uid, kind: 'note', text: '这边' });
  const other = {
    id: newId<EventId>(START),
    at: START,
    kind: 'note' as const,
    actorId: null,
    actorName: '别人',
    text: '那边',
    from: null,
    to: null,
    ref: '',
  };
  server.putTicket({ ...ticket, version: 2, events: [...ticket.events, other] });
  await server.resume();
  await retryUntil('confirmed', outboxIsEmpty);
  const texts = async () => (await seat.client.tickets.get({ uid: ticket.uid })).events.map((event) => event.text);
  await retryUntil('both', async () => (await texts()).length === 3);
  expect(await texts()).toEqual(['', '那边', '这边']);
});
