import { describe, expect, it } from 'vitest';
import { noProvider } from '#renderer/phone/no-provider.ts';
import { createSeatPhone } from '#renderer/phone/seat-phone.ts';
import { type PhonePort, servePhonePort } from '#renderer/phone/serve-port.ts';
import { SimulatorProvider } from '#renderer/phone/simulator-provider.ts';
import type { PhoneCommand, PhoneMessage, PhoneRequest } from '#shared/contract/phone.contract.ts';
import { DEFAULT_WRAP_UP_MS } from '#shared/domain/call-events.ts';
import { VirtualScheduler } from '#tests/support/virtual-scheduler.ts';

function openSeat() {
  const scheduler = new VirtualScheduler();
  const provider = new SimulatorProvider({ scheduler, script: null });
  const phone = createSeatPhone(provider, scheduler);
  const ask = async (command: PhoneCommand) => {
    const answer = phone.execute(command);
    await scheduler.advance(50);
    await answer;
  };
  const finishCall = async () => {
    await ask({ kind: 'sign-in', seat: '1001' });
    await ask({ kind: 'set-availability', ready: true, reason: null });
    await ask({ kind: 'simulate-ring', ani: '13800000001', name: '', line: '12345' });
    const callId = phone.state().call?.callId;
    if (!callId) throw new Error('no call');
    await ask({ kind: 'answer', callId });
    await ask({ kind: 'hangup', callId });
  };
  return { scheduler, phone, ask, finishCall };
}

describe('wrap-up', () => {
  it('ends by itself when its time is over', async () => {
    const { scheduler, phone, finishCall } = openSeat();
    await finishCall();
    await scheduler.advance(DEFAULT_WRAP_UP_MS - 1_000);
    expect(phone.state().agent.kind).toBe('wrap-up');
    await scheduler.advance(1_100);
    expect(phone.state().agent.kind).toBe('ready');
  });

  it('lasts longer when it was extended', async () => {
    const { scheduler, phone, ask, finishCall } = openSeat();
    await finishCall();
    await ask({ kind: 'extend-wrap-up', byMs: 60_000 });
    await scheduler.advance(DEFAULT_WRAP_UP_MS + 30_000);
    expect(phone.state().agent.kind).toBe('wrap-up');
    await scheduler.advance(31_000);
    expect(phone.state().agent.kind).toBe('ready');
  });

  it('is not ended twice: a break taken out of wrap-up lasts', async () => {
    const { scheduler, phone, ask, finishCall } = openSeat();
    await finishCall();
    await ask({ kind: 'set-availability', ready: false, reason: 'rest' });
    await scheduler.advance(10 * DEFAULT_WRAP_UP_MS);
    expect(phone.state().agent).toMatchObject({ kind: 'not-ready', reason: 'rest' });
  });
});

describe('finished calls', () => {
  it('are held until a window has written them down, the newest record of each', async () => {
    const { phone, ask, finishCall } = openSeat();
    await finishCall();
    const [ended] = phone.unkept();
    expect(phone.unkept()).toMatchObject([{ record: { outcome: 'answered', spent: { 'wrap-up': 0 } } }]);
    await ask({ kind: 'finish-wrap-up' });
    const [wrappedUp] = phone.unkept();
    expect(phone.unkept()).toHaveLength(1);
    expect(wrappedUp?.record.callId).toBe(ended?.record.callId);
    expect(wrappedUp?.record.spent['wrap-up']).toBeGreaterThan(0);
    // A window that was slow writes down the older record: the newer one is still to be kept.
    await ask({ kind: 'calls-kept', serials: [ended?.serial ?? 0] });
    expect(phone.unkept()).toEqual([wrappedUp]);
    await ask({ kind: 'calls-kept', serials: [wrappedUp?.serial ?? 0] });
    expect(phone.unkept()).toEqual([]);
  });

  it('include a caller who gave up while another call went on', async () => {
    const { phone, ask } = openSeat();
    await ask({ kind: 'sign-in', seat: '1001' });
    await ask({ kind: 'set-availability', ready: true, reason: null });
    await ask({ kind: 'simulate-ring', ani: '13800000001', name: '', line: '12345' });
    await ask({ kind: 'simulate-ring', ani: '13800000002', name: '', line: '12345' });
    const waiting = phone.state().queue[0]?.callId;
    if (!waiting) throw new Error('nobody waits');
    await ask({ kind: 'simulate-hangup', callId: waiting, who: 'citizen' });
    expect(phone.unkept()).toMatchObject([{ record: { callId: waiting, outcome: 'missed', ani: '13800000002' } }]);
  });
});

/** A page's end of a real channel, with everything it received. */
function openPage(serve: (port: PhonePort) => void) {
  const { port1, port2 } = new MessageChannel();
  const received: PhoneMessage[] = [];
  let wake: () => void = () => {};
  port1.onmessage = (event: MessageEvent<PhoneMessage>) => {
    received.push(event.data);
    wake();
  };
  serve(port2 as unknown as PhonePort);
  const receive = async (count: number) => {
    while (received.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return received;
  };
  return { port: port1, received, receive, send: (request: PhoneRequest | unknown) => port1.postMessage(request) };
}

describe('a UI window at the phone', () => {
  it('gets the state at once, and the new state before the answer to what it asked', async () => {
    const { scheduler, phone } = openSeat();
    const page = openPage((port) => servePhonePort(port, phone));
    await page.receive(1);
    page.send({ id: 4, command: { kind: 'sign-in', seat: '1001' } });
    await new Promise((resolve) => setImmediate(resolve));
    while (page.received.length < 3) {
      await scheduler.advance(20);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(page.received).toMatchObject([
      { kind: 'state', state: { agent: { kind: 'signed-out' } }, capabilities: { simulate: true } },
      { kind: 'state', state: { agent: { kind: 'not-ready', reason: 'signed-in' } } },
      { kind: 'answer', id: 4, ok: true },
    ]);
    page.port.close();
  });

  it('finds the call as it was after it was loaded again', async () => {
    const { phone, finishCall } = openSeat();
    const first = openPage((port) => servePhonePort(port, phone));
    await first.receive(1);
    await finishCall();
    first.port.close();
    const second = openPage((port) => servePhonePort(port, phone));
    const [state] = await second.receive(1);
    expect(state).toMatchObject({
      kind: 'state',
      state: { lastCall: { ani: '13800000001' }, agent: { kind: 'wrap-up' } },
    });
    second.port.close();
  });

  it('gets a code for a request that is not one, and goes on', async () => {
    const { phone } = openSeat();
    const page = openPage((port) => servePhonePort(port, phone));
    const bad: unknown[] = [
      null,
      'sign-in',
      { id: 'x', command: { kind: 'sign-in', seat: '1001' } },
      { id: 1 },
      { id: 2, command: { kind: 'explode' } },
      { id: 3, command: { kind: 'answer', callId: 'no id' } },
      { id: 4, command: { kind: 'sign-in', seat: '1001', more: true } },
    ];
    for (const request of bad) page.send(request);
    const received = await page.receive(5);
    expect(received.slice(1)).toEqual([1, 2, 3, 4].map((id) => ({ kind: 'answer', id, ok: false, code: 'BAD_INPUT' })));
    expect(phone.state().agent.kind).toBe('signed-out');
    page.port.close();
  });

  it('is told that there is no phone when none is configured', async () => {
    const phone = createSeatPhone(noProvider, new VirtualScheduler());
    const page = openPage((port) => servePhonePort(port, phone));
    page.send({ id: 1, command: { kind: 'sign-in', seat: '1001' } });
    expect(await page.receive(2)).toMatchObject([
      { kind: 'state', capabilities: { simulate: false } },
      { kind: 'answer', id: 1, ok: false, code: 'NOT_SUPPORTED' },
    ]);
    page.port.close();
  });
});
