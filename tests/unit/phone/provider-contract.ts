import { beforeEach, describe, expect, it } from 'vitest';
import type { CallProvider } from '#renderer/phone/call-provider.ts';
import { INITIAL_PHONE_STATE, reducePhone } from '#shared/domain/call.ts';
import type { Party, TelCommand, TelEvent } from '#shared/domain/call-events.ts';
import { agentPosition, type PhoneState } from '#shared/domain/call-state.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';

/** A provider under test together with the other end of the line. */
export interface ProviderHarness {
  readonly provider: CallProvider;
  now(): number;
  /** Lets time pass until everything that was asked for is agreed or refused, called parties included. */
  settle(): Promise<void>;
  /** Lets time pass until a called party's telephone rings, but not until it is answered. */
  settleRinging(): Promise<void>;
  /** A citizen calls. Settled when the call is offered, queued or refused. */
  ring(ani: string): Promise<void>;
  /** The citizen hangs up, or gives up waiting. */
  citizenHangsUp(callId: CallId): Promise<void>;
  /** The third party hangs up. */
  thirdPartyHangsUp(callId: CallId): Promise<void>;
  /** What parties do that are called from now on. */
  peersWill(behaviour: 'answer' | 'decline' | 'no-answer' | 'busy' | 'unreachable'): Promise<void>;
  /** Keys the other end has heard. */
  heardDigits(callId: CallId): string;
}

const COLLEAGUE: Party = { kind: 'seat', seat: '1002', name: '周启明' };
const POLICE: Party = { kind: 'service', service: '110' };
const NOTHING = { ticketUid: null, callbackOf: null };

/** What every call provider has to do, whatever telephone system is behind it. */
export function describeProviderContract(name: string, open: () => ProviderHarness): void {
  describe(`call provider contract: ${name}`, () => {
    let harness: ProviderHarness;
    let events: TelEvent[];
    let state: PhoneState;

    beforeEach(() => {
      harness = open();
      events = [];
      state = INITIAL_PHONE_STATE;
      harness.provider.subscribe((event) => {
        events.push(event);
        const next = reducePhone(state, event);
        expect(next, `event ${event.kind} is legal`).not.toBe(state);
        state = next;
      });
      return () => harness.provider.dispose();
    });

    const start = (command: TelCommand): Promise<'agreed' | string> =>
      harness.provider.execute(command).then(
        () => 'agreed',
        (error: { code: string }) => error.code,
      );
    const ask = async (command: TelCommand): Promise<'agreed' | string> => {
      const answer = start(command);
      await harness.settle();
      return answer;
    };
    const getReady = async () => {
      expect(await ask({ kind: 'sign-in', seat: '1001' })).toBe('agreed');
      expect(await ask({ kind: 'set-availability', ready: true, reason: null })).toBe('agreed');
    };
    const ringing = async (ani = '13800000001'): Promise<CallId> => {
      await harness.ring(ani);
      if (!state.call) throw new Error('No call was offered');
      return state.call.callId;
    };
    const talking = async (): Promise<CallId> => {
      await getReady();
      const callId = await ringing();
      expect(await ask({ kind: 'answer', callId })).toBe('agreed');
      return callId;
    };
    const position = () => agentPosition(state).position;

    it('signs in as not ready, gets ready and signs out', async () => {
      await getReady();
      expect(position()).toBe('ready');
      expect(state.seat).toBe('1001');
      expect(await ask({ kind: 'set-availability', ready: false, reason: 'meal' })).toBe('agreed');
      expect(state.agent).toMatchObject({ kind: 'not-ready', reason: 'meal' });
      expect(position()).toBe('break');
      expect(await ask({ kind: 'sign-out' })).toBe('agreed');
      expect(position()).toBe('signed-out');
    });

    it('has delivered the event when the command resolves', async () => {
      const answer = harness.provider
        .execute({ kind: 'sign-in', seat: '1001' })
        .then(() => events.map((event) => event.kind));
      await harness.settle();
      expect(await answer).toEqual(['signed-in']);
    });

    it('offers no call to an agent who is not ready', async () => {
      await ask({ kind: 'sign-in', seat: '1001' });
      await harness.ring('13800000001');
      expect(state.call).toBeNull();
      expect(state.queue).toEqual([]);
    });

    it('offers a call with the number in its written form', async () => {
      await getReady();
      await ringing('+86 138-0000-0001');
      expect(state.call).toMatchObject({ phase: 'ringing-in', ani: '13800000001', line: '12345', answeredAt: null });
      expect(position()).toBe('ringing');
    });

    it('offers a call whose number is withheld', async () => {
      await getReady();
      await ringing('');
      expect(state.call).toMatchObject({ phase: 'ringing-in', ani: '' });
    });

    it('answers, and the agent is in wrap-up after the citizen hung up', async () => {
      const callId = await talking();
      expect(state.call?.phase).toBe('active');
      expect(position()).toBe('talking');
      await harness.citizenHangsUp(callId);
      expect(state.call).toBeNull();
      expect(state.lastCall).toMatchObject({ callId, endedBy: 'citizen', outcome: 'answered' });
      expect(position()).toBe('wrap-up');
    });

    it('holds and resumes, and counts the time on hold', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'hold', callId })).toBe('agreed');
      expect(position()).toBe('held');
      expect(await ask({ kind: 'resume', callId })).toBe('agreed');
      expect(position()).toBe('talking');
      expect(state.call?.heldMs).toBeGreaterThan(0);
    });

    it('loses a citizen who hangs up on hold', async () => {
      const callId = await talking();
      await ask({ kind: 'hold', callId });
      await harness.citizenHangsUp(callId);
      expect(state.lastCall).toMatchObject({ callId, endedBy: 'citizen', heldSince: null });
      expect(await ask({ kind: 'resume', callId })).toBe('NOT_POSSIBLE');
    });

    it('mutes and unmutes', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'mute', callId, muted: true })).toBe('agreed');
      expect(position()).toBe('muted');
      expect(await ask({ kind: 'mute', callId, muted: false })).toBe('agreed');
      expect(position()).toBe('talking');
    });

    it('sends keys that the other end hears', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'dtmf', callId, digits: '12' })).toBe('agreed');
      expect(await ask({ kind: 'dtmf', callId, digits: '#' })).toBe('agreed');
      expect(harness.heardDigits(callId)).toBe('12#');
      expect(state.call?.digits).toBe('12#');
    });

    it('rejects a ringing call and stays ready', async () => {
      await getReady();
      const callId = await ringing();
      expect(await ask({ kind: 'reject', callId })).toBe('agreed');
      expect(position()).toBe('ready');
      expect(state.lastCall).toMatchObject({ callId, answeredAt: null, outcome: 'rejected' });
    });

    it('loses a call the citizen gives up before it is answered', async () => {
      await getReady();
      const callId = await ringing();
      await harness.citizenHangsUp(callId);
      expect(state.lastCall).toMatchObject({ callId, answeredAt: null, outcome: 'missed' });
      expect(await ask({ kind: 'answer', callId })).toBe('NOT_POSSIBLE');
      expect(position()).toBe('ready');
    });

    it('hangs up, extends the wrap-up and ends it', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'hangup', callId })).toBe('agreed');
      const until = state.agent.kind === 'wrap-up' ? state.agent.until : 0;
      expect(await ask({ kind: 'extend-wrap-up', byMs: 30_000 })).toBe('agreed');
      expect(state.agent).toMatchObject({ kind: 'wrap-up', until: until + 30_000 });
      expect(await ask({ kind: 'finish-wrap-up' })).toBe('agreed');
      expect(position()).toBe('ready');
    });

    it('makes the wrap-up as long as was set, and setting it again is no failure', async () => {
      expect(await ask({ kind: 'set-wrap-up', ms: 120_000 })).toBe('agreed');
      expect(await ask({ kind: 'set-wrap-up', ms: 120_000 })).toBe('agreed');
      const callId = await talking();
      await ask({ kind: 'hangup', callId });
      const { agent } = state;
      expect(agent.kind === 'wrap-up' && agent.until - agent.since).toBe(120_000);
    });

    it('goes for a break after the call when that was asked for during it', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'set-availability', ready: false, reason: 'rest' })).toBe('agreed');
      expect(position()).toBe('talking');
      await ask({ kind: 'hangup', callId });
      await ask({ kind: 'finish-wrap-up' });
      expect(state.agent).toMatchObject({ kind: 'not-ready', reason: 'rest' });
    });

    describe('further calls', () => {
      it('wait while one rings, is talked to or wrapped up, and are offered when the agent is ready', async () => {
        const first = await talking();
        await harness.ring('13800000002');
        await harness.ring('13800000003');
        expect(state.call?.callId).toBe(first);
        expect(state.queue.map((call) => call.ani)).toEqual(['13800000002', '13800000003']);
        const second = state.queue[0]?.callId;
        await ask({ kind: 'hangup', callId: first });
        expect(state.call).toBeNull();
        await ask({ kind: 'finish-wrap-up' });
        expect(state.call).toMatchObject({ callId: second, phase: 'ringing-in', ani: '13800000002' });
        expect(state.queue.map((call) => call.ani)).toEqual(['13800000003']);
      });

      it('are missed calls when the citizen gives up waiting', async () => {
        const first = await talking();
        await harness.ring('13800000002');
        const waiting = state.queue[0]?.callId as CallId;
        await harness.citizenHangsUp(waiting);
        expect(state.queue).toEqual([]);
        expect(events.at(-1)).toMatchObject({ kind: 'queue-left', callId: waiting, reason: 'gave-up' });
        expect(state.call?.callId).toBe(first);
      });

      it('go elsewhere when the agent leaves', async () => {
        const first = await talking();
        await harness.ring('13800000002');
        await ask({ kind: 'hangup', callId: first });
        await ask({ kind: 'set-availability', ready: false, reason: 'rest' });
        expect(state.queue).toEqual([]);
        expect(state.call).toBeNull();
      });
    });

    describe('outbound', () => {
      const dial = { kind: 'dial', number: '13800000009', name: '王芳', line: '12345', about: NOTHING } as const;

      it('rings, is answered and is talked to like any call', async () => {
        await getReady();
        const answer = start(dial);
        await harness.settleRinging();
        expect(state.call).toMatchObject({ direction: 'out', phase: 'ringing-out', ani: '13800000009', name: '王芳' });
        expect(position()).toBe('dialing');
        await harness.settle();
        expect(await answer).toBe('agreed');
        expect(position()).toBe('talking');
      });

      it('keys in the extension once the house has answered, not before', async () => {
        await getReady();
        const answer = start({ ...dial, extension: '801' });
        await harness.settleRinging();
        const callId = state.call?.callId as CallId;
        expect(harness.heardDigits(callId)).toBe('');
        await harness.settle();
        expect(await answer).toBe('agreed');
        expect(harness.heardDigits(callId)).toBe('801');
      });

      it('can be made by an agent who takes no calls, who is then back where they were', async () => {
        await ask({ kind: 'sign-in', seat: '1001' });
        await ask({ kind: 'set-availability', ready: false, reason: 'meeting' });
        expect(await ask(dial)).toBe('agreed');
        const callId = state.call?.callId as CallId;
        expect(await ask({ kind: 'hangup', callId })).toBe('agreed');
        await ask({ kind: 'finish-wrap-up' });
        expect(state.agent).toMatchObject({ kind: 'not-ready', reason: 'meeting' });
      });

      for (const [behaviour, code] of [
        ['decline', 'DECLINED'],
        ['no-answer', 'NO_REPLY'],
        ['busy', 'BUSY'],
        ['unreachable', 'UNREACHABLE'],
      ] as const) {
        it(`says why nobody came: ${behaviour}`, async () => {
          await getReady();
          await harness.peersWill(behaviour);
          expect(await ask(dial)).toBe(code);
          expect(state.call).toBeNull();
          expect(state.lastCall).toMatchObject({ outcome: 'unanswered', answeredAt: null });
        });
      }

      it('can be taken back while it rings', async () => {
        await getReady();
        const answer = start(dial);
        await harness.settleRinging();
        const callId = state.call?.callId as CallId;
        expect(await ask({ kind: 'hangup', callId })).toBe('agreed');
        expect(await answer).toBe('CANCELLED');
        expect(state.lastCall).toMatchObject({ outcome: 'cancelled' });
      });
    });

    describe('transfer', () => {
      it('blind: the citizen goes on with the colleague, the agent wraps up', async () => {
        const callId = await talking();
        const answer = start({ kind: 'blind-transfer', callId, to: COLLEAGUE });
        await harness.settleRinging();
        expect(state.call?.phase).toBe('transferring');
        expect(position()).toBe('transfer');
        await harness.settle();
        expect(await answer).toBe('agreed');
        expect(state.lastCall).toMatchObject({ outcome: 'transferred', pastLegs: [{ result: 'transferred' }] });
        expect(position()).toBe('wrap-up');
      });

      it('blind and refused: the citizen is back as they were', async () => {
        const callId = await talking();
        await ask({ kind: 'hold', callId });
        await harness.peersWill('decline');
        expect(await ask({ kind: 'blind-transfer', callId, to: COLLEAGUE })).toBe('DECLINED');
        expect(state.call).toMatchObject({ phase: 'held', leg: null });
      });

      it('attended: consult while the citizen waits, then leave them together', async () => {
        const callId = await talking();
        const answer = start({ kind: 'consult', callId, to: COLLEAGUE });
        await harness.settleRinging();
        expect(state.call).toMatchObject({ phase: 'held', leg: { purpose: 'consult', phase: 'ringing' } });
        await harness.settle();
        expect(await answer).toBe('agreed');
        expect(state.call).toMatchObject({ phase: 'held', leg: { phase: 'talking' } });
        expect(position()).toBe('transfer');
        expect(await ask({ kind: 'complete-transfer', callId })).toBe('agreed');
        expect(state.lastCall).toMatchObject({ callId, outcome: 'transferred' });
      });

      it('attended and taken back: the agent is with the citizen again', async () => {
        const callId = await talking();
        await ask({ kind: 'consult', callId, to: COLLEAGUE });
        expect(await ask({ kind: 'end-leg', callId })).toBe('agreed');
        expect(state.call).toMatchObject({ phase: 'active', leg: null, pastLegs: [{ result: 'ended' }] });
      });

      for (const [behaviour, code, result] of [
        ['decline', 'DECLINED', 'declined'],
        ['no-answer', 'NO_REPLY', 'no-answer'],
        ['busy', 'BUSY', 'busy'],
      ] as const) {
        it(`attended, and the colleague does not come (${behaviour}): back to the citizen`, async () => {
          const callId = await talking();
          await harness.peersWill(behaviour);
          expect(await ask({ kind: 'consult', callId, to: COLLEAGUE })).toBe(code);
          expect(state.call).toMatchObject({ phase: 'active', leg: null, pastLegs: [{ result }] });
        });
      }

      it('ends the consultation when the citizen has enough of waiting', async () => {
        const callId = await talking();
        const answer = start({ kind: 'consult', callId, to: COLLEAGUE });
        await harness.settleRinging();
        await harness.citizenHangsUp(callId);
        expect(await answer).toBe('GONE');
        expect(state.lastCall).toMatchObject({ endedBy: 'citizen', pastLegs: [{ result: 'cancelled' }] });
      });

      it('goes back to the citizen when the colleague hangs up', async () => {
        const callId = await talking();
        await ask({ kind: 'consult', callId, to: COLLEAGUE });
        await harness.thirdPartyHangsUp(callId);
        expect(state.call).toMatchObject({ phase: 'active', leg: null });
      });

      it('is not complete before the colleague has answered', async () => {
        const callId = await talking();
        const answer = start({ kind: 'consult', callId, to: COLLEAGUE });
        await harness.settleRinging();
        const early = start({ kind: 'complete-transfer', callId });
        await harness.settleRinging();
        expect(await early).toBe('NOT_POSSIBLE');
        await harness.settle();
        expect(await answer).toBe('agreed');
      });
    });

    describe('three-way', () => {
      it('grows out of a consultation and ends with the citizen still there', async () => {
        const callId = await talking();
        await ask({ kind: 'consult', callId, to: COLLEAGUE });
        expect(await ask({ kind: 'join-leg', callId })).toBe('agreed');
        expect(state.call).toMatchObject({ phase: 'active', leg: { phase: 'joined' } });
        expect(position()).toBe('conference');
        expect(await ask({ kind: 'end-leg', callId })).toBe('agreed');
        expect(position()).toBe('talking');
      });

      it('is added at once, and the agent can leave the two together', async () => {
        const callId = await talking();
        expect(await ask({ kind: 'add-party', callId, to: COLLEAGUE, purpose: 'conference' })).toBe('agreed');
        expect(position()).toBe('conference');
        expect(await ask({ kind: 'complete-transfer', callId })).toBe('agreed');
        expect(state.lastCall).toMatchObject({ outcome: 'transferred' });
      });

      it('calls one third party at a time', async () => {
        const callId = await talking();
        await ask({ kind: 'consult', callId, to: COLLEAGUE });
        expect(await ask({ kind: 'consult', callId, to: COLLEAGUE })).toBe('NOT_POSSIBLE');
        expect(await ask({ kind: 'add-party', callId, to: COLLEAGUE, purpose: 'help' })).toBe('NOT_POSSIBLE');
      });
    });

    describe('help', () => {
      it('brings the team lead into the call', async () => {
        const callId = await talking();
        const answer = start({ kind: 'add-party', callId, to: { kind: 'lead' }, purpose: 'help' });
        await harness.settleRinging();
        expect(position()).toBe('help');
        expect(state.call?.phase).toBe('active');
        await harness.settle();
        expect(await answer).toBe('agreed');
        expect(state.call?.leg).toMatchObject({ phase: 'joined', party: { kind: 'seat' } });
        expect(position()).toBe('help');
      });

      it('is refused without harm to the call', async () => {
        const callId = await talking();
        await harness.peersWill('decline');
        expect(await ask({ kind: 'add-party', callId, to: { kind: 'lead' }, purpose: 'help' })).toBe('DECLINED');
        expect(state.call).toMatchObject({ phase: 'active', pastLegs: [{ purpose: 'help', result: 'declined' }] });
      });
    });

    describe('110, 119, 120, 122', () => {
      const emergency = (callId: CallId) => ({ kind: 'add-party', callId, to: POLICE, purpose: 'emergency' }) as const;

      it('one command: citizen, agent and service hear each other', async () => {
        const callId = await talking();
        expect(await ask(emergency(callId))).toBe('agreed');
        expect(state.call).toMatchObject({ phase: 'active', leg: { purpose: 'emergency', phase: 'joined' } });
        expect(position()).toBe('conference');
      });

      it('takes the citizen off hold and drops whoever is being consulted', async () => {
        const callId = await talking();
        await ask({ kind: 'consult', callId, to: COLLEAGUE });
        expect(await ask(emergency(callId))).toBe('agreed');
        expect(state.call).toMatchObject({ phase: 'active', leg: { purpose: 'emergency', phase: 'joined' } });
        expect(state.call?.pastLegs).toMatchObject([{ purpose: 'consult', result: 'ended' }]);
      });

      it('is not hung up on: the agent leaves, citizen and service go on', async () => {
        const callId = await talking();
        await ask(emergency(callId));
        expect(await ask({ kind: 'hangup', callId })).toBe('NOT_POSSIBLE');
        expect(await ask({ kind: 'complete-transfer', callId })).toBe('agreed');
        expect(state.lastCall).toMatchObject({ outcome: 'handed_off' });
      });
    });

    it('refuses what the state does not allow and causes no event', async () => {
      const stranger = newId<CallId>(harness.now());
      const refused: TelCommand[] = [
        { kind: 'sign-out' },
        { kind: 'set-availability', ready: true, reason: null },
        { kind: 'answer', callId: stranger },
        { kind: 'reject', callId: stranger },
        { kind: 'hold', callId: stranger },
        { kind: 'resume', callId: stranger },
        { kind: 'mute', callId: stranger, muted: true },
        { kind: 'hangup', callId: stranger },
        { kind: 'dtmf', callId: stranger, digits: '1' },
        { kind: 'dial', number: '13800000009', name: '', line: '12345', about: NOTHING },
        { kind: 'blind-transfer', callId: stranger, to: COLLEAGUE },
        { kind: 'consult', callId: stranger, to: COLLEAGUE },
        { kind: 'add-party', callId: stranger, to: POLICE, purpose: 'emergency' },
        { kind: 'join-leg', callId: stranger },
        { kind: 'complete-transfer', callId: stranger },
        { kind: 'end-leg', callId: stranger },
        { kind: 'extend-wrap-up', byMs: 1_000 },
        { kind: 'finish-wrap-up' },
      ];
      for (const command of refused) expect(await ask(command), command.kind).toBe('NOT_POSSIBLE');
      expect(events).toEqual([]);
    });

    it('keeps one call: a ringing one is not hung up, and nobody signs out of it', async () => {
      await getReady();
      const callId = await ringing();
      expect(await ask({ kind: 'hangup', callId })).toBe('NOT_POSSIBLE');
      await harness.ring('13800000002');
      expect(state.call).toMatchObject({ callId, ani: '13800000001' });
      expect(await ask({ kind: 'sign-out' })).toBe('NOT_POSSIBLE');
      expect(await ask({ kind: 'dial', number: '13800000009', name: '', line: '12345', about: NOTHING })).toBe(
        'NOT_POSSIBLE',
      );
    });
  });
}
