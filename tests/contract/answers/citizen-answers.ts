import { expect } from 'vitest';
import { ticketScope } from '#shared/sync/protocol.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import {
  START,
  sampleCall,
  sampleCitizen,
  sampleFields,
  sampleRecord,
  sampleTicket,
} from '#tests/support/data/samples.ts';
import { confirmed, type Desk, given, type Scenarios, signIn } from './desk.ts';

const PHONE = '13800001234';

/** 王芳 with one open ticket, and her record under another number. */
async function twoRecords(desk: Desk) {
  const [first, second] = [sampleCitizen(), sampleCitizen({ name: '王女士', phones: ['13900005678'] })];
  desk.server.putCitizen(first);
  desk.server.putCitizen(second);
  const ticket = given(desk);
  await signIn(desk);
  return { first, second, ticket };
}

/** A ticket of a month that this console does not hold. */
export function ticketOfLongAgo(desk: Desk) {
  const at = Date.UTC(2024, 2, 5, 2);
  desk.server.pastMonths.set(ticketScope('320100', '12345', '2024-03'), 40);
  const ticket = { ...sampleTicket(7), createdAt: at, acceptedAt: at, updatedAt: at };
  desk.server.further.set('/sync/history', { tickets: [ticket], more: false, gone: [] });
  return ticket;
}

export const citizenAnswers: Scenarios<'citizens'> = {
  lookup: async (desk) => {
    const { first, ticket } = await twoRecords(desk);
    const card = await desk.client.citizens.lookup({ phone: '+86 138-0000-1234' });
    expect(card).toMatchObject({
      phone: PHONE,
      citizen: { uid: first.uid, fields: { name: '王芳' } },
      tickets: [{ uid: ticket.uid }],
      open: [{ uid: ticket.uid }],
      totals: { tickets: 1, open: 1, last30Days: 1, calls: 0 },
      masked: false,
    });
  },
  get: async (desk) => {
    const { second } = await twoRecords(desk);
    expect(await desk.client.citizens.get({ uid: second.uid })).toMatchObject({
      citizen: { uid: second.uid, fields: { name: '王女士' } },
      tickets: [],
      merged: [],
    });
  },
  older: async (desk) => {
    const old = ticketOfLongAgo(desk);
    await signIn(desk);
    expect((await desk.client.citizens.lookup({ phone: PHONE })).tickets).toEqual([]);
    expect(await desk.client.citizens.older({ phone: PHONE })).toEqual({ state: 'complete' });
    expect(desk.server.requestsOf('/sync/history')[0]?.body).toMatchObject({ by: 'phones', phones: [PHONE] });
    expect((await desk.client.citizens.lookup({ phone: PHONE })).tickets).toMatchObject([
      { uid: old.uid, outside: true },
    ]);
  },
  timeline: async (desk) => {
    const { first, ticket } = await twoRecords(desk);
    const call = sampleCall(PHONE, START + 3_600_000);
    await desk.client.calls.record({ record: sampleRecord(call) });
    const asked = { uid: first.uid, phone: '' };
    const all = await desk.client.citizens.timeline({ ...asked, kinds: ['call', 'ticket'] });
    expect(all.entries.map(({ kind, at }) => [kind, at])).toEqual([
      ['call', call.ringAt],
      ['ticket', ticket.createdAt],
    ]);
    const tickets = await desk.client.citizens.timeline({ ...asked, kinds: ['ticket'] });
    expect(tickets).toMatchObject({ entries: [{ ticketUid: ticket.uid, title: '路灯不亮' }], more: false });
  },
  save: async (desk) => {
    const { first } = await twoRecords(desk);
    const changes = { remark: '听力不好', phones: { kept: [0], added: ['025-83112345'] } };
    const { uid } = await desk.client.citizens.save({ uid: first.uid, seenAt: first.updatedAt, changes });
    expect(uid).toBe(first.uid);
    await confirmed(desk);
    expect(desk.server.citizens.get(uid)?.wire.row).toMatchObject({
      fields: { name: '王芳', remark: '听力不好', phones: [PHONE, expect.stringContaining('83112345')] },
    });
    const made = await desk.client.citizens.save({ uid: null, seenAt: 0, changes: { name: '李强' } });
    expect((await desk.client.citizens.get(made)).citizen?.fields.name).toBe('李强');
  },
  merge: async (desk) => {
    const { first, second, ticket } = await twoRecords(desk);
    expect(await desk.client.citizens.merge({ uid: second.uid, into: first.uid })).toEqual({ ok: true });
    // Whoever calls with the other number is the same person now.
    expect(await desk.client.citizens.lookup({ phone: '13900005678' })).toMatchObject({
      citizen: { uid: first.uid },
      merged: [{ uid: second.uid, name: '王女士' }],
      tickets: [{ uid: ticket.uid }],
    });
    await confirmed(desk);
    expect(desk.server.citizens.get(second.uid)?.wire.row).toMatchObject({ mergedInto: first.uid });
  },
  split: async (desk) => {
    const { first, second } = await twoRecords(desk);
    await desk.client.citizens.merge({ uid: second.uid, into: first.uid });
    expect(await desk.client.citizens.split({ uid: second.uid })).toEqual({ ok: true });
    expect(await desk.client.citizens.lookup({ phone: '13900005678' })).toMatchObject({
      citizen: { uid: second.uid },
      tickets: [],
    });
    await confirmed(desk);
    expect(desk.server.citizens.get(second.uid)?.wire.row).toMatchObject({ mergedInto: null });
  },
  search: async (desk) => {
    const { first, second } = await twoRecords(desk);
    const found = async (query: string) => {
      const { persons, incomplete } = await desk.client.citizens.search({ query });
      expect(incomplete).toBe(false);
      return persons.map(({ uid, tickets }) => [uid, tickets]);
    };
    expect(await found('wangfang')).toEqual([[first.uid, 1]]);
    expect(await found('5678')).toEqual([[second.uid, 0]]);
    expect(await found('赵')).toEqual([]);
  },
};

export const privacyAnswers: Scenarios<'privacy'> = {
  reveal: async (desk) => {
    const fields = sampleFields();
    const { uid } = given(desk, { fields: { ...fields, caller: { ...fields.caller, confidential: true } } });
    await signIn(desk);
    const shown = await desk.client.tickets.get({ uid });
    expect([shown.masked, shown.fields.caller.phone]).not.toContain(PHONE);
    desk.server.onRequest = ({ path }) => (path === '/api/v1/sync/push' ? 'not-ready' : null);
    const look = { subject: 'ticket', uid, field: 'phone', reason: '回拨核实' } as const;
    const { ticket, citizen, call } = await desk.client.privacy.reveal(look);
    expect([ticket?.fields.caller.phone, citizen, call]).toEqual([PHONE, null, null]);
    // That one value and no other, and it is on its way to the log of the server.
    expect(ticket?.fields.caller.name).toBe(shown.fields.caller.name);
    expect(await desk.client.outbox.list()).toMatchObject([{ kind: 'audit.reveal', uid, label: '回拨核实' }]);
    expect(await codeOf(desk.client.privacy.reveal({ ...look, subject: 'call' }))).toBe('NOT_FOUND');
  },
};
