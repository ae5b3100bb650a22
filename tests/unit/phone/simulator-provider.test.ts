import { describe, expect, it } from 'vitest';
import { type DemoCaller, PATIENCE_MS, playCalls } from '#renderer/phone/call-script.ts';
import { NO_REPLY_MS, seededPeers } from '#renderer/phone/simulated-peers.ts';
import { SimulatorProvider } from '#renderer/phone/simulator-provider.ts';
import type { TelCommand, TelEvent } from '#shared/domain/call-events.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';
import { VirtualScheduler } from '#tests/support/virtual-scheduler.ts';
import { describeProviderContract } from './provider-contract.ts';

const LEAD = { kind: 'seat', seat: '2001', name: '顾若兰' } as const;

describeProviderContract('simulator', () => {
  const scheduler = new VirtualScheduler();
  const provider = new SimulatorProvider({ scheduler, script: null, lead: LEAD });
  const run = async (answer: Promise<void>) => {
    answer.catch(() => {});
    await scheduler.advance(100);
  };
  return {
    provider,
    now: () => scheduler.now(),
    settle: () => scheduler.advance(NO_REPLY_MS + 1_000),
    settleRinging: () => scheduler.advance(500),
    ring: (ani) => run(provider.execute({ kind: 'simulate-ring', ani, name: '', line: '12345' })),
    citizenHangsUp: (callId) => run(provider.execute({ kind: 'simulate-hangup', callId, who: 'citizen' })),
    thirdPartyHangsUp: (callId) => run(provider.execute({ kind: 'simulate-hangup', callId, who: 'third' })),
    peersWill: (behaviour) => run(provider.execute({ kind: 'simulate-peers', behaviour })),
    heardDigits: (callId) => provider.heardDigits(callId),
  };
});

describe('a call passed on by a colleague', () => {
  const from = { seat: '1001', name: '林晓雯' };

  it('rings once under the id it had at the other seat', async () => {
    const scheduler = new VirtualScheduler();
    const provider = new SimulatorProvider({ scheduler, script: null });
    const events: TelEvent[] = [];
    provider.subscribe((event) => events.push(event));
    const ask = async (command: TelCommand) => {
      const answer = provider.execute(command).then(
        () => 'agreed',
        () => 'refused',
      );
      await scheduler.advance(100);
      return answer;
    };
    await ask({ kind: 'sign-in', seat: '1002' });
    await ask({ kind: 'set-availability', ready: true, reason: null });
    const callId = newId<CallId>(scheduler.now());
    const arrival = { kind: 'simulate-ring', ani: '13800000001', name: '', line: '12345', callId, from } as const;
    expect(await ask(arrival)).toBe('agreed');
    expect(events.at(-1)).toMatchObject({ kind: 'offered', callId, from });
    expect(await ask({ kind: 'reject', callId })).toBe('agreed');
    expect(await ask(arrival)).toBe('refused');
  });
});

describe('scripted calls', () => {
  const callers: readonly DemoCaller[] = [
    { ani: '+86 138 0000 0001', name: '', line: '12345' },
    { ani: '13800000002', name: '', line: '12350' },
    { ani: '', name: '', line: '12345' },
  ];

  async function playShift(seed: number): Promise<TelEvent[]> {
    const scheduler = new VirtualScheduler();
    const provider = new SimulatorProvider({ scheduler, script: playCalls(callers, seed) });
    const events: TelEvent[] = [];
    provider.subscribe((event) => events.push(event));
    void provider.execute({ kind: 'sign-in', seat: '1001' });
    void provider.execute({ kind: 'set-availability', ready: true, reason: null });
    await scheduler.advance(600_000);
    provider.dispose();
    return events;
  }
  const withoutIds = (events: readonly TelEvent[]) =>
    events.map((event) => ('callId' in event ? { ...event, callId: 'some call' } : event));

  it('ring a ready agent one after the other and give up after their patience', async () => {
    const events = await playShift(7);
    const offers = events.filter((event) => event.kind === 'offered');
    expect(offers.length).toBeGreaterThan(5);
    for (const [i, offer] of offers.entries()) {
      const end = events[events.indexOf(offer) + 1];
      if (i === offers.length - 1 && !end) continue;
      expect(end).toMatchObject({ kind: 'ended', callId: offer.callId, by: 'citizen' });
      const rangMs = (end?.at ?? 0) - offer.at;
      expect(rangMs).toBeGreaterThanOrEqual(PATIENCE_MS[0]);
      expect(rangMs).toBeLessThanOrEqual(PATIENCE_MS[1]);
    }
  });

  it('are the same for the same seed and others for another', async () => {
    const [first, again, other] = [await playShift(7), await playShift(7), await playShift(8)];
    expect(withoutIds(again)).toEqual(withoutIds(first));
    expect(withoutIds(other)).not.toEqual(withoutIds(first));
  });

  it('never ring an agent who is not ready any more', async () => {
    const scheduler = new VirtualScheduler();
    const provider = new SimulatorProvider({ scheduler, script: playCalls(callers, 7) });
    const kinds: string[] = [];
    provider.subscribe((event) => kinds.push(event.kind));
    void provider.execute({ kind: 'sign-in', seat: '1001' });
    void provider.execute({ kind: 'set-availability', ready: true, reason: null });
    await scheduler.advance(1_000);
    void provider.execute({ kind: 'set-availability', ready: false, reason: 'rest' });
    await scheduler.advance(600_000);
    expect(kinds).toEqual(['signed-in', 'availability', 'availability']);
    provider.dispose();
  });

  it('do not end a call that was answered; whoever calls meanwhile waits and gives up', async () => {
    const scheduler = new VirtualScheduler();
    const provider = new SimulatorProvider({ scheduler, script: playCalls(callers, 7) });
    const events: TelEvent[] = [];
    provider.subscribe((event) => {
      events.push(event);
      if (event.kind === 'offered') void provider.execute({ kind: 'answer', callId: event.callId });
    });
    void provider.execute({ kind: 'sign-in', seat: '1001' });
    void provider.execute({ kind: 'set-availability', ready: true, reason: null });
    await scheduler.advance(600_000);
    expect(events.map(({ kind }) => kind).filter((kind) => !kind.startsWith('queue'))).toEqual([
      'signed-in',
      'availability',
      'offered',
      'connecting',
      'answered',
    ]);
    const queued = events.filter((event) => event.kind === 'queued');
    const left = events.filter((event) => event.kind === 'queue-left');
    expect(left.map(({ callId }) => callId)).toEqual(queued.map(({ callId }) => callId));
    provider.dispose();
  });

  it('include callers who call while the agent talks, and who are offered after the wrap-up', async () => {
    const scheduler = new VirtualScheduler();
    const provider = new SimulatorProvider({ scheduler, script: playCalls(callers, 3) });
    const events: TelEvent[] = [];
    provider.subscribe((event) => {
      events.push(event);
      const run = (command: TelCommand, delayMs: number) =>
        scheduler.after(delayMs, () => void provider.execute(command).catch(() => {}));
      if (event.kind === 'offered') run({ kind: 'answer', callId: event.callId }, 1_000);
      // Long enough for somebody to call meanwhile, short enough that they wait.
      if (event.kind === 'answered') run({ kind: 'hangup', callId: event.callId }, 38_000);
      if (event.kind === 'ended') run({ kind: 'finish-wrap-up' }, 2_000);
    });
    void provider.execute({ kind: 'sign-in', seat: '1001' });
    void provider.execute({ kind: 'set-availability', ready: true, reason: null });
    await scheduler.advance(3_600_000);
    const waited = events.filter((event) => event.kind === 'queued').map(({ callId }) => callId);
    const offered = events.filter((event) => event.kind === 'offered').map(({ callId }) => callId);
    expect(waited.length).toBeGreaterThan(3);
    expect(waited.filter((callId) => offered.includes(callId)).length).toBeGreaterThan(3);
    expect(new Set(offered).size).toBe(offered.length);
    provider.dispose();
  });

  it('lose the citizen who is kept on hold longer than they bear', async () => {
    const scheduler = new VirtualScheduler();
    const provider = new SimulatorProvider({ scheduler, script: playCalls(callers, 7) });
    const events: TelEvent[] = [];
    provider.subscribe((event) => {
      events.push(event);
      if (event.kind === 'offered') void provider.execute({ kind: 'answer', callId: event.callId });
      if (event.kind === 'answered') void provider.execute({ kind: 'hold', callId: event.callId });
    });
    void provider.execute({ kind: 'sign-in', seat: '1001' });
    void provider.execute({ kind: 'set-availability', ready: true, reason: null });
    await scheduler.advance(400_000);
    const held = events.find((event) => event.kind === 'held');
    const ended = events.find((event) => event.kind === 'ended');
    expect(ended).toMatchObject({ by: 'citizen' });
    expect((ended?.at ?? 0) - (held?.at ?? 0)).toBeGreaterThan(60_000);
    provider.dispose();
  });
});

describe('seeded people', () => {
  const party = { kind: 'seat', seat: '1002', name: '周启明' } as const;
  const play = (seed: number) => {
    const peers = seededPeers(seed, LEAD);
    return Array.from({ length: 200 }, () => peers(party));
  };

  it('answer mostly, refuse sometimes, and do the same for the same seed', () => {
    const replies = play(5);
    const answered = replies.filter(({ refusal }) => refusal === null).length;
    expect(answered).toBeGreaterThan(120);
    expect(answered).toBeLessThan(180);
    expect(new Set(replies.map(({ refusal }) => refusal))).toContain('declined');
    expect(new Set(replies.map(({ refusal }) => refusal))).toContain('no-answer');
    expect(play(5)).toEqual(replies);
    expect(play(6)).not.toEqual(replies);
  });

  it('of an emergency service always answer, and the lead says who they are', () => {
    const peers = seededPeers(5, LEAD);
    const services = Array.from({ length: 100 }, () => peers({ kind: 'service', service: '120' }));
    expect(services.every(({ refusal }) => refusal === null)).toBe(true);
    const leads = Array.from({ length: 20 }, () => peers({ kind: 'lead' })).filter(({ refusal }) => refusal === null);
    expect(leads[0]?.party).toEqual(LEAD);
  });
});
