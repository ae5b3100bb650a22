import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import type { TicketFields } from '#shared/domain/ticket.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1', seat: '1001' });
  await server.addAccount({ account: 'special', seat: '1050', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'lead1', role: 'lead', lines: ['12345', '12350'] });
});
afterAll(() => server.stop());

interface Stored {
  readonly form: TicketForm | null;
  readonly flags: readonly string[];
  readonly fields: TicketFields;
}

/** Pushes a ticket; gives the server's answer and what it keeps. */
async function submit(
  fields: Partial<TicketFields>,
  { account = 'agent1', outcome = 'submit' }: { account?: string; outcome?: 'submit' | 'direct_answer' } = {},
) {
  const console = await new TestConsole(server.url).signIn(account);
  const body = createTicketBody(fields, { outcome });
  const result = await console.pushOne(body);
  const [row] = await server.query<Stored>(
    `SELECT doc->'fields' AS fields, doc->'fields'->'form' AS form, flags FROM tickets WHERE uid = $1`,
    [body.uid],
  );
  return { result, stored: row ?? null };
}

const wages = (data: TicketForm['data']): TicketForm => ({ id: 'wage-arrears', version: 2, data });
const owed = { employer: '某建筑公司', people: 12, total: 240_000 };

describe('a form that is checked again by the server', () => {
  test('is kept with the ticket, its computed values computed anew', async () => {
    const { result, stored } = await submit({ form: wages({ ...owed, average: 1, collective: false }) });
    expect(result).toMatchObject({ code: 'applied' });
    expect(stored?.form).toEqual(wages({ ...owed, average: 20_000, collective: true }));
    expect(stored?.flags).toEqual([]);
  });

  test('keeps a month where a month is all that is known', async () => {
    const { result, stored } = await submit({ form: wages({ ...owed, since: '2025-03', until: '2025-05上旬' }) });
    expect(result).toMatchObject({ code: 'applied' });
    expect(stored?.form?.data).toMatchObject({ since: '2025-03', until: '2025-05上旬', months: 2 });
  });

  test.each<[string, TicketForm['data'], string]>([
    ['misses an answer', { employer: '某公司', people: 1 }, 'FORM_INVALID:total:REQUIRED'],
    ['has a month that cannot be', { ...owed, since: '2025-13' }, 'FORM_INVALID:since:NOT_A_DATE_OR_MONTH'],
    ['has a value that cannot be', { ...owed, people: 0 }, 'FORM_INVALID:people:TOO_SMALL'],
    [
      'has a card number whose check digit is wrong',
      { ...owed, idCard: '110105194912310021' },
      'FORM_INVALID:idCard:BAD_ID_CARD',
    ],
    [
      'breaks a rule of the form',
      { ...owed, since: '2026-02-01', until: '2026-01-01' },
      'FORM_INVALID:until:CHECK_FAILED',
    ],
    ['answers what was not asked', { ...owed, disputed: 5 }, 'FORM_INVALID:disputed:NOT_ASKED'],
    ['has a field of its own', { ...owed, extra: 'x' }, 'FORM_INVALID:extra:UNKNOWN_FIELD'],
  ])('and %s is refused with the reason, and no ticket is made', async (_, data, reason) => {
    const { result, stored } = await submit({ form: wages(data) });
    expect(result).toMatchObject({ code: 'rejected', reason });
    expect(stored).toBeNull();
  });

  test('need not be complete when the matter was answered at the seat, but must be readable', async () => {
    const direct = (data: TicketForm['data']) =>
      submit({ form: wages(data), answer: '已告知劳动监察电话。' }, { outcome: 'direct_answer' });
    expect((await direct({ employer: '某公司' })).result).toMatchObject({ code: 'applied' });
    expect((await direct({ people: -1 })).result).toMatchObject({ reason: 'FORM_INVALID:people:TOO_SMALL' });
  });

  test('may be missing: a console that knows no forms', async () => {
    const { result, stored } = await submit({});
    expect(result).toMatchObject({ code: 'applied' });
    expect(stored?.form).toBeNull();
  });
});

describe('versions', () => {
  test('an older version is judged by itself, taken and flagged', async () => {
    const data = { kind: 'road', depth: 'knee', trapped: false };
    const { result, stored } = await submit({ form: { id: 'flood', version: 1, data } });
    expect(result).toMatchObject({ code: 'applied' });
    expect(stored).toMatchObject({ flags: ['form-outdated'], form: { version: 1, data } });
    const refused = await submit({ form: { id: 'flood', version: 1, data: { ...data, depth: 45 } } });
    expect(refused.result).toMatchObject({ reason: 'FORM_INVALID:depth:WRONG_TYPE' });
  });

  test.each([
    ['version', { id: 'flood', version: 99 }],
    ['form', { id: 'form-of-tomorrow', version: 1 }],
  ])('a %s the server does not know is taken as it is and flagged', async (_, form) => {
    const data = { whatever: ['a', 'b'], depth: '深' };
    const { result, stored } = await submit({ form: { ...form, data } });
    expect(result).toMatchObject({ code: 'applied' });
    expect(stored).toMatchObject({ flags: ['form-unknown'], form: { ...form, data } });
  });

  test('the flag travels to every console of the line', async () => {
    const console = await new TestConsole(server.url).signIn('agent1');
    const body = createTicketBody({ form: { id: 'flood', version: 1, data: { kind: 'road', trapped: false } } });
    await console.pushOne(body);
    const { rows } = await console.pullAll();
    const row = rows.find((one) => one.table === 'tickets' && one.row.uid === body.uid);
    expect(row?.row).toMatchObject({ flags: ['form-outdated'], fields: { form: { id: 'flood', version: 1 } } });
  });
});

describe('12350 安全生产有奖举报', () => {
  const data = {
    mode: 'anonymous',
    contactAllowed: false,
    enterprise: '某化工厂',
    address: '工业园 3 号',
    clue: 'danger',
    clueDetail: 'dust',
    ongoing: false,
    applyReward: false,
  };
  const report: Partial<TicketFields> = {
    line: '12350',
    form: { id: 'safety-report-12350', version: 1, data },
  };

  test('keeps the reporter secret whatever the console said', async () => {
    const { stored } = await submit(report, { account: 'special' });
    expect(stored?.fields.caller.confidential).toBe(true);
    expect(stored?.fields.markers).toContain('confidential');
  });

  test('keeps the reporter secret without the form of the line, too', async () => {
    const { stored } = await submit({ line: '12350', form: null }, { account: 'special' });
    expect(stored?.fields.caller.confidential).toBe(true);
    expect(stored?.fields.markers).toContain('confidential');
  });

  test('does not exist on another line', async () => {
    const { result, stored } = await submit({ ...report, line: '12345' }, { account: 'special' });
    expect(result).toMatchObject({ code: 'rejected', reason: 'FORM_INVALID:safety-report-12350:WRONG_LINE' });
    expect(stored).toBeNull();
  });

  test('a field of the lead is refused from an agent', async () => {
    const viewed = { ...report, form: { id: 'safety-report-12350', version: 1, data: { ...data, view: 'at-once' } } };
    const byAgent = await submit(viewed, { account: 'special' });
    expect(byAgent.result).toMatchObject({ reason: 'FORM_INVALID:view:NOT_ALLOWED' });
    expect((await submit(viewed, { account: 'lead1' })).result).toMatchObject({ code: 'applied' });
  });
});
