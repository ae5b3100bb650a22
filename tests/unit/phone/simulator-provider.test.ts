import { describe, expect, it } from 'vitest';
import { type DemoCaller, PATIENCE_MS, playCalls } from '#renderer/phone/call-script.ts';
import { SimulatorProvider } from '#renderer/phone/simulator-provider.ts';
import type { TelEvent } from '#shared/domain/call.ts';
import { VirtualScheduler } from '#tests/support/virtual-scheduler.ts';
import { describeProviderContract } from './provider-contract.ts';

describeProviderContract('simulator', () => {
  const scheduler = new VirtualScheduler();
  const provider = new SimulatorProvider({ scheduler, script: null });
  const run = async (answer: Promise<void>) => {
    answer.catch(() => {});
    await scheduler.advance(100);
  };
  return {
    provider,
    now: () => scheduler.now(),
    settle: () => scheduler.advance(100),
    ring: (ani) => run(provider.execute({ kind: 'simulate-ring', ani, name: '', line: '12345' })),
    citizenHangsUp: (callId) => run(provider.execute({ kind: 'simulate-hangup', callId })),
  };
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
    void provider.execute({ kind: 'sign-in' });
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
    void provider.execute({ kind: 'sign-in' });
    void provider.execute({ kind: 'set-availability', ready: true, reason: null });
    await scheduler.advance(1_000);
    void provider.execute({ kind: 'set-availability', ready: false, reason: 'rest' });
    await scheduler.advance(600_000);
    expect(kinds).toEqual(['signed-in', 'availability', 'availability']);
    provider.dispose();
  });

  it('do not end a call that was answered', async () => {
    const scheduler = new VirtualScheduler();
    const provider = new SimulatorProvider({ scheduler, script: playCalls(callers, 7) });
    const kinds: string[] = [];
    provider.subscribe((event) => {
      kinds.push(event.kind);
      if (event.kind === 'offered') void provider.execute({ kind: 'answer', callId: event.callId });
    });
    void provider.execute({ kind: 'sign-in' });
    void provider.execute({ kind: 'set-availability', ready: true, reason: null });
    await scheduler.advance(600_000);
    expect(kinds).toEqual(['signed-in', 'availability', 'offered', 'answered']);
    provider.dispose();
  });
});
