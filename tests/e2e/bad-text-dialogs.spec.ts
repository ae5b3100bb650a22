import type { Locator } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { VIEW_NAME_MAX } from '#shared/domain/ticket-view.ts';
import { UNIT_NAME_MAX } from '#shared/domain/unit-name.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { signInDemo } from '../support/checks.ts';
import { decideAs, SEEN_ALL } from '../support/decide-as.ts';
import { expectGuarded, expectMoment, expectNothingRan, expectPicker } from '../support/guarded-fields.ts';
import { ODD_TEXT, putText, SHORT_ODD_TEXT } from '../support/odd-text.ts';
import { answerCallback } from '../support/queue-hands.ts';
import { dispatchTo, SAMPLE_ACTS } from '../support/sample-acts.ts';
import { HELPER, SAMPLE_OVERLAYS } from '../support/sample-overlays.ts';
import type { TestConsole } from '../support/test-console.ts';
import { citizenBody, createTicketBody } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const UNIT = '玄武区城管局';
/** The unit's own system; a unit reads and writes no ticket at a console. */
const UNIT_ACCOUNT = 'demo1002';
/** Longest reason of a link, of a correction, of a decision of a 联席研判, of a number and of a channel, of lifting secrecy. */
const MOST = { reason: 500, decision: 2_000, receipt: 60, where: 60, lift: 200 } as const;

/** Somebody whose record is kept secret. */
const SECRET = '凌霄花';

/** One ticket for everything that can be written about one. */
interface Scene {
  readonly fresh: TicketId;
  readonly sent: TicketId;
  readonly unclear: TicketId;
  readonly answered: TicketId;
}

async function makeScene(world: Bootstrap): Promise<Scene> {
  await setAgentRole(world, 'lead');
  await world.sql(`UPDATE users SET role = 'unit', name = $1 WHERE account = $2`, [UNIT, UNIT_ACCOUNT]);
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const unit = await signInDemo(world.serverUrl ?? '', UNIT_ACCOUNT);
  const make = async (title: string) => {
    const body = createTicketBody({ title, categoryCode: '010101' });
    await lead.pushOne(body);
    return body.uid;
  };
  const lay = (who: TestConsole, uid: TicketId, step: OverlayStep, eventId = newId<EventId>(systemClock.now())) =>
    who.pushOne({ kind: 'ticket.overlay', uid, args: { eventId, step, words: '请抓紧' } }, { baseVersion: SEEN_ALL });

  const fresh = await make('路边松树倾斜');
  const handOff = { eventId: newId<EventId>(systemClock.now()), kind: 'handed_off' as const, text: '110' };
  await lead.pushOne({ kind: 'ticket.note', uid: fresh, args: handOff });
  const sent = await make('门前窨井盖破损');
  await decideAs(lead, sent, 'to_dispatch', dispatchTo(UNIT, { coUnits: [HELPER] }));
  await lay(lead, sent, SAMPLE_OVERLAYS.order);
  await lay(lead, sent, { step: 'wait', until: systemClock.now() + 3 * 86_400_000 });
  const proposed = await make('门前窨井盖又响');
  const link = { eventId: newId<EventId>(systemClock.now()), parentUid: sent, reason: '' };
  await lead.pushOne({ kind: 'ticket.link', uid: proposed, args: link });
  const unclear = await make('两家都不管的井');
  await decideAs(lead, unclear, 'to_dispatch', dispatchTo(UNIT, { basis: 'acting' }), '都说不是自己的');
  await lay(lead, unclear, SAMPLE_OVERLAYS.measure);
  const answered = await make('南门路灯不亮');
  await decideAs(lead, answered, 'to_dispatch', dispatchTo(UNIT));
  await decideAs(unit, answered, 'to_sign', SAMPLE_ACTS.sign);
  await decideAs(unit, answered, 'handling', SAMPLE_ACTS.reply, '线路已更换。');
  const disputed = await make('河道旁的围挡');
  await decideAs(lead, disputed, 'to_dispatch', dispatchTo(UNIT));
  await decideAs(unit, disputed, 'to_sign', SAMPLE_ACTS.return, '不在本区');
  await decideAs(lead, disputed, 'return_review', SAMPLE_ACTS.joint_review, '两区都不认');
  const handled = await make('北门井盖松动');
  await decideAs(lead, handled, 'to_dispatch', dispatchTo(UNIT));
  await decideAs(unit, handled, 'to_sign', SAMPLE_ACTS.sign);
  const person = citizenBody(SECRET, ['13800005031']);
  const fields = { ...person.args.fields, confidential: true };
  await lead.pushOne({ ...person, args: { ...person.args, fields } });
  return { fresh, sent, unclear, answered };
}

/** Opens tickets and dialogs, and tries the fields of one after the other. */
class Dialogs {
  readonly #seat: Seat;
  readonly #dialog: Locator;

  constructor(seat: Seat) {
    this.#seat = seat;
    this.#dialog = seat.page.getByRole('dialog');
  }

  async choose(title: string): Promise<void> {
    await this.#seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: title }).first().click();
    await expect(this.#seat.get(TEST_IDS.ticketTitle)).toHaveText(title);
  }

  /** Tries the fields of the dialog that a button opens, the words last; sent with odd words when that is wanted, or left. */
  async tryIn(button: string, fields: () => Promise<void>, isSent = false): Promise<void> {
    // Of several orders or measures the first.
    const { page } = this.#seat;
    const opener = page.locator(`[data-testid${button.endsWith('-') ? '^' : ''}="${button}"]`);
    await opener.first().click();
    await this.#dialog.waitFor();
    await fields();
    if (isSent) await page.keyboard.press('Control+Enter');
    // A list that is open over it closes first.
    else await expect(() => this.#leave()).toPass();
    await expect(this.#dialog).toHaveCount(0);
  }

  async #leave(): Promise<void> {
    await this.#seat.page.keyboard.press('Escape');
    await expect(this.#dialog).toHaveCount(0, { timeout: 500 });
  }
}

const overlaysOf = (world: Bootstrap, uid: TicketId) =>
  world.sql<{ step: Record<string, unknown>; body: string }>(
    'SELECT overlay AS step, body FROM ticket_events WHERE ticket_uid = $1 AND overlay IS NOT NULL ORDER BY version DESC LIMIT 1',
    [uid],
  );

test('what is written about a ticket in any dialog is kept as it was typed, or refused at its field', async ({
  world,
}) => {
  test.setTimeout(300_000);
  const scene = await makeScene(world);
  const seat = await startOnline(world);
  const { page } = seat;
  const dialogs = new Dialogs(seat);
  const overlay = (name: string) => seat.get(TEST_IDS.overlayField(name));
  const words = () => expectGuarded(seat.get(TEST_IDS.overlayWords), LIMITS.longText);
  const decided = () => expectGuarded(seat.get(TEST_IDS.decideWords), LIMITS.longText);
  await page.keyboard.press('Alt+3');

  // A view of a queue.
  await seat.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  await dialogs.tryIn(
    TEST_IDS.viewsOpen,
    async () => {
      await expectGuarded(seat.get(TEST_IDS.viewsFind), LIMITS.title);
      await putText(seat.get(TEST_IDS.viewsFind), '');
      await expectGuarded(seat.get(TEST_IDS.viewsName), VIEW_NAME_MAX);
    },
    true,
  );
  await dialogs.tryIn(TEST_IDS.viewsOpen, () => expect(seat.get(TEST_IDS.viewsLine(SHORT_ODD_TEXT))).toBeVisible());

  // A ticket that nobody has decided about yet.
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  await dialogs.choose('路边松树倾斜');
  await dialogs.tryIn(
    TEST_IDS.ticketAmend,
    async () => {
      const field = (name: string) => seat.get(TEST_IDS.ticketAmendField(name));
      for (const name of ['category', 'division', 'tags']) {
        await expectPicker(field(name));
        // What is not taken would hold the correction back.
        await field(name).focus();
        await page.keyboard.press('Escape');
        await expect(field(name)).not.toHaveAttribute('aria-invalid', 'true');
      }
      await expectMoment(field('occurredAt'));
      await putText(field('occurredAt'), '');
      await expectGuarded(field('title'), LIMITS.title);
      for (const name of ['content', 'originalWords']) await expectGuarded(field(name), LIMITS.longText);
      for (const name of ['address', 'landmark', 'subject']) await expectGuarded(field(name), LIMITS.address);
      await expectGuarded(field('reason'), MOST.reason);
      await field('reason').focus();
    },
    true,
  );
  const fieldsOf = () =>
    world.sql<{ fields: Record<string, unknown> }>("SELECT doc->'fields' AS fields FROM tickets WHERE uid = $1", [
      scene.fresh,
    ]);
  await expect
    .poll(async () => (await fieldsOf())[0]?.fields, { timeout: 30_000 })
    .toMatchObject({
      title: ODD_TEXT,
      content: ODD_TEXT,
      originalWords: ODD_TEXT,
      subject: ODD_TEXT,
      place: { address: ODD_TEXT, landmark: ODD_TEXT },
    });
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(ODD_TEXT);
  await dialogs.tryIn(TEST_IDS.overlayOpen('wait'), async () => {
    await expectMoment(overlay('until'));
    await words();
  });
  await dialogs.tryIn(
    TEST_IDS.flowStep('flow_receipt', '110'),
    async () => {
      await expectGuarded(overlay('number'), MOST.receipt);
      await words();
      await seat.get(TEST_IDS.overlayWords).focus();
    },
    true,
  );
  await expect
    .poll(() => overlaysOf(world, scene.fresh))
    .toMatchObject([{ step: { step: 'flow_receipt', number: SHORT_ODD_TEXT }, body: ODD_TEXT }]);
  await expect(seat.get(TEST_IDS.ticketFlows)).toContainText('<img src=x onerror="window.stolen=1">');
  for (const step of ['flow_result', 'hand_over']) await dialogs.tryIn(TEST_IDS.flowStep(step, '110'), words);
  await dialogs.tryIn(TEST_IDS.overlayOpen('order'), async () => {
    await seat.get(`${TEST_IDS.overlayField('kind')}-instruction`).check({ force: true });
    await expectGuarded(overlay('author'), UNIT_NAME_MAX);
    await expectMoment(overlay('written'));
    await expectPicker(overlay('unit'));
    await words();
  });
  await dialogs.tryIn(TEST_IDS.ticketChoice('merge'), async () => {
    await expectGuarded(seat.get(TEST_IDS.clusterFind), LIMITS.title);
    await decided();
  });
  await dialogs.tryIn(TEST_IDS.ticketChoice('refuse'), decided);
  await dialogs.tryIn(
    TEST_IDS.ticketChoice('dispatch'),
    async () => {
      await expectPicker(seat.get(TEST_IDS.decideUnit));
      await seat.get(TEST_IDS.decideUnit).focus();
      await page.keyboard.press('Enter');
      await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue(SHORT_ODD_TEXT);
      await expectGuarded(seat.get(TEST_IDS.decideCoUnits), UNIT_NAME_MAX);
      await putText(seat.get(TEST_IDS.decideCoUnits), '');
      await decided();
      await seat.get(TEST_IDS.decideWords).focus();
    },
    true,
  );
  const sentTo = () => world.sql('SELECT status, unit FROM tickets WHERE uid = $1', [scene.fresh]);
  await expect.poll(sentTo).toEqual([{ status: 'to_sign', unit: SHORT_ODD_TEXT }]);
  await expect(seat.get(TEST_IDS.ticketEvents)).toContainText('<img src=x onerror="window.stolen=1">');

  // One that its unit has, under an order, with a 协办 and with a wait.
  await dialogs.choose('门前窨井盖破损');
  await dialogs.tryIn(TEST_IDS.coAdd, async () => {
    await expectPicker(overlay('unit'));
    await expectMoment(overlay('due'));
    await words();
  });
  for (const button of [TEST_IDS.coWithdraw(HELPER), TEST_IDS.overlayOpen('wait_end'), TEST_IDS.overlayOpen('unclear')])
    await dialogs.tryIn(button, words);
  await dialogs.tryIn(TEST_IDS.orderStep('progress', ''), async () => {
    await expectMoment(overlay('milestone'));
    await words();
  });
  await dialogs.tryIn(TEST_IDS.orderStep('finish', ''), words);
  await dialogs.tryIn(
    TEST_IDS.overlayOpen('announced'),
    async () => {
      await expectMoment(overlay('told-at'));
      await putText(overlay('told-at'), '昨天 8:00');
      await expectGuarded(overlay('where'), MOST.where);
      await words();
      await seat.get(TEST_IDS.overlayWords).focus();
    },
    true,
  );
  await expect
    .poll(() => overlaysOf(world, scene.sent))
    .toMatchObject([{ step: { step: 'announced', where: SHORT_ODD_TEXT }, body: ODD_TEXT }]);
  await dialogs.choose('门前窨井盖又响');
  await dialogs.tryIn(TEST_IDS.clusterRefuse, () => expectGuarded(seat.get(TEST_IDS.decideWords), MOST.reason));

  // One whose owner is not clear, and one that a 联席研判 is about.
  await dialogs.choose('两家都不管的井');
  await dialogs.tryIn(TEST_IDS.overlayOpen('made_safe'), async () => {
    await expectMoment(overlay('safe-at'));
    await words();
  });
  await dialogs.tryIn(TEST_IDS.overlayOpen('review_open'), async () => {
    await expectGuarded(overlay('others'), UNIT_NAME_MAX);
    await expectMoment(overlay('planned'));
    await words();
  });
  await dialogs.tryIn(
    TEST_IDS.overlayOpen('review'),
    async () => {
      await expectMoment(overlay('held'));
      await putText(overlay('held'), '昨天 8:00');
      await expectGuarded(overlay('others'), UNIT_NAME_MAX);
      await putText(overlay('others'), SHORT_ODD_TEXT);
      await expectGuarded(overlay('decision'), MOST.decision);
      await expectPicker(overlay('owner'));
      await overlay('owner').focus();
      await page.keyboard.press('Enter');
      await words();
      await seat.get(TEST_IDS.overlayWords).focus();
    },
    true,
  );
  await expect
    .poll(() => overlaysOf(world, scene.unclear))
    .toMatchObject([
      { step: { review: { members: [SHORT_ODD_TEXT], decision: ODD_TEXT, owner: SHORT_ODD_TEXT } }, body: ODD_TEXT },
    ]);
  await dialogs.tryIn(TEST_IDS.overlayOpen('measure'), async () => {
    await expectPicker(overlay('unit'));
    await expectMoment(overlay('due'));
    await words();
  });
  await dialogs.tryIn(TEST_IDS.measureDone(''), words);
  await dialogs.choose('河道旁的围挡');
  await dialogs.tryIn(TEST_IDS.ticketChoice('assign'), async () => {
    await expectPicker(seat.get(TEST_IDS.decideUnit));
    await expectGuarded(overlay('decision'), MOST.decision);
    await decided();
  });

  // One that is handled, and one that was answered: what the citizen says.
  await dialogs.choose('北门井盖松动');
  await dialogs.tryIn(TEST_IDS.ticketChoice('put_on_account'), decided);
  await dialogs.choose('南门路灯不亮');
  await dialogs.tryIn(
    TEST_IDS.ticketChoice('callback'),
    async () => {
      for (const [name, value] of [
        ['reached', 'yes'],
        ['solved', 'yes'],
        ['satisfied', 'yes'],
      ] as const)
        await answerCallback(seat, name, value);
      await decided();
    },
    true,
  );
  const closed = () =>
    world.sql("SELECT body FROM ticket_events WHERE ticket_uid = $1 AND body LIKE '%img src%'", [scene.answered]);
  await expect.poll(closed).toEqual([{ body: ODD_TEXT }]);

  // A person who is no secret any more.
  const found = await seat.search(SECRET);
  await found
    .locator(`[data-testid^="${TEST_IDS.searchPerson('')}"]`)
    .first()
    .click();
  await dialogs.tryIn(
    TEST_IDS.citizenEdit,
    async () => {
      await seat.get(TEST_IDS.personMark('confidential')).setChecked(false, { force: true });
      await expectGuarded(seat.get(TEST_IDS.personLiftReason), MOST.lift);
    },
    true,
  );
  const lifted = () => world.sql("SELECT reason FROM reveals WHERE field = 'confidential'");
  await expect.poll(lifted).toEqual([{ reason: ODD_TEXT }]);
  await expectNothingRan(page);
});
