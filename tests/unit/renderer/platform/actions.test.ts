import { expect, onTestFinished, test } from 'vitest';
import { offerAction, openDialog, openPopover, runAction } from '#renderer/platform/actions.ts';
import type { ActionId } from '#renderer/platform/keymap.ts';

/** What ran, in the words it was offered with. */
function desk() {
  const ran: string[] = [];
  const offer = (id: ActionId, name: string, dialog: string | null = null, enabled = true) =>
    onTestFinished(offerAction({ id, enabled, dialog, run: () => ran.push(name) }));
  return { ran, offer };
}

test('without a dialog the last that offers an action has it', () => {
  const { ran, offer } = desk();
  offer('app.back', 'page');
  offer('app.back', 'list');
  offer('app.back', 'closed list', null, false);
  expect(runAction('app.back')).toBe(true);
  expect(ran).toEqual(['list']);
  expect(runAction('intake.save')).toBe(false);
});

test('under a dialog no ticket is submitted, no draft made and no page changed, and the keys go nowhere else', () => {
  const { ran, offer } = desk();
  for (const id of ['intake.submit', 'intake.new', 'page.mine', 'app.palette'] as const) offer(id, id);
  const close = openDialog('person');
  // Offered anew while the dialog is open, as a page does when its state changes.
  offer('intake.submit', 'submit again');
  for (const id of ['intake.submit', 'intake.new', 'page.mine', 'app.palette'] as const)
    expect(runAction(id)).toBe(true);
  expect(ran).toEqual([]);
  close();
  expect(runAction('page.mine')).toBe(true);
  expect(ran).toEqual(['page.mine']);
});

test('a dialog has its own keys, the uppermost of two first', () => {
  const { ran, offer } = desk();
  offer('intake.submit', 'ticket');
  offer('app.back', 'page');
  const closePerson = openDialog('person');
  offer('intake.submit', 'person', 'person');
  offer('app.back', 'leave person', 'person');
  runAction('intake.submit');
  const closeQuestion = openDialog('question');
  offer('app.back', 'stay', 'question');
  runAction('intake.submit');
  runAction('app.back');
  closeQuestion();
  runAction('app.back');
  closePerson();
  runAction('intake.submit');
  expect(ran).toEqual(['person', 'stay', 'leave person', 'ticket']);
});

test('over every dialog a call is answered, refused, held, muted and ended, and the desk locked', () => {
  const { ran, offer } = desk();
  const always = ['call.answer', 'call.reject', 'call.hold', 'call.mute', 'call.hangup', 'app.lock'] as const;
  for (const id of always) offer(id, id);
  onTestFinished(openDialog('palette'));
  for (const id of always) runAction(id);
  expect(ran).toEqual(always);
});

test('a popover holds the keys of the page behind it, and its Esc closes it alone', () => {
  const { ran, offer } = desk();
  for (const id of ['intake.submit', 'outbox.discard', 'page.mine', 'app.palette', 'app.back'] as const) offer(id, id);
  const close = openPopover('panel', () => ran.push('left'));
  offer('app.back', 'close panel', 'panel');
  for (const id of ['intake.submit', 'outbox.discard', 'page.mine', 'app.palette'] as const)
    expect(runAction(id)).toBe(true);
  expect(ran).toEqual([]);
  runAction('app.back');
  expect(ran).toEqual(['close panel']);
  close();
  runAction('page.mine');
  expect(ran).toEqual(['close panel', 'page.mine']);
});

test('a popover gives way to the keys of the call, except to those of a page under a dialog', () => {
  const { ran, offer } = desk();
  offer('call.emergency', '110');
  offer('agent.toggleReady', 'ready');
  const close = openPopover('transfer', () => ran.push('transfer left'));
  runAction('call.emergency');
  expect(ran).toEqual(['transfer left', '110']);
  close();
  onTestFinished(openDialog('person'));
  onTestFinished(openPopover('reason', () => ran.push('reason left')));
  runAction('agent.toggleReady');
  expect(ran).toEqual(['transfer left', '110']);
});
