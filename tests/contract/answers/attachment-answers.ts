import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { START, sampleTicket } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { noisePng } from '#tests/support/sample-files.ts';
import { type Desk, given, type Scenarios, signIn } from './desk.ts';

const PICTURE = noisePng(8);
const SHA256 = createHash('sha256').update(PICTURE).digest('hex');
const NAME = '现场.png';

/** Hands the picture over as a window does. */
async function store({ client }: Desk) {
  const { id } = await client.attachments.begin({ name: NAME, size: PICTURE.length });
  await client.attachments.append({ id, offset: 0, data: PICTURE.toString('base64') });
  return client.attachments.finish({ id });
}

/** A ticket with the picture, which the server did not get. */
async function attached(desk: Desk) {
  const { uid } = given(desk);
  await signIn(desk);
  const { written } = await store(desk);
  await desk.server.stop();
  await desk.client.attachments.attach({ uid, files: [written] });
  return uid;
}

async function expectPicture({ client }: Desk, ticketUid: TicketId | null = null): Promise<void> {
  const { data, size } = await client.attachments.read({ sha256: SHA256, ticketUid, offset: 0 });
  expect([Buffer.from(data, 'base64').equals(PICTURE), size]).toEqual([true, PICTURE.length]);
}

export const attachmentAnswers: Scenarios<'attachments'> = {
  begin: async (desk) => {
    await signIn(desk);
    const [first, second] = [
      await desk.client.attachments.begin({ name: NAME, size: PICTURE.length }),
      await desk.client.attachments.begin({ name: NAME, size: PICTURE.length }),
    ];
    // Two files at once do not get into each other's way.
    const piece = { offset: 0, data: PICTURE.subarray(0, 5).toString('base64') };
    expect(await desk.client.attachments.append({ ...first, ...piece })).toEqual({ received: 5 });
    expect(await desk.client.attachments.append({ ...second, ...piece })).toEqual({ received: 5 });
  },
  append: async (desk) => {
    await signIn(desk);
    const { id } = await desk.client.attachments.begin({ name: NAME, size: PICTURE.length });
    const send = (from: number, to: number) =>
      desk.client.attachments.append({ id, offset: from, data: PICTURE.subarray(from, to).toString('base64') });
    expect(await send(0, 100)).toEqual({ received: 100 });
    expect(await send(0, 100)).toEqual({ received: 100 });
    expect(await send(100, PICTURE.length)).toEqual({ received: PICTURE.length });
    expect((await desk.client.attachments.finish({ id })).sha256).toBe(SHA256);
  },
  finish: async (desk) => {
    await signIn(desk);
    expect(await store(desk)).toEqual({
      sha256: SHA256,
      size: PICTURE.length,
      type: 'image/png',
      name: NAME,
      written: expect.stringContaining(SHA256),
    });
    await expectPicture(desk);
  },
  abort: async (desk) => {
    await signIn(desk);
    const { id } = await desk.client.attachments.begin({ name: NAME, size: PICTURE.length });
    expect(await desk.client.attachments.abort({ id })).toEqual({ ok: true });
    expect(await codeOf(desk.client.attachments.finish({ id }))).toBe('NOT_FOUND');
  },
  attach: async (desk) => {
    const { uid } = given(desk);
    await signIn(desk);
    const { written } = await store(desk);
    await desk.server.stop();
    expect(await desk.client.attachments.attach({ uid, files: [written] })).toEqual({ ok: true });
    // One that the ticket has already is left out.
    await desk.client.attachments.attach({ uid, files: [written] });
    const { events } = await desk.client.tickets.get({ uid });
    expect(events.filter(({ kind }) => kind === 'attached').map(({ text }) => text)).toEqual([written]);
    expect(await desk.client.outbox.list()).toMatchObject([{ kind: 'ticket.note', uid }]);
  },
  ofTicket: async (desk) => {
    const uid = await attached(desk);
    expect(await desk.client.attachments.ofTicket({ uid })).toMatchObject({
      files: [
        { file: { sha256: SHA256, name: NAME }, at: START, byName: '林晓雯', state: 'waiting', canTakeBack: true },
      ],
      hidden: false,
    });
  },
  states: async (desk) => {
    await signIn(desk);
    await store(desk);
    const other = 'a'.repeat(64);
    const states = await desk.client.attachments.states({ hashes: [SHA256, other] });
    expect(states.map(({ sha256, state }) => [sha256, state])).toEqual([
      [SHA256, 'held'],
      [other, 'remote'],
    ]);
  },
  read: async (desk) => {
    await signIn(desk);
    await store(desk);
    await expectPicture(desk);
    const rest = await desk.client.attachments.read({ sha256: SHA256, ticketUid: null, offset: 100 });
    expect(Buffer.from(rest.data, 'base64').equals(PICTURE.subarray(100))).toBe(true);
  },
  fetch: async (desk) => {
    const text = writeAttachment({ sha256: SHA256, size: PICTURE.length, type: 'image/png', name: NAME });
    const [created] = sampleTicket(12).events;
    const event = { ...forceUnwrap('event', created), id: newId<EventId>(START), kind: 'attached' as const, text };
    const { uid } = given(desk, { events: [forceUnwrap('event', created), event] });
    desk.server.files.set(SHA256, PICTURE);
    await signIn(desk);
    expect(await desk.client.attachments.ofTicket({ uid })).toMatchObject({ files: [{ state: 'remote' }] });
    expect(await desk.client.attachments.fetch({ sha256: SHA256, name: NAME, ticketUid: uid })).toEqual({ ok: true });
    await desk.server.stop();
    await expectPicture(desk, uid);
  },
  unsent: async (desk) => {
    const { uid } = given(desk);
    await signIn(desk);
    const { written } = await store(desk);
    await desk.server.stop();
    // As long as no ticket names it, it is nothing to send.
    expect(await desk.client.attachments.unsent()).toEqual([]);
    await desk.client.attachments.attach({ uid, files: [written] });
    expect(await desk.client.attachments.unsent()).toMatchObject([
      { sha256: SHA256, state: 'waiting', sentBytes: 0, addedAt: START, file: { name: NAME, size: PICTURE.length } },
    ]);
  },
  retryNow: async (desk) => {
    const { server, client } = desk;
    const path = `/attachments/${SHA256}/state`;
    server.onRequest = (request) => (request.path === `/api/v1${path}` ? 'forbidden' : null);
    const { uid } = given(desk);
    await signIn(desk);
    const { written } = await store(desk);
    await client.attachments.attach({ uid, files: [written] });
    const stateOf = async () => (await client.attachments.states({ hashes: [SHA256] }))[0]?.state;
    await until('refused', async () => (await stateOf()) === 'refused');
    server.onRequest = () => null;
    server.further.set(path, { isStored: true });
    // What was refused is not tried again before somebody says so.
    expect(await client.attachments.retryNow()).toEqual({ ok: true });
    await until('sent', async () => (await stateOf()) === 'sent');
    expect(await client.attachments.unsent()).toEqual([]);
  },
};
