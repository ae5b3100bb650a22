import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { IntakeTexts, Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { answerCallback, confirm, pointAt, showQueue } from '../support/queue-hands.ts';
import type { UnitClient } from '../support/unit-client.ts';
import { connectUnit } from '../support/unit-of-demo.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

/**
 * Matters that really happened, from the ring to the citizen's last word: a 班长 takes the call, decides and calls back at the console, the
 * units work through their API. 中央路260号 and 倾斜松树 are walked in merging.spec.ts and oversight.spec.ts; limits in hours and days, with a clock that can
 * be moved, in tests/server/seed-cases.test.ts.
 */
interface Stored {
  readonly uid: TicketId;
  readonly status: string;
  readonly unit: string | null;
  readonly words: string;
  readonly callback: string | null;
}

async function readTitled(world: Bootstrap, title: string): Promise<Stored | undefined> {
  const [row] = await world.sql<Stored>(
    `SELECT uid, status, unit, doc -> 'fields' ->> 'originalWords' AS words, handling ->> 'callback' AS callback FROM tickets
     WHERE doc -> 'fields' ->> 'title' = $1`,
    [title],
  );
  return row;
}

const find = async (world: Bootstrap, title: string) => forceUnwrap(title, await readTitled(world, title));

/** A call, and the ticket that is written while it lasts; `answerForm` fills in the form of its category. */
async function takeCall(
  world: Bootstrap,
  seat: Seat,
  texts: IntakeTexts,
  urgency: string,
  answerForm?: () => Promise<void>,
): Promise<TicketId> {
  await seat.page.keyboard.press('Alt+1');
  await seat.getReady();
  await seat.ring('138 0000 6021');
  await seat.answer();
  await seat.write(texts);
  await seat.get(`${TEST_IDS.intakeUrgency}-${urgency}`).check({ force: true });
  await answerForm?.();
  await seat.submit();
  await seat.hangUp();
  await seat.finishWrapUp();
  await expect
    .poll(async () => (await readTitled(world, texts.title ?? ''))?.status, { timeout: 30_000 })
    .toBe('to_dispatch');
  await seat.page.keyboard.press('Alt+3');
  return (await find(world, texts.title ?? '')).uid;
}

/** Sends it to a unit; `isActing`: which is not the owner and acts first. */
async function dispatch(
  world: Bootstrap,
  seat: Seat,
  title: string,
  unit: string,
  words: string,
  isActing = false,
): Promise<void> {
  await showQueue(seat, 'dispatch');
  await pointAt(seat, title);
  await seat.page.keyboard.press('d');
  await seat.get(TEST_IDS.decideUnit).fill(unit);
  // By its whole name: which others have tickets here, and have it in theirs, is the demo centre's chance.
  await seat.get(TEST_IDS.formOption(unit)).click();
  await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue(unit);
  if (isActing) await seat.get(TEST_IDS.decideActing).check();
  await seat.get(TEST_IDS.decideWords).fill(words);
  await confirm(seat);
  await expect.poll(async () => (await find(world, title)).unit, { timeout: 30_000 }).toBe(unit);
}

async function unitDoes(unit: UnitClient, uid: TicketId, action: 'sign' | 'reply', more: object = {}): Promise<void> {
  expect(await unit.act(uid, action, more)).toMatchObject({ status: 200 });
}

/** Fills the dialog of a step that is laid over the open ticket, the words last. */
async function lay(seat: Seat, fields: Readonly<Record<string, string>>, words: string): Promise<void> {
  await seat.get(TEST_IDS.overlayWords).waitFor();
  for (const [name, value] of Object.entries(fields)) {
    const field = seat.get(TEST_IDS.overlayField(name));
    await field.fill(value);
    await field.press(name === 'unit' ? 'Enter' : 'Tab');
  }
  await seat.get(TEST_IDS.overlayWords).fill(words);
  await expect(seat.get(TEST_IDS.overlayConfirm)).toBeEnabled();
  await seat.page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
}

/** The citizen is called and content; `answer` stands in the script. */
async function callBack(world: Bootstrap, seat: Seat, title: string, answer: string, words: string): Promise<void> {
  await showQueue(seat, 'callback');
  await pointAt(seat, title);
  await seat.page.keyboard.press('a');
  await expect(seat.get(TEST_IDS.callbackScript)).toContainText(answer);
  for (const question of ['reached', 'solved', 'satisfied']) await answerCallback(seat, question, 'yes');
  await seat.get(TEST_IDS.decideWords).fill(words);
  await seat.page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect.poll(async () => (await find(world, title)).status, { timeout: 30_000 }).toBe('closed');
  expect(JSON.parse((await find(world, title)).callback ?? '')).toMatchObject({
    reached: true,
    solved: true,
    satisfied: true,
  });
}

test('路灯: from the ring to the citizen’s own words at the 回访', async ({ world }) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'lead');
  const unit = await connectUnit(world, '市路灯管理处');
  const seat = await startOnline(world);
  const title = '巷子里路灯两年不亮';
  const words = '灯都坏了两年了，找了好多趟，没人管';
  const texts = { type: 'help', category: '路灯不亮', title, content: '巷子里三盏路灯不亮。', originalWords: words };
  const uid = await takeCall(world, seat, { ...texts, address: '板仓街巷内' }, 'critical');
  await dispatch(world, seat, title, '市路灯管理处', '请立即修复');
  // What endangers somebody is to be signed for within minutes.
  await showQueue(seat, 'sign');
  await expect(seat.get(TEST_IDS.ticketRow(uid)).getByTestId(TEST_IDS.clock)).toContainText('分');
  await unitDoes(unit, uid, 'sign');
  await unitDoes(unit, uid, 'reply', { text: '线路烧断，已更换，现已亮灯。' });
  await callBack(world, seat, title, '线路烧断，已更换，现已亮灯。', '没想到这么快，真亮了');
  expect((await find(world, title)).words).toBe(words);
  const [span] = await world.sql<{ minutes: number }>(
    `SELECT ceil((closed_at - accepted_at) / 60000.0)::int AS minutes FROM tickets WHERE uid = $1`,
    [uid],
  );
  expect(span?.minutes).toBeLessThanOrEqual(90);
});

test('农田积水: who pumps is not whose the ditch is; the place stays in the caller’s words', async ({ world }) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'lead');
  const town = '江宁区湖熟街道办事处';
  const unit = await connectUnit(world, town);
  const seat = await startOnline(world);
  const title = '秧苗泡在水里';
  const address = '村东面、西面两片田';
  const texts = { type: 'help', category: '农田积水', title, content: '连夜大雨，秧苗都泡在水里。', address };
  const { page } = seat;
  const uid = await takeCall(world, seat, texts, 'critical', async () => {
    await seat.get(TEST_IDS.formField('direction')).fill('东面、西面');
    await page.getByRole('checkbox', { name: '水稻' }).check({ force: true });
    await page.getByRole('radiogroup', { name: '人员被困' }).getByRole('radio', { name: '否' }).check({ force: true });
  });
  await dispatch(world, seat, title, town, '沟渠不知归谁管，请先组织排涝', true);
  expect(JSON.stringify(await unit.get(uid))).toContain(address);
  await unitDoes(unit, uid, 'sign');

  // Among what waits for its owner, with the danger first.
  await showQueue(seat, 'joint');
  await pointAt(seat, title);
  await seat.page.keyboard.press('Enter');
  await seat.get(TEST_IDS.overlayOpen('made_safe')).click();
  await lay(seat, {}, '两台泵已排干');
  await unitDoes(unit, uid, 'reply', { text: '中午前积水已排出。' });
  await seat.get(TEST_IDS.overlayOpen('owned')).click();
  await lay(seat, { unit: '江宁区水务局' }, '沟渠由水务局管养');
  await seat.page.keyboard.press('Escape');
  await callBack(world, seat, title, '中午前积水已排出。', '苗保住了');
  const [kept] = await world.sql<{ unit: string; owner: string }>(
    `SELECT unit, handling #>> '{ownership,owner,unit}' AS owner FROM tickets WHERE uid = $1`,
    [uid],
  );
  expect(kept).toEqual({ unit: town, owner: '江宁区水务局' });
});

test('霍乱疫苗: a capability gap on account, two 批示 with milestones, announced to the public, resumed, answered and called back', async ({
  world,
}) => {
  test.setTimeout(300_000);
  await setAgentRole(world, 'lead');
  const health = '市卫健委';
  const unit = await connectUnit(world, health);
  const seat = await startOnline(world);
  const { page } = seat;
  const { keyboard } = page;
  const title = '出境前打不上霍乱疫苗';
  const texts = { type: 'help', category: '疫苗接种', title, content: '出国劳务需接种，本地没有接种点。' };
  const uid = await takeCall(world, seat, texts, 'normal');
  await dispatch(world, seat, title, health, '请研究解决');
  await unitDoes(unit, uid, 'sign');
  await showQueue(seat, 'handling');
  await pointAt(seat, title);
  await keyboard.press('h');
  await seat.get(`${TEST_IDS.decideAccountCause}-capability`).check({ force: true });
  await seat.get(TEST_IDS.decideWords).focus();
  await confirm(seat, '本地没有接种资质，需培训和采购');

  // Two 批示, each with a milestone; the first is done while the second goes on.
  await showQueue(seat, 'account');
  await expect(seat.get(TEST_IDS.ticketAccount(uid))).toContainText('能力缺口');
  await pointAt(seat, title);
  await keyboard.press('Enter');
  await seat.get(TEST_IDS.overlayOpen('announced')).waitFor();
  for (const [limit, words] of [
    ['3', '请卫健委研究，尽快打通。'],
    ['5', '抓紧培训，办好后向市民公布。'],
  ] as const) {
    await keyboard.press('Alt+s');
    await expect(seat.get(TEST_IDS.overlayWords)).toBeFocused();
    await seat.get(`${TEST_IDS.overlayField('kind')}-instruction`).check({ force: true });
    await seat.get(TEST_IDS.overlayField('limit')).getByRole('radio', { checked: true }).focus();
    await keyboard.press(limit);
    await lay(seat, { author: '市长 方某某', unit: health }, words);
  }
  const orders = seat.get(TEST_IDS.ticketOrders);
  await expect(orders.getByRole('listitem').filter({ hasText: '方某某' })).toHaveCount(2);
  await keyboard.press('Alt+v');
  await lay(seat, { milestone: '今天' }, '完成接种人员培训');
  await keyboard.press('Alt+Shift+v');
  await lay(seat, {}, '培训完成');
  // At once: the key is about the order that goes on, and the dialog says which.
  await keyboard.press('Alt+v');
  await expect(seat.get(TEST_IDS.overlayOrder)).toContainText('抓紧培训');
  await lay(seat, { milestone: '今天' }, '首批开打');
  await expect(orders).toContainText('首批开打');
  await expect(orders.getByRole('listitem').filter({ hasText: '已办结' })).toHaveCount(1);
  await seat.get(TEST_IDS.overlayOpen('announced')).click();
  await lay(seat, { where: '市政府网站' }, '市疾控中心门诊可接种霍乱疫苗，请携带身份证预约');
  await expect(seat.get(TEST_IDS.ticketAnnouncements)).toContainText('市政府网站');
  await page.screenshot({ path: path.join(world.artifacts, 'cholera.png') });
  // None of it has moved the ticket.
  await expect(seat.get(TEST_IDS.ticketStatus)).toContainText('挂账');
  await keyboard.press('Escape');

  // It goes on with what was left of its limit, and ends like any other.
  await pointAt(seat, title);
  await keyboard.press('a');
  await confirm(seat);
  await expect.poll(async () => (await find(world, title)).status, { timeout: 30_000 }).toBe('handling');
  const answer = '市疾控中心门诊已可接种霍乱疫苗，请携带身份证预约。';
  await unitDoes(unit, uid, 'reply', { text: answer });
  await showQueue(seat, 'supervised');
  await pointAt(seat, title);
  await keyboard.press('Enter');
  await orders.waitFor();
  await keyboard.press('Alt+Shift+v');
  await lay(seat, {}, '已开打并公布');
  await expect(seat.get(TEST_IDS.ticketRow(uid))).toHaveCount(0);
  await callBack(world, seat, title, answer, '已打上疫苗，满意');
  const steps = await world.sql<{ step: string }>(
    `SELECT overlay ->> 'step' AS step FROM ticket_events WHERE ticket_uid = $1 AND overlay IS NOT NULL ORDER BY version`,
    [uid],
  );
  expect(steps.map(({ step }) => step)).toEqual([
    'order',
    'order',
    'progress',
    'finish',
    'progress',
    'announced',
    'finish',
  ]);
});
