import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { signInDemo } from '../support/checks.ts';
import { decideAs, SEEN_ALL } from '../support/decide-as.ts';
import { confirm, figureOf, pointAt, showQueue } from '../support/queue-hands.ts';
import { dispatchTo } from '../support/sample-acts.ts';
import { createTicketBody } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const UNIT = '玄武区城管局';
const HOUR_MS = 3_600_000;
const TITLES = {
  sensitive: '多人聚集反映拖欠工资',
  rumour: '网传停水消息不实',
  first: '小区东门路面刚塌陷',
  second: '小区东门路面塌陷又加深',
  soon: '噪声来源请市民补充',
  later: '照片不清请市民补充',
  call: '有人持刀伤人',
} as const;
type Matter = keyof typeof TITLES;

/** What waits for a review, for its unit to sign, for its citizen, and for 110. */
async function makeTickets(world: Bootstrap): Promise<Readonly<Record<Matter, TicketId>>> {
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const uids = {} as Record<Matter, TicketId>;
  for (const [matter, title] of Object.entries(TITLES) as [Matter, string][]) {
    const isReviewed = matter === 'sensitive' || matter === 'rumour';
    const body =
      matter === 'call'
        ? createTicketBody({ title, handOff: { service: '110', at: Date.now() } }, { outcome: 'hand_off' })
        : createTicketBody({ title, categoryCode: '010101', markers: isReviewed ? ['sensitive'] : [] });
    await lead.pushOne(body);
    uids[matter] = body.uid;
  }
  for (const matter of ['first', 'second'] as const)
    await decideAs(lead, uids[matter], 'to_dispatch', dispatchTo(UNIT));
  // The older one is waited for longer: the two orders of the queue differ.
  for (const [matter, hours] of [
    ['soon', 48],
    ['later', 24],
  ] as const) {
    const step: OverlayStep = { step: 'wait', until: Date.now() + hours * HOUR_MS };
    const args = { eventId: newId<EventId>(Date.now()), step, words: '请市民补充' };
    const op = { kind: 'ticket.overlay', uid: uids[matter], args } as const;
    expect((await lead.pushOne(op, { baseVersion: SEEN_ALL })).code).toBe('merged');
  }
  return uids;
}

const stateOf = async (world: Bootstrap, uid: TicketId) =>
  (
    await world.sql<{ status: string; parent: string | null; waits: boolean }>(
      `SELECT status, link ->> 'parentUid' AS parent, handling ->> 'waiting' IS NOT NULL AS waits FROM tickets WHERE uid = $1`,
      [uid],
    )
  )[0];

/** The test's own lines of a queue, from the top. */
const linesOf = (seat: Seat, ...titles: string[]) =>
  seat
    .get(TEST_IDS.ticketTable)
    .locator('[role="row"][data-testid]')
    .filter({ hasText: new RegExp(titles.join('|')) });

test('待审核, 待签收, 待市民补充 and 流转移交: each queue is worked off without a network, and the server takes all of it in', async ({
  world,
}) => {
  test.setTimeout(300_000);
  await setAgentRole(world, 'lead');
  const uids = await makeTickets(world);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  await showQueue(seat, 'elsewhere');
  await pointAt(seat, TITLES.call);
  await world.stopServer();

  // 待审核: on to dispatch with one key, not taken with another, with the reason.
  await showQueue(seat, 'review');
  await pointAt(seat, TITLES.sensitive);
  const reviewed = await figureOf(seat, 'review');
  await page.screenshot({ path: path.join(world.artifacts, 'review.png') });
  await page.keyboard.press('a');
  await confirm(seat);
  await pointAt(seat, TITLES.rumour);
  await page.keyboard.press('r');
  await confirm(seat, '已由水务集团辟谣，告知来电人');
  await expect.poll(() => figureOf(seat, 'review')).toBe(reviewed - 2);

  // 待签收: two about one matter become one before the unit has signed for either.
  await showQueue(seat, 'sign');
  const unsigned = await figureOf(seat, 'sign');
  for (const title of [TITLES.second, TITLES.first]) {
    await pointAt(seat, title);
    await page.keyboard.press('x');
  }
  await page.keyboard.press('m');
  await expect(seat.get(TEST_IDS.decideSummary)).toHaveText('将处理 1 件');
  await seat.get(TEST_IDS.decideWords).fill('同一处塌陷');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect.poll(() => figureOf(seat, 'sign')).toBe(unsigned - 1);

  // 待市民补充: the wait that ends first is at the top; turned round, what was made last.
  await showQueue(seat, 'waiting');
  const waits = linesOf(seat, TITLES.soon, TITLES.later);
  await expect(waits).toHaveText([new RegExp(TITLES.later), new RegExp(TITLES.soon)]);
  await expect(seat.get(TEST_IDS.queueSort)).toContainText('先到期在前');
  await page.keyboard.press('s');
  await page.keyboard.press('s');
  await expect(seat.get(TEST_IDS.queueSort)).toContainText('最早在前');
  await expect(waits).toHaveText([new RegExp(TITLES.soon), new RegExp(TITLES.later)]);
  await page.screenshot({ path: path.join(world.artifacts, 'waiting-oldest.png') });
  const waiting = await figureOf(seat, 'waiting');
  await pointAt(seat, TITLES.soon);
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.overlayOpen('wait_end')).click();
  await seat.get(TEST_IDS.overlayWords).fill('来电补充：楼下饭店的风机');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await expect.poll(() => figureOf(seat, 'waiting')).toBe(waiting - 1);
  await page.keyboard.press('Escape');

  // 流转移交: what 110 said by telephone is written down, and with the result it leaves the queue.
  await showQueue(seat, 'elsewhere');
  await pointAt(seat, TITLES.call);
  const elsewhere = await figureOf(seat, 'elsewhere');
  await page.keyboard.press('f');
  await expect(seat.get(TEST_IDS.searchFilter('receiver'))).toBeFocused();
  await page.keyboard.type('119');
  await seat.page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await expect(linesOf(seat, TITLES.call)).toHaveCount(0);
  await seat.get(TEST_IDS.searchFilterClear).click();
  await seat.get(TEST_IDS.queueNarrow).click();
  await seat.get(TEST_IDS.searchFilter('receiver')).fill('110');
  await seat.page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await expect(linesOf(seat, TITLES.call)).toHaveCount(1);
  await page.screenshot({ path: path.join(world.artifacts, 'elsewhere-110.png') });
  await page.keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.ticketTable)).toBeFocused();
  await pointAt(seat, TITLES.call);
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.flowStep('flow_receipt', '110')).click();
  await seat.get(TEST_IDS.overlayField('number')).fill('110-20261127-0815');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.ticketFlow('110'))).toContainText('110-20261127-0815');
  await seat.get(TEST_IDS.flowStep('flow_result', '110')).click();
  await seat.get(TEST_IDS.overlayWords).fill('已到场处置，人员带离');
  await seat.get(`${TEST_IDS.overlayField('outcome')}-attended`).check({ force: true });
  await seat.get(TEST_IDS.overlayWords).focus();
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await expect.poll(() => figureOf(seat, 'elsewhere')).toBe(elsewhere - 1);

  const steps = 6;
  await expect.poll(() => seat.outboxCount()).toBe(steps);
  await world.startServer();
  await expect.poll(() => seat.outboxCount(), { timeout: 60_000 }).toBe(0);
  await expect(seat.get(TEST_IDS.statusAttention)).toHaveCount(0);
  expect(await stateOf(world, uids.sensitive)).toMatchObject({ status: 'to_dispatch' });
  expect(await stateOf(world, uids.rumour)).toMatchObject({ status: 'rejected' });
  const pair = [await stateOf(world, uids.first), await stateOf(world, uids.second)];
  expect(pair.map((one) => one?.status).sort()).toEqual(['merged', 'to_sign']);
  expect(await stateOf(world, uids.soon)).toMatchObject({ waits: false });
  expect(await stateOf(world, uids.later)).toMatchObject({ waits: true });
  const results = await world.sql<{ body: string }>(
    `SELECT body FROM ticket_events WHERE ticket_uid = $1 AND overlay ->> 'step' = 'flow_result'`,
    [uids.call],
  );
  expect(results).toMatchObject([{ body: '已到场处置，人员带离' }]);
});
