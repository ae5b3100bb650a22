import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSeatPhone } from '#renderer/phone/seat-phone.ts';
import { SimulatorProvider } from '#renderer/phone/simulator-provider.ts';
import { INITIAL_PHONE_STATE, reducePhone } from '#shared/domain/call.ts';
import type { Party, TelCommand } from '#shared/domain/call-events.ts';
import { agentPosition, type PhoneState } from '#shared/domain/call-state.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';
import { VirtualScheduler } from '#tests/support/virtual-scheduler.ts';

const LEAD = { kind: 'seat', seat: '2001', name: '顾若兰' } as const;
const PARTIES: readonly Party[] = [
  { kind: 'seat', seat: '1002', name: '周启明' },
  { kind: 'lead' },
  { kind: 'service', service: '119' },
  { kind: 'number', number: '02580001234' },
];
const stranger = newId<CallId>(1);

/** What an agent, or whoever is at the other end, may do; the call is whichever there is. */
const commands: readonly ((callId: CallId, party: Party, waiting: CallId) => TelCommand)[] = [
  () => ({ kind: 'sign-in', seat: '1001' }),
  () => ({ kind: 'set-availability', ready: true, reason: null }),
  () => ({ kind: 'set-availability', ready: true, reason: null }),
  () => ({ kind: 'set-availability', ready: false, reason: 'rest' }),
  () => ({ kind: 'sign-out' }),
  () => ({ kind: 'simulate-ring', ani: '13800000001', name: '', line: '12345' }),
  () => ({ kind: 'simulate-ring', ani: '13800000002', name: '', line: '12345' }),
  (callId) => ({ kind: 'answer', callId }),
  (callId) => ({ kind: 'answer', callId }),
  (callId) => ({ kind: 'answer', callId }),
  (callId) => ({ kind: 'reject', callId }),
  (callId) => ({ kind: 'hold', callId }),
  (callId) => ({ kind: 'resume', callId }),
  (callId) => ({ kind: 'mute', callId, muted: true }),
  (callId) => ({ kind: 'hangup', callId }),
  (callId) => ({ kind: 'dtmf', callId, digits: '1' }),
  () => ({
    kind: 'dial',
    number: '13800000009',
    name: '',
    line: '12345',
    about: { ticketUid: null, callbackOf: null },
  }),
  (callId, to) => ({ kind: 'blind-transfer', callId, to }),
  (callId, to) => ({ kind: 'consult', callId, to }),
  (callId, to) => ({ kind: 'consult', callId, to }),
  (callId, to) => ({ kind: 'add-party', callId, to, purpose: 'conference' }),
  (callId) => ({ kind: 'add-party', callId, to: { kind: 'lead' }, purpose: 'help' }),
  (callId) => ({ kind: 'add-party', callId, to: { kind: 'service', service: '110' }, purpose: 'emergency' }),
  (callId) => ({ kind: 'join-leg', callId }),
  (callId) => ({ kind: 'complete-transfer', callId }),
  (callId) => ({ kind: 'end-leg', callId }),
  (callId) => ({ kind: 'simulate-hangup', callId, who: 'citizen' }),
  (callId) => ({ kind: 'simulate-hangup', callId, who: 'third' }),
  (_callId, _party, waiting) => ({ kind: 'simulate-hangup', callId: waiting, who: 'citizen' }),
  () => ({ kind: 'simulate-peers', behaviour: 'decline' }),
  () => ({ kind: 'simulate-peers', behaviour: 'no-answer' }),
  () => ({ kind: 'simulate-peers', behaviour: 'answer' }),
  () => ({ kind: 'simulate-peers', behaviour: 'answer' }),
  () => ({ kind: 'finish-wrap-up' }),
  () => ({ kind: 'finish-wrap-up' }),
];

const step = fc.record({
  command: fc.nat(commands.length - 1),
  party: fc.constantFrom(...PARTIES),
  isStranger: fc.integer({ min: 0, max: 19 }).map((dice) => dice === 0),
  pauseMs: fc.constantFrom(0, 5, 20, 400, 1_500, 25_000),
});

it('whatever is asked in whatever order: every command is answered, every event is legal, and all sides agree', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 90, size: 'max' }), async (steps) => {
      const scheduler = new VirtualScheduler();
      const provider = new SimulatorProvider({ scheduler, script: null, lead: LEAD });
      const phone = createSeatPhone(provider, scheduler);
      let mirror: PhoneState = INITIAL_PHONE_STATE;
      const illegal: string[] = [];
      provider.subscribe((event) => {
        const next = reducePhone(mirror, event);
        if (next === mirror) illegal.push(event.kind);
        mirror = next;
        reached.add(agentPosition(mirror).position);
      });
      let unanswered = 0;
      for (const { command, party, isStranger, pauseMs } of steps) {
        const { call, queue } = phone.state();
        const callId = isStranger ? stranger : (call?.callId ?? stranger);
        const asked = commands[command]?.(callId, party, queue[0]?.callId ?? stranger);
        if (!asked) continue;
        unanswered += 1;
        phone.execute(asked).then(
          () => unanswered--,
          () => unanswered--,
        );
        await scheduler.advance(pauseMs);
      }
      await scheduler.advance(120_000);
      expect(unanswered).toBe(0);
      expect(illegal).toEqual([]);
      expect(phone.state()).toEqual(mirror);
      // Every call that is over is held for the call log, once.
      const ids = phone.unkept().map(({ record }) => record.callId);
      expect(new Set(ids).size).toBe(ids.length);
      provider.dispose();
    }),
    { numRuns: 150, seed: 12345 },
  );
  for (const position of ['ringing', 'dialing', 'talking', 'held', 'conference', 'help', 'transfer', 'wrap-up']) {
    expect(reached, position).toContain(position);
  }
});
