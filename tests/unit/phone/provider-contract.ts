import { beforeEach, describe, expect, it } from 'vitest';
import type { CallProvider } from '#renderer/phone/call-provider.ts';
import {
  INITIAL_PHONE_STATE,
  type PhoneState,
  reducePhone,
  type TelCommand,
  type TelEvent,
} from '#shared/domain/call.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/ids.ts';

/** A provider under test together with the other end of the line. */
export interface ProviderHarness {
  readonly provider: CallProvider;
  now(): number;
  /** Lets time pass until everything that was asked for is agreed or refused. */
  settle(): Promise<void>;
  /** A citizen calls. Settled when the call is offered or refused. */
  ring(ani: string): Promise<void>;
  /** The citizen hangs up. */
  citizenHangsUp(callId: CallId): Promise<void>;
}

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

    const ask = async (command: TelCommand): Promise<'agreed' | string> => {
      const answer = harness.provider.execute(command).then(
        () => 'agreed',
        (error: { code: string }) => error.code,
      );
      await harness.settle();
      return answer;
    };
    const getReady = async () => {
      expect(await ask({ kind: 'sign-in' })).toBe('agreed');
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

    it('signs in as not ready, gets ready and signs out', async () => {
      await getReady();
      expect(state.agent.kind).toBe('ready');
      expect(await ask({ kind: 'set-availability', ready: false, reason: 'meal' })).toBe('agreed');
      expect(state.agent).toMatchObject({ kind: 'not-ready', reason: 'meal' });
      expect(await ask({ kind: 'sign-out' })).toBe('agreed');
      expect(state.agent.kind).toBe('signed-out');
    });

    it('has delivered the event when the command resolves', async () => {
      const answer = harness.provider.execute({ kind: 'sign-in' }).then(() => events.map((event) => event.kind));
      await harness.settle();
      expect(await answer).toEqual(['signed-in']);
    });

    it('offers no call to an agent who is not ready', async () => {
      await ask({ kind: 'sign-in' });
      await harness.ring('13800000001');
      expect(state.call).toBeNull();
    });

    it('offers a call with the number in its written form', async () => {
      await getReady();
      await ringing('+86 138-0000-0001');
      expect(state.call).toMatchObject({ phase: 'ringing-in', ani: '13800000001', line: '12345', answeredAt: null });
    });

    it('offers a call whose number is withheld', async () => {
      await getReady();
      await ringing('');
      expect(state.call).toMatchObject({ phase: 'ringing-in', ani: '' });
    });

    it('answers, and the agent is in wrap-up after the citizen hung up', async () => {
      const callId = await talking();
      expect(state.call?.phase).toBe('active');
      expect(state.agent.kind).toBe('on-call');
      await harness.citizenHangsUp(callId);
      expect(state.call).toBeNull();
      expect(state.lastCall).toMatchObject({ callId, endedBy: 'citizen' });
      expect(state.agent.kind).toBe('wrap-up');
    });

    it('holds and resumes, and counts the time on hold', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'hold', callId })).toBe('agreed');
      expect(state.call?.phase).toBe('held');
      expect(await ask({ kind: 'resume', callId })).toBe('agreed');
      expect(state.call?.phase).toBe('active');
      expect(state.call?.heldMs).toBeGreaterThan(0);
    });

    it('mutes and unmutes', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'mute', callId, muted: true })).toBe('agreed');
      expect(state.call?.muted).toBe(true);
      expect(await ask({ kind: 'mute', callId, muted: false })).toBe('agreed');
      expect(state.call?.muted).toBe(false);
    });

    it('rejects a ringing call and stays ready', async () => {
      await getReady();
      const callId = await ringing();
      expect(await ask({ kind: 'reject', callId })).toBe('agreed');
      expect(state.agent.kind).toBe('ready');
      expect(state.lastCall).toMatchObject({ callId, answeredAt: null, endedBy: 'agent' });
    });

    it('loses a call the citizen gives up before it is answered', async () => {
      await getReady();
      const callId = await ringing();
      await harness.citizenHangsUp(callId);
      expect(state.lastCall).toMatchObject({ callId, answeredAt: null, endedBy: 'citizen' });
      expect(await ask({ kind: 'answer', callId })).toBe('NOT_POSSIBLE');
      expect(state.agent.kind).toBe('ready');
    });

    it('hangs up, extends the wrap-up and ends it', async () => {
      const callId = await talking();
      expect(await ask({ kind: 'hangup', callId })).toBe('agreed');
      const until = state.agent.kind === 'wrap-up' ? state.agent.until : 0;
      expect(await ask({ kind: 'extend-wrap-up', byMs: 30_000 })).toBe('agreed');
      expect(state.agent).toMatchObject({ kind: 'wrap-up', until: until + 30_000 });
      expect(await ask({ kind: 'finish-wrap-up' })).toBe('agreed');
      expect(state.agent.kind).toBe('ready');
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
        { kind: 'extend-wrap-up', byMs: 1_000 },
        { kind: 'finish-wrap-up' },
      ];
      for (const command of refused) expect(await ask(command), command.kind).toBe('NOT_POSSIBLE');
      expect(events).toEqual([]);
    });

    it('keeps one call: a second offer during a call is refused, and hanging up a ringing call too', async () => {
      await getReady();
      const callId = await ringing();
      expect(await ask({ kind: 'hangup', callId })).toBe('NOT_POSSIBLE');
      await harness.ring('13800000002');
      expect(state.call).toMatchObject({ callId, ani: '13800000001' });
      expect(await ask({ kind: 'sign-out' })).toBe('NOT_POSSIBLE');
    });
  });
}
