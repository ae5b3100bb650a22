import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { acquirePort } from '#renderer/platform/bridge.ts';
import type { PortMessage } from '#shared/contract/shell.contract.ts';

const OLD_NONCE = '0'.repeat(32);

/** What the page asked main for, the oldest first. */
let asked: Pick<PortMessage, 'to' | 'nonce'>[];
let page: EventTarget;
let ports: MessagePort[];

beforeEach(() => {
  asked = [];
  ports = [];
  page = Object.assign(new EventTarget(), {
    hotline: {
      invoke: async (_channel: string, request: Pick<PortMessage, 'to' | 'nonce'>) => {
        asked.push(request);
      },
    },
  });
  vi.stubGlobal('window', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const port of ports) port.close();
});

/** Hands the page one end of a channel, as the preload does. @returns whose end it is, with everything that was said to it */
function handOver(name: string, message: object, source: unknown = page) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const calls: string[] = [];
  const router = {
    who: os.handler(() => {
      calls.push(name);
      return name;
    }),
  };
  new RPCHandler(router).upgrade(port1);
  port1.start();
  const closed = new Promise<void>((resolve) => port1.addEventListener('close', () => resolve()));
  const event = Object.assign(new Event('message'), { data: message, source, ports: [port2] });
  page.dispatchEvent(event);
  return { calls, closed };
}

const portMessage = (request: Pick<PortMessage, 'to' | 'nonce'>): PortMessage => ({ kind: 'hotline-port', ...request });

/** Who is at the other end of a port. */
function whoIsAt(port: MessagePort): Promise<string> {
  port.start();
  return (createORPCClient(new RPCLink({ port })) as unknown as { who(): Promise<string> }).who();
}

function request(at: number): Pick<PortMessage, 'to' | 'nonce'> {
  const found = asked[at];
  if (!found) throw new Error('nothing was asked');
  return found;
}

test('a port that carries a wrong nonce, or comes from elsewhere, is not taken and hears nothing', async () => {
  const waiting = acquirePort('data', 60_000);
  const mine = request(0);
  const strangers = [
    handOver('wrong nonce', portMessage({ ...mine, nonce: OLD_NONCE })),
    handOver('the phone', portMessage({ ...mine, to: 'phone' })),
    handOver('another kind', { ...portMessage(mine), kind: 'port' }),
    handOver('another window', portMessage(mine), new EventTarget()),
  ];
  handOver('data process', portMessage(mine));
  expect(await whoIsAt(await waiting)).toBe('data process');
  expect(strangers.flatMap(({ calls }) => calls)).toEqual([]);
  // A second one under the same nonce comes too late.
  expect(handOver('twice', portMessage(mine)).calls).toEqual([]);
});

test('every request has a nonce of its own, and each gets its port whatever their order', async () => {
  const [first, second] = [acquirePort('data', 60_000), acquirePort('data', 60_000)];
  expect(new Set(asked.map(({ nonce }) => nonce)).size).toBe(2);
  expect(asked.every(({ nonce }) => /^[0-9a-f]{32}$/.test(nonce))).toBe(true);
  handOver('second', portMessage(request(1)));
  handOver('first', portMessage(request(0)));
  expect(await Promise.all([whoIsAt(await first), whoIsAt(await second)])).toEqual(['first', 'second']);
});

test('a port that comes after its request was given up is closed, and the next request is not answered with it', async () => {
  vi.useFakeTimers();
  const givenUp = acquirePort('data', 4_000);
  const failed = expect(givenUp).rejects.toThrow('within 4000 ms');
  vi.advanceTimersByTime(4_000);
  await failed;
  vi.useRealTimers();
  const waiting = acquirePort('data', 60_000);
  const late = handOver('late', portMessage(request(0)));
  await late.closed;
  handOver('data process', portMessage(request(1)));
  expect(await whoIsAt(await waiting)).toBe('data process');
  expect(late.calls).toEqual([]);
});
