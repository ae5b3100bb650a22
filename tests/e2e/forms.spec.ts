import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { putText } from '../support/odd-text.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { checkerOf } from './looks.ts';
import { AGENT, expect, test } from './world.ts';

/** Holds the 12350 line as well. */
const SPECIAL = { account: 'demo1002', password: 'Demo-12345' } as const;

const field = (id: string) => TEST_IDS.formField(id);

/** Chooses one of the radio buttons or check boxes of a field. */
const choose = (seat: Seat, id: string, value: string) => seat.get(`${field(id)}-${value}`).check({ force: true });

interface KeptTicket {
  readonly form: { readonly id: string; readonly version: number; readonly data: Record<string, unknown> };
  readonly secret: boolean;
  readonly line: string;
}

/** A submitted ticket as the server keeps it, once it is there. */
function keptTicket(world: Bootstrap, title: string): Promise<KeptTicket> {
  return waitFor(`the server has ${title}`, async () => {
    const rows = await world.sql<KeptTicket>(
      `SELECT doc->'fields'->'form' AS form, (doc->'fields'->'caller'->>'confidential')::boolean AS secret,
         doc->'fields'->>'line' AS line FROM tickets WHERE doc->'fields'->>'title' = $1`,
      [title],
    );
    return rows[0] ?? null;
  });
}

/** Opens the newest of the own tickets. */
async function openNewest(page: Page, seat: Seat): Promise<void> {
  await page.keyboard.press('Alt+2');
  // By keys: a row that gets its official number under the pointer takes the click with it.
  await seat.get(TEST_IDS.ticketTable).press('Home');
  await seat.get(TEST_IDS.ticketTable).press('Enter');
  await seat.get(TEST_IDS.ticketDetail).waitFor();
}

async function speak(page: Page, language: 'zh-CN' | 'en'): Promise<void> {
  await page.evaluate(
    (chosen) =>
      window.hotline.invoke('shell:preferences:set', { language: chosen, theme: 'light' }).then(() => undefined),
    language,
  );
}

test('the category brings its form: conditions live, problems at the field, kept through a reload, shown on the ticket', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Control+n');
  await expect(seat.get(TEST_IDS.formPicker)).toHaveValue('通用登记表');
  await seat.write({ type: 'complaint', title: '夜间施工', content: '夜里还在打桩。', callerPhone: '13800006001' });
  await seat.pick(TEST_IDS.intakeCategory, '夜间施工噪声');
  // The kind of noise is known from the category.
  await expect(seat.get(TEST_IDS.formPicker)).toHaveValue('噪声扰民');
  await expect(seat.get(field('kind'))).toHaveValue('建筑施工');
  await seat.pick(field('source'), 'dz');

  await expect(seat.get(field('permit'))).toHaveCount(0);
  await seat.get(field('from')).fill('晚上11点');
  await expect(seat.get(field('night'))).toHaveText('是');
  await expect(seat.get(field('permit'))).toBeVisible();
  await seat.get(field('distance')).fill('三十来');
  await seat.get(field('decibel')).fill('58.5');
  await expect(seat.get(TEST_IDS.formFieldError('distance'))).toContainText('数字');
  await expect(seat.get(field('overDay'))).toHaveText('是');

  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.intakeProblems)).toContainText('相距');
  await expect(seat.get(field('distance'))).toBeFocused();

  // Everything is on the disk: what could not be read as well.
  await seat.waitUntilSaved();
  await page.reload();
  await expect(seat.get(field('distance'))).toHaveValue('三十来');
  await expect(seat.get(field('from'))).toHaveValue('23:00');
  await seat.get(field('distance')).fill('30');
  await choose(seat, 'now', 'yes');
  await page.keyboard.press('Control+Enter');
  // While the noise is going on the permit and the hour of the check have to be known.
  await expect(seat.get(TEST_IDS.formFieldError('permit'))).toContainText('请选择');
  await choose(seat, 'permit', 'none');
  await choose(seat, 'wish', 'now');
  await seat.submit();
  expect((await keptTicket(world, '夜间施工')).form).toEqual({
    id: 'noise',
    version: 2,
    data: {
      kind: 'construction',
      source: 'piling',
      permit: 'none',
      now: true,
      from: '23:00',
      night: true,
      distance: 30,
      decibel: 58.5,
      overDay: true,
      wish: 'now',
    },
  });

  await openNewest(page, seat);
  await expect(seat.get(TEST_IDS.formView)).toContainText('噪声扰民');
  await expect(seat.get(TEST_IDS.formViewValue('source'))).toHaveText('打桩');
  await speak(page, 'en');
  await expect(seat.get(TEST_IDS.formViewValue('source'))).toHaveText('Piling');
  await expect(seat.get(TEST_IDS.formViewValue('distance'))).toHaveText('30 m');
  await checkerOf(page)('the answers of a form at its ticket');
});

test('a call on 12350 opens the report: complete or refused, the reporter kept secret', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(SPECIAL.account, SPECIAL.password);
  await seat.waitForConnection('online');
  await seat.getReady();
  await seat.prepareCaller('138 0000 6002', '赵先生');
  await seat.get('simulate-line-12350').check({ force: true });
  await seat.get(TEST_IDS.simulateRing).click();
  await seat.waitForCall('ringing');
  await seat.answer();
  await seat.write({ type: 'report', title: '木器厂粉尘', content: '车间粉尘堆积。', callerName: '赵先生' });
  await seat.pick(TEST_IDS.intakeCategory, '粉尘涉爆');
  await seat.get(TEST_IDS.intakeSubject).fill('某木器厂');
  await seat.get(TEST_IDS.intakeAddress).fill('工业园 8 号');
  await expect(seat.get(TEST_IDS.formPicker)).toHaveValue('安全生产有奖举报');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.intakeProblems)).toContainText('举报方式');

  await choose(seat, 'mode', 'real-name');
  await choose(seat, 'contactAllowed', 'no');
  await choose(seat, 'clue', 'danger');
  await seat.pick(field('clueDetail'), '粉尘');
  await choose(seat, 'ongoing', 'no');
  await choose(seat, 'evidence', 'photo');
  await seat.get(`${field('files')}-input`).setInputFiles({
    name: '车间照片.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('不是照片', 'utf8'),
  });
  // What it is called does not make it a picture; a text is taken as one.
  await expect(seat.get(TEST_IDS.attachment('车间照片.jpg.txt'))).toBeVisible();
  await choose(seat, 'applyReward', 'yes');
  await choose(seat, 'rewardBy', 'bank');
  await seat.get(field('idCard')).fill('110105194912310021');
  await seat.get(field('payee')).fill('赵某');
  await expect(seat.get(TEST_IDS.formFieldError('idCard'))).toContainText('校验码');
  await seat.get(field('idCard')).fill('11010519491231002x');
  await seat.get(field('bank')).fill('某银行');
  await seat.get(field('account')).fill('6222020200001234567');
  await expect(seat.get(TEST_IDS.formFieldError('idCard'))).toHaveCount(0);
  // The view of the seat is the lead's to write.
  await expect(seat.get(`${field('view')}-at-once`)).toBeDisabled();
  await seat.submit();
  const { form, secret, line } = await keptTicket(world, '木器厂粉尘');
  expect({ secret, line }).toEqual({ secret: true, line: '12350' });
  expect(form).toMatchObject({
    id: 'safety-report-12350',
    data: { enterprise: '某木器厂', address: '工业园 8 号', idCard: '11010519491231002X', clueDetail: 'dust' },
  });
  expect(form.data.files).toEqual([expect.stringMatching(/^[0-9a-f]{64} 12 text\/plain 车间照片\.jpg\.txt$/)]);

  // Whose data an answer is decides what is shown of a secret caller; a look behind the mask needs a reason and is logged.
  await openNewest(page, seat);
  await expect(seat.get(TEST_IDS.formViewValue('enterprise'))).toHaveText('某木器厂');
  await expect(seat.get(TEST_IDS.formViewValue('idCard'))).toHaveText('***');
  await expect(seat.get(TEST_IDS.formViewValue('account'))).toHaveText('***');
  await seat.get(TEST_IDS.ticketDetail).getByTestId(TEST_IDS.maskLook('form')).click();
  await seat.get(TEST_IDS.maskConfirm).click();
  await expect(seat.get(TEST_IDS.formViewValue('idCard'))).toHaveText('11010519491231002X');
  await expect(seat.get(TEST_IDS.formViewValue('files'))).toContainText('车间照片.jpg');
  await expect(seat.get(TEST_IDS.ticketFiles).getByTestId(TEST_IDS.attachment('车间照片.jpg.txt'))).toBeVisible();
});

test('changing the form by key loses nothing, whatever happens to the application', async ({ world }) => {
  const { page } = await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await world.seat.pick(TEST_IDS.intakeCategory, '夜间施工噪声');
  await world.seat.get(field('site')).fill('城东工地');
  await page.keyboard.press('Alt+b');
  await page.keyboard.type('tuoqian');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await expect(world.seat.get(TEST_IDS.formPicker)).toHaveValue('拖欠工资');
  await world.seat.get(field('people')).fill('12');
  await world.seat.get(field('total')).fill('24万');
  await expect(world.seat.get(field('average'))).toHaveText('¥ 20,000');
  await world.seat.waitUntilSaved();
  await world.killApp();

  const again = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await expect(seat.get(field('total'))).toHaveValue('240000');
  await expect(seat.get(TEST_IDS.formTakeOpening)).toContainText('噪声扰民');
  await again.page.keyboard.press('Alt+g');
  await expect(seat.get(field('site'))).toHaveValue('城东工地');
  await seat.pick(TEST_IDS.formPicker, '拖欠');
  await expect(seat.get(field('people'))).toHaveValue('12');
});

test('the general form is always one click away, and what was filled in elsewhere is found again', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await seat.pick(TEST_IDS.intakeCategory, '企业拖欠工资');
  await expect(seat.get(TEST_IDS.formPicker)).toHaveValue('拖欠工资');
  await seat.get(field('employer')).fill('城东劳务公司');
  await seat.get(field('since')).fill('去年12月');
  await expect(seat.get(TEST_IDS.formFieldRead('since'))).toHaveText(/记为 \d{4}-12$/);
  await page.keyboard.press('Tab');
  await expect(seat.get(field('since'))).toHaveValue(/^\d{4}-12$/);
  await expect(seat.get(TEST_IDS.formFieldError('since'))).toHaveCount(0);
  await seat.get(field('until')).fill('说不清');
  await page.keyboard.press('Tab');
  await expect(seat.get(field('until'))).toHaveValue('说不清');
  await expect(seat.get(TEST_IDS.formFieldError('until'))).toContainText('写到月或日');

  // While the category still asks for the wage form.
  await seat.get(TEST_IDS.formTake('general')).click();
  await expect(seat.get(TEST_IDS.formPicker)).toHaveValue('通用登记表');
  await page.keyboard.press('Alt+g');
  await expect(seat.get(field('employer'))).toHaveValue('城东劳务公司');

  // Another category: the answers stay where they are until the agent says otherwise.
  await seat.pick(TEST_IDS.intakeCategory, '路灯不亮');
  await expect(seat.get(TEST_IDS.formPicker)).toHaveValue('拖欠工资');
  await expect(seat.get(TEST_IDS.formTakeOpening)).toContainText('通用登记表');
  await page.keyboard.press('Alt+g');
  await expect(seat.get(TEST_IDS.formPicker)).toHaveValue('通用登记表');
  await expect(seat.get(TEST_IDS.formTake('wage-arrears'))).toContainText('已填 3 项');
  await seat.waitUntilSaved();
  await page.reload();
  await seat.get(TEST_IDS.formTake('wage-arrears')).click();
  await expect(seat.get(field('employer'))).toHaveValue('城东劳务公司');
  await expect(seat.get(field('until'))).toHaveValue('说不清');
});

test('a ticket of an older form is shown with the words of its version, and says so', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  const other = new TestConsole(world.serverUrl ?? '');
  other.mode = 'demo';
  await other.signIn(SPECIAL.account, SPECIAL.password);
  const form = { id: 'flood', version: 1, data: { kind: 'underpass', depth: 'waist', trapped: false } };
  expect(await other.pushOne(createTicketBody({ title: '涵洞积水旧表', form }))).toMatchObject({ code: 'applied' });
  await expect(async () => {
    await expect(await seat.search('涵洞积水旧表')).toContainText('涵洞积水旧表', { timeout: 2_000 });
  }).toPass();
  await seat.get(TEST_IDS.searchResults).getByText('涵洞积水旧表').first().click();
  await expect(seat.get(TEST_IDS.ticketFlag('form-outdated'))).toBeVisible();
  await expect(seat.get(TEST_IDS.formView)).toContainText('第 1 版');
  await expect(seat.get(TEST_IDS.formViewValue('depth'))).toHaveText('腰部以下');

  // A form of a newer console: nothing is lost, the fields are called by their ids.
  const newer = { id: 'form-of-tomorrow', version: 1, data: { height: '到屋檐' } };
  await other.pushOne(createTicketBody({ title: '明日表单', form: newer }));
  await expect(async () => {
    await expect(await seat.search('明日表单')).toContainText('明日表单', { timeout: 2_000 });
  }).toPass();
  await seat.get(TEST_IDS.searchResults).getByText('明日表单').first().click();
  await expect(seat.get(TEST_IDS.ticketFlag('form-unknown'))).toBeVisible();
  await expect(seat.get(TEST_IDS.formViewValue('height'))).toHaveText('到屋檐');
});

test('odd text in a form is kept as typed or refused at its field', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', title: '欠薪', content: '工资没发。', callerPhone: '13800006005' });
  await seat.pick(TEST_IDS.intakeCategory, '企业拖欠工资');
  await seat.get(field('people')).fill('1');
  await seat.get(field('total')).fill('5000');
  await putText(seat.get(field('employer')), '很'.repeat(10_000));
  await expect(seat.get(TEST_IDS.formFieldError('employer'))).toContainText('太长');
  expect((await seat.get(field('employer')).inputValue()).length).toBe(10_000);
  for (const bad of ['a\u0000b', '\ud83d', '\ude00a']) {
    await putText(seat.get(field('employer')), bad);
    await expect(seat.get(TEST_IDS.formFieldError('employer'))).toContainText('无法保存');
    await page.keyboard.press('Control+Enter');
    await expect(seat.get(TEST_IDS.intakeProblems)).toBeVisible();
  }
  const odd = '😀 𠮷野家𪚥 مرحبا <b>x</b> e\u0301 \u202e倒\u202c';
  await putText(seat.get(field('employer')), odd);
  await seat.submit();
  expect((await keptTicket(world, '欠薪')).form.data.employer).toBe(odd);
  await openNewest(page, seat);
  await expect(seat.get(TEST_IDS.formViewValue('employer'))).toHaveText(odd);
});

test('the preview tells every fault of a form file, and lets a good one be tried', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Alt+6');
  await seat.get(TEST_IDS.formPreviewOpen).click();
  const words = (zh: string, en: string) => ({ zh, en });
  const kind = {
    id: 'kind',
    type: 'single-choice',
    label: words('来源', 'Source'),
    personal: 'none',
    required: true,
    options: [
      { value: 'site', label: words('工地', 'Site') },
      { value: 'road', label: words('道路', 'Road') },
    ],
  };
  const trucks = { id: 'trucks', type: 'number', label: words('渣土车', 'Trucks'), personal: 'none', min: 1 };
  const write = (name: string, visible: string) => {
    const fields = [kind, { ...trucks, visible }];
    const sections = [{ id: 'facts', title: words('情况', 'Facts'), fields }];
    const file = path.join(world.profileDir, name);
    writeFileSync(file, JSON.stringify({ id: 'dust', version: 1, name: words('扬尘', 'Dust'), sections }));
    return file;
  };
  const broken = path.join(world.profileDir, 'broken.json');
  writeFileSync(broken, '{\n  "id": }');
  await seat.get(TEST_IDS.formPreviewFile).setInputFiles(broken);
  await expect(seat.get(TEST_IDS.formPreviewFaults)).toContainText('第 2 行');
  await seat.get(TEST_IDS.formPreviewFile).setInputFiles(write('bad.json', "kind == 'stie' and x"));
  await expect(seat.get(TEST_IDS.formPreviewFaults)).toContainText('/sections/0/fields/1/visible');
  await expect(seat.get(TEST_IDS.formPreviewFaults)).toContainText('没有选项 stie');
  await expect(seat.get(TEST_IDS.formPreviewFaults)).toContainText('没有名为 x 的字段');

  await seat.get(TEST_IDS.formPreviewFile).setInputFiles(write('good.json', "kind == 'site'"));
  await expect(seat.get(TEST_IDS.formPreviewState)).toContainText('good.json');
  await expect(seat.get(field('trucks'))).toHaveCount(0);
  await choose(seat, 'kind', 'site');
  await seat.get(field('trucks')).fill('0');
  await expect(seat.get(TEST_IDS.formFieldError('trucks'))).toContainText('不能小于 1');
  await seat.get(field('trucks')).fill('4');
  await expect(seat.get(TEST_IDS.formPreviewData)).toHaveText(JSON.stringify({ kind: 'site', trucks: 4 }, null, 2));

  // Conditions look at the ticket around the form, too.
  await seat.get(TEST_IDS.formPreviewForm('flood', 2)).click();
  await choose(seat, 'trapped', 'yes');
  await expect(seat.get(TEST_IDS.formFieldError('trapped'))).toContainText('特急');
  await choose(seat, 'trapped', 'yes');
  await seat.get(`${TEST_IDS.formPreviewUrgency}-critical`).check({ force: true });
  await expect(seat.get(TEST_IDS.formFieldError('trapped'))).toHaveCount(0);
});
