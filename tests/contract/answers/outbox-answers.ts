import { expect } from 'vitest';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { newId, type UserId } from '#shared/kernel/ids.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { AGENT, START, sampleIntake, TICKETS_NOW } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { noisePng } from '#tests/support/sample-files.ts';
import {
  atServer,
  confirmed,
  type Desk,
  given,
  refusedAmendment,
  refusedOp,
  retryUntil,
  type Scenarios,
  signIn,
  submit,
} from './desk.ts';

const PASSPHRASE = '雨天里的第三盏路灯还亮着';

/** A ticket written while the server was away. */
async function unsent(desk: Desk) {
  await signIn(desk);
  await desk.server.stop();
  return submit(desk);
}

const PICTURE = noisePng(40);

/** A picture added to a ticket while the server was away. */
async function unsentWithPicture(desk: Desk) {
  const { uid } = given(desk);
  await signIn(desk);
  const { id } = await desk.client.attachments.begin({ name: '现场.png', size: PICTURE.length });
  await desk.client.attachments.append({ id, offset: 0, data: PICTURE.toString('base64') });
  const { written } = await desk.client.attachments.finish({ id });
  await desk.server.stop();
  await desk.client.attachments.attach({ uid, files: [written] });
}

/** A ticket that the server did not take. */
async function refusedTicket(desk: Desk) {
  desk.server.onOp = ({ kind }) => (kind === 'ticket.create' ? { code: 'rejected', reason: 'FORBIDDEN' } : null);
  await signIn(desk);
  const uid = await submit(desk);
  const opId = await refusedOp(desk);
  desk.server.onOp = () => null;
  return { uid, opId };
}

const kindsOf = async ({ client }: Desk) => (await client.outbox.list()).map(({ kind, state }) => [kind, state]);

export const outboxAnswers: Scenarios<'outbox'> = {
  list: async (desk) => {
    const uid = await unsent(desk);
    await until('tried in vain', async () => (await desk.client.sync.status()).connection === 'offline');
    expect(await desk.client.outbox.list()).toMatchObject([
      { s: 1, kind: 'citizen.upsert', label: '王芳', state: 'waiting', at: START },
      { s: 2, kind: 'ticket.create', label: '路灯不亮', uid, state: 'waiting', correctedIn: null },
    ]);
  },
  retryNow: async (desk) => {
    await unsent(desk);
    await until('waits for later', async () => {
      const { connection, nextTryAt } = await desk.client.sync.status();
      return connection === 'offline' && nextTryAt !== null;
    });
    await desk.server.resume();
    expect(await desk.client.outbox.retryNow()).toEqual({ ok: true });
    await confirmed(desk);
    expect(desk.server.tickets.size).toBe(1);
  },
  exportAll: async (desk) => {
    const uid = await unsent(desk);
    const { fileName, text } = await desk.client.outbox.exportAll();
    expect(fileName).toBe('outbox-1001-20261122-020000.json');
    const { operations } = JSON.parse(text) as { operations: object[] };
    expect(operations).toMatchObject([
      { kind: 'citizen.upsert' },
      { kind: 'ticket.create', uid, args: { fields: { content: sampleIntake().content } } },
    ]);
  },
  saveCarried: async (desk) => {
    await unsent(desk);
    const file = await desk.client.outbox.saveCarried({ passphrase: PASSPHRASE });
    expect(file).toMatchObject({ operations: 2, fileName: 'unsent-work-1001-20261122-020000.hotline.json' });
    // Whoever finds it reads nobody's name, and the work stays here as well.
    expect(file.text).not.toContain('王芳');
    expect(await kindsOf(desk)).toHaveLength(2);
  },
  carriedBytes: async (desk) => {
    await unsentWithPicture(desk);
    const { id, files, fileName, text } = await desk.client.outbox.saveCarried({ passphrase: PASSPHRASE });
    expect([files, fileName]).toEqual([1, 'unsent-work-1001-20261122-020000.hotline']);
    expect(text).not.toContain('现场');
    const { data } = await desk.client.outbox.carriedBytes({ id });
    // Sealed anew: longer than the picture, and none of its bytes.
    expect(Buffer.from(data, 'base64').length).toBeGreaterThan(PICTURE.length);
    expect(Buffer.from(data, 'base64').includes(PICTURE.subarray(0, 64))).toBe(false);
    expect(await desk.client.outbox.carriedBytes({ id })).toEqual({ data: '' });
    expect(await codeOf(desk.client.outbox.carriedBytes({ id }))).toBe('NOT_FOUND');
  },
  takeCarriedBytes: async (desk) => {
    await unsentWithPicture(desk);
    const { id, text } = await desk.client.outbox.saveCarried({ passphrase: PASSPHRASE });
    const packed = Buffer.from((await desk.client.outbox.carriedBytes({ id })).data, 'base64');
    await desk.server.resume();
    const other = desk.openAnother();
    await signIn(other);
    const take = () => other.client.outbox.takeCarried({ text, passphrase: PASSPHRASE });
    expect((await take()).files).toEqual({ total: 1, sent: 0, missing: 1 });
    const send = (bytes: Buffer) => other.client.outbox.takeCarriedBytes({ id, data: bytes.toString('base64') });
    const broken = Buffer.from(packed);
    broken[packed.length - 1] = 1 ^ (packed[packed.length - 1] ?? 0);
    expect(await codeOf(send(broken))).toBe('CARRIED_CUT');
    // The work was taken over; the same file may come again for its attachments.
    expect((await take()).files.missing).toBe(1);
    expect(await send(packed.subarray(0, 2_500))).toEqual({ left: 1 });
    expect(await send(packed.subarray(2_500))).toEqual({ left: 0 });
    expect((await other.client.outbox.carried())[0]?.files).toEqual({ total: 1, sent: 0, missing: 0 });
    expect((await other.client.attachments.unsent()).map(({ file }) => file.name)).toEqual(['现场.png']);
    expect(await codeOf(take())).toBe('CARRIED_TWICE');
  },
  takeCarried: async (desk) => {
    await unsent(desk);
    const { text } = await desk.client.outbox.saveCarried({ passphrase: PASSPHRASE });
    await desk.server.resume();
    const other = desk.openAnother();
    await signIn(other);
    const wrong = { text, passphrase: 'ein anderer Satz' };
    expect(await codeOf(other.client.outbox.takeCarried(wrong))).toBe('CARRIED_PASSPHRASE');
    expect(await other.client.outbox.takeCarried({ text, passphrase: PASSPHRASE })).toMatchObject({
      seat: AGENT.seat,
      name: AGENT.name,
      operations: 2,
      isDone: false,
      applied: 0,
      refused: [],
    });
    await until('handed in', () => desk.server.requestsOf('/sync/carry').length > 0);
    const part = forceUnwrap('part', desk.server.requestsOf('/sync/carry')[0]).body;
    expect(JSON.parse(String(part.text))).toMatchObject({
      ops: [{ kind: 'citizen.upsert' }, { kind: 'ticket.create' }],
    });
  },
  carried: async (desk) => {
    await unsent(desk);
    const sent = (await desk.client.outbox.list()).map(({ opId, s }) => ({ opId, s }));
    const { text } = await desk.client.outbox.saveCarried({ passphrase: PASSPHRASE });
    const results = sent.map(({ opId, s }) =>
      s === 1
        ? { opId, s, code: 'applied', version: 1, seq: null }
        : { opId, s, code: 'rejected', version: 0, seq: null, reason: 'FORBIDDEN' },
    );
    desk.server.further.set('/sync/carry', { results });
    await desk.server.resume();
    const other = desk.openAnother();
    await signIn(other);
    expect(await other.client.outbox.carried()).toEqual([]);
    await other.client.outbox.takeCarried({ text, passphrase: PASSPHRASE });
    await until('handed in', async () => (await other.client.outbox.carried())[0]?.isDone === true);
    expect(await other.client.outbox.carried()).toMatchObject([
      { operations: 2, applied: 1, refused: [{ opId: sent[1]?.opId, reason: 'FORBIDDEN' }], problem: '' },
    ]);
  },
  redo: async (desk) => {
    const { uid, opId } = await refusedTicket(desk);
    expect(await desk.client.outbox.redo({ opId })).toEqual({ count: 1 });
    await confirmed(desk);
    expect(atServer(desk, uid).fields.title).toBe('路灯不亮');
  },
  correct: async (desk) => {
    const { uid, opId } = await refusedTicket(desk);
    const { draftId } = await desk.client.outbox.correct({ opId });
    const { revision, content } = await desk.client.drafts.get({ id: draftId });
    expect(content).toMatchObject({ title: '路灯不亮', originalWords: sampleIntake().originalWords });
    expect(await desk.client.outbox.list()).toMatchObject([{ opId, correctedIn: draftId }]);
    // Submitted, it takes the place of what was refused.
    const saved = { id: draftId, revision, content: { ...content, title: '路灯坏了' } };
    await desk.client.drafts.save(saved);
    await desk.client.drafts.submit({ id: draftId, revision: revision + 1, outcome: 'submit' });
    await confirmed(desk);
    expect([atServer(desk, uid).fields.title, desk.server.tickets.size]).toEqual(['路灯坏了', 1]);
  },
  compare: async (desk) => {
    const { opId } = await refusedAmendment(desk);
    expect(await desk.client.outbox.compare({ opId })).toMatchObject({
      opId,
      fields: [{ field: 'title', before: '路灯不亮', mine: '路灯坏了', theirs: '东门路灯不亮', isClash: true }],
      server: { status: 'to_dispatch' },
      merge: 'fields',
      redoable: true,
    });
  },
  merge: async (desk) => {
    const { opId, uid } = await refusedAmendment(desk);
    expect(await desk.client.outbox.merge({ opId, values: { title: '东门两盏路灯坏了' } })).toEqual({ count: 1 });
    await confirmed(desk);
    expect(atServer(desk, uid).fields.title).toBe('东门两盏路灯坏了');
  },
  settled: async (desk) => {
    const { opId } = await refusedAmendment(desk);
    expect(await desk.client.outbox.settled()).toEqual([]);
    await desk.client.outbox.discard({ opId });
    expect(await desk.client.outbox.settled()).toMatchObject([
      {
        opId,
        kind: 'ticket.amend',
        decision: 'theirs',
        reason: { code: 'FIELDS_CHANGED', detail: 'title' },
        decidedAt: START,
      },
    ]);
  },
  discard: async (desk) => {
    const { uid, opId } = await refusedTicket(desk);
    const { count, draftId } = await desk.client.outbox.discard({ opId });
    expect(count).toBe(1);
    // The words of the ticket come back as a draft.
    const id = forceUnwrap('draft', draftId);
    expect((await desk.client.drafts.get({ id })).content.content).toBe(sampleIntake().content);
    expect(await kindsOf(desk)).toEqual([]);
    expect(await codeOf(desk.client.tickets.get({ uid }))).toBe('NOT_FOUND');
  },
};

/** A ticket of this agent that the server had confirmed, and lost with a note when it was restored. */
async function lostWork(desk: Desk) {
  await signIn(desk);
  const uid = await submit(desk);
  await confirmed(desk);
  // The answer to the push alone does not say that the row was given out: the next cursor does.
  await retryUntil(desk, 'pulled back', async () => {
    const cursors = desk.server.requestsOf('/sync/pull').at(-1)?.body.cursors as { scope: string; seq: number }[];
    return cursors.some(({ scope, seq }) => scope === TICKETS_NOW && seq > 0);
  });
  desk.server.tickets.delete(uid);
  await retryUntil(desk, 'noticed', async () => (await desk.client.sync.status()).held !== null);
  return { uid };
}

export const syncAnswers: Scenarios<'sync'> = {
  coverage: async (desk) => {
    given(desk);
    desk.server.pastMonths.set('320100:12345:2024-03', 40);
    await signIn(desk);
    const { bytes, choices, ...coverage } = await desk.client.sync.coverage();
    expect(coverage).toMatchObject({
      policy: { kind: 'months', months: 13 },
      from: '2025-11',
      months: 1,
      tickets: 1,
      seen: 0,
    });
    expect(choices).toContainEqual({ kind: 'months', months: 37 });
    expect(bytes).toBeGreaterThan(4_096);
  },
  saveCachePolicy: async (desk) => {
    await signIn(desk);
    const policy = { kind: 'months', months: 3 } as const;
    const greetings = desk.server.requestsOf('/sync/hello').length;
    expect(await desk.client.sync.saveCachePolicy({ policy })).toEqual({ ok: true });
    // It holds from the next greeting of the server on.
    await until('greeted again', () => desk.server.requestsOf('/sync/hello').length > greetings);
    await until('held', async () => (await desk.client.sync.coverage()).from === '2026-09');
    expect((await desk.client.sync.coverage()).policy).toEqual(policy);
  },
  saveTeam: async (desk) => {
    const seat = { seat: '1002', name: '周启明', role: 'agent', lines: ['12345'] };
    desk.server.further.set('/centre/seats', { hash: 'a', seats: [{ ...seat, team: '一班' }] });
    await signIn(desk);
    await until('the seats are here', async () => (await desk.client.sync.coverage()).teams.length > 0);
    expect((await desk.client.sync.coverage()).team).toBeNull();
    expect(await desk.client.sync.saveTeam({ team: '一班' })).toEqual({ ok: true });
    expect((await desk.client.sync.coverage()).team).toBe('一班');
    expect(await codeOf(desk.client.sync.saveTeam({ team: '三班' }))).toBe('NOT_FOUND');
    await desk.client.session.lock();
    await signIn(desk);
    expect((await desk.client.sync.coverage()).team).toBe('一班');
  },
  saveKeptTeams: async (desk) => {
    const takers = [newId<UserId>(START), newId<UserId>(START)] as const;
    const [own, others] = takers.map((createdById, n) => given(desk, { createdById }, 12 + n));
    const seats = takers.map((id, n) => ({
      id,
      seat: `300${n}`,
      name: `话务员300${n}`,
      role: 'agent',
      lines: ['12345'],
      team: ['一班', '二班'][n],
    }));
    desk.server.further.set('/centre/seats', { hash: 'a', seats });
    await signIn(desk, 'lead');
    await until('the seats are here', async () => (await desk.client.sync.coverage()).teams.length === 2);
    expect(await desk.client.sync.saveKeptTeams({ teams: ['一班'] })).toEqual({ ok: true });
    await until('left out', async () => (await desk.client.sync.coverage()).leftOut === 1);
    expect(await desk.client.sync.coverage()).toMatchObject({ keptTeams: ['一班'], mayKeepTeams: true, tickets: 1 });
    expect(await codeOf(desk.client.tickets.get({ uid: forceUnwrap('of 二班', others).uid }))).toBe('NOT_FOUND');
    await desk.client.tickets.get({ uid: forceUnwrap('of 一班', own).uid });
    expect((await desk.client.sync.status()).cached.tickets).toBe(1);
    expect(await codeOf(desk.client.sync.saveKeptTeams({ teams: ['三班'] }))).toBe('NOT_FOUND');
  },
  status: async (desk) => {
    given(desk);
    await signIn(desk);
    expect(await desk.client.sync.status()).toMatchObject({
      connection: 'online',
      problem: null,
      lastSuccessAt: START,
      outbox: { waiting: 0, needsAttention: 0 },
      cached: { tickets: 1, citizens: 0 },
      parity: 'equal',
      held: null,
    });
    await desk.server.stop();
    await submit(desk);
    await until('offline', async () => (await desk.client.sync.status()).connection === 'offline');
    expect((await desk.client.sync.status()).outbox).toEqual({ waiting: 2, needsAttention: 0 });
  },
  missingWork: async (desk) => {
    await signIn(desk);
    expect(await desk.client.sync.missingWork()).toEqual({ tickets: [], notes: [] });
    const { uid } = await lostWork(desk);
    expect(await desk.client.sync.missingWork()).toMatchObject({ tickets: [{ uid, title: '路灯不亮' }], notes: [] });
  },
  sendAgain: async (desk) => {
    const { uid } = await lostWork(desk);
    expect(await desk.client.sync.sendAgain()).toEqual({ tickets: 1, notes: 0 });
    await confirmed(desk);
    expect(atServer(desk, uid).fields.content).toBe(sampleIntake().content);
    expect(await desk.client.sync.missingWork()).toEqual({ tickets: [], notes: [] });
  },
  decideHeld: async (desk) => {
    const [kept, gone] = [given(desk, {}, 1), given(desk, {}, 2)];
    await signIn(desk, 'supervisor');
    desk.server.tickets.delete(gone.uid);
    await retryUntil(desk, 'noticed', async () => (await desk.client.sync.status()).held !== null);
    expect(await desk.client.sync.decideHeld({ decision: 'delete', approver: null })).toEqual({ rows: 1 });
    expect(await codeOf(desk.client.tickets.get({ uid: gone.uid }))).toBe('NOT_FOUND');
    expect((await desk.client.tickets.get({ uid: kept.uid })).number).toBe(1);
    expect((await desk.client.sync.status()).held).toBeNull();
  },
};
