import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { emptyIntake } from '#shared/domain/intake.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId, type RecordId, type TicketId } from '#shared/kernel/ids.ts';
import { CENTRE, monthScope, startTestServer, type TestServer } from '#tests/support/server.ts';
import { citizenBody, createTicketBody, noteBody, TestConsole } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1', seat: '1001' });
  await server.addAccount({ account: 'agent2', seat: '1002' });
});
afterAll(() => server.stop());

const seat = (account: string) => new TestConsole(server.url).signIn(account);

/** An object with these fields and no other. */
function exactly(keys: string, more: z.ZodRawShape = {}) {
  return z.strictObject({ ...Object.fromEntries(keys.split(' ').map((key) => [key, z.unknown()])), ...more });
}

/** The shapes that a console of schema 2 reads; whatever else is in a row, it cannot take it. */
const citizenOfSchema2 = z.object({
  fields: exactly('name gender kind phones confidential remark ageBand needs flags'),
});
const draftOfSchema2 = exactly(
  'type categoryCode title content originalWords demands caller place occurredAt subject urgency markers tags answer form otherForms citations categoryChoice',
);
const handoverOfSchema2 = z.object({
  doc: exactly('fromSeat fromName toSeat call at', { content: draftOfSchema2 }),
});
const ticketOfSchema2 = z.object({
  fields: exactly(
    'type categoryCode title content originalWords demands channel line citizenUid caller place occurredAt subject urgency markers tags call answer form citations categoryChoice handOff',
  ),
  events: z.array(
    exactly('id at actorId actorName text from to ref', {
      kind: z.enum([
        'created',
        'answered',
        'accepted',
        'status',
        'note',
        'remind',
        'promise',
        'reply',
        'edited',
        'imported',
        'linked',
        'unlinked',
        'handed_off',
        'called',
      ]),
    }),
  ),
});

/** Rows of a scope as they are on the wire, before anything of this build read them. */
async function rawRows(console: TestConsole, scope: string): Promise<ReadonlyMap<string, unknown>> {
  const { body } = await console.send('/sync/pull', { cursors: [{ scope, epoch: 1, seq: 0 }], limit: 500 });
  const { rows } = z.object({ rows: z.array(z.object({ row: z.looseObject({ uid: z.string() }) })) }).parse(body);
  return new Map(rows.map(({ row }) => [row.uid, row]));
}

describe('a console of schema 2 reads', () => {
  test('a record that was made and changed by newer ones, until a number is taken off it', async () => {
    const console = await seat('agent1');
    const body = citizenBody('赵女士', ['13600000001', '13600000002']);
    await console.pushOne(body);
    const change = (changes: object) =>
      console.pushOne({ kind: 'citizen.change', uid: body.uid, args: { centre: CENTRE, changes } });
    await change({ remark: '下午在家', phones: { removed: [], added: ['13600000003'] } });
    const read = async () => citizenOfSchema2.safeParse((await rawRows(console, `${CENTRE}:citizens`)).get(body.uid));
    expect(await read()).toMatchObject({ success: true });
    await change({ phones: { removed: ['13600000003'], added: [] } });
    expect(await read()).toMatchObject({ success: false });
    // Theirs again, it is no former number, and the record is as before.
    await change({ phones: { removed: [], added: ['13600000003'] } });
    expect(await read()).toMatchObject({ success: true });
  });

  test('a record whose empty list of former numbers was stored by a build that still sent one', async () => {
    const console = await seat('agent1');
    const body = citizenBody('孙女士', ['13600000011']);
    const fields = { ...body.args.fields, formerPhones: [] };
    await console.pushOne({ ...body, args: { ...body.args, fields } });
    const row = (await rawRows(console, `${CENTRE}:citizens`)).get(body.uid);
    expect(citizenOfSchema2.safeParse(row)).toMatchObject({ success: true });
  });

  test('a ticket without files, settled promises and several emergency services', async () => {
    const console = await seat('agent1');
    const body = createTicketBody();
    await console.pushOne(body);
    await console.pushOne(noteBody(body.uid, '来电人补充门牌号'));
    const row = (await rawRows(console, monthScope())).get(body.uid);
    expect(ticketOfSchema2.safeParse(row)).toMatchObject({ success: true });
  });

  test('the form of a transferred call with nothing in it that its build does not know', async () => {
    const [from, to] = [await seat('agent1'), await seat('agent2')];
    const handOver = (content: object, more: object = {}) => ({
      kind: 'draft.hand_over' as const,
      uid: newId<RecordId>(systemClock.now()),
      args: {
        centre: CENTRE,
        toSeat: '1002',
        call: null,
        content: { ...emptyIntake('13911110009'), ...content },
        ...more,
      },
    });
    const plain = handOver({ title: '楼道灯坏了' }, { parentUid: null });
    const promised = handOver({ promise: { text: '周五前回电', dueAt: null, byName: '林晓雯' } });
    const planned = handOver({}, { parentUid: newId<TicketId>(systemClock.now()) });
    for (const body of [plain, promised, planned]) expect(await from.pushOne(body)).toMatchObject({ code: 'applied' });
    const rows = await rawRows(to, `${CENTRE}:seat:1002`);
    const isRead = ({ uid }: { readonly uid: string }) => handoverOfSchema2.safeParse(rows.get(uid)).success;
    expect([plain, promised, planned].map(isRead)).toEqual([true, false, false]);
  });
});
