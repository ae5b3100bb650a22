import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { registerShellIpc, type ShellAnswer, ShellError, type ShellHandlers } from '#main/shell/ipc-registry.ts';
import type { LogEvent } from '#main/shell/log.ts';
import type { WindowKind } from '#main/shell/windows.ts';
import { shellContract } from '#shared/contract/shell.contract.ts';

const ORIGIN = 'app://bundle';
type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<ShellAnswer>;

let channels: Map<string, Listener>;
let events: LogEvent[];
let now: number;
let calls: unknown[][];
let handlers: ShellHandlers;
const page = { id: 1 } as WebContents;
const kinds = new Map<WebContents, WindowKind>([[page, 'ui']]);

beforeEach(() => {
  channels = new Map();
  events = [];
  now = 0;
  calls = [];
  const preferences = { language: 'en', theme: 'dark' } as const;
  handlers = {
    'shell:info': () => ({
      appVersion: '1',
      electron: '1',
      chrome: '1',
      node: '1',
      runtime: 'product',
      mode: 'demo',
      packaged: false,
      configFile: '/etc/hotline-12345/console.json',
    }),
    'shell:preferences:get': () => preferences,
    'shell:preferences:set': (input) => {
      calls.push(['set', input]);
      return input;
    },
    'shell:data-state': () => ({ kind: 'running' }),
    'shell:data-restart': () => undefined,
    'shell:save-file': () => ({ saved: false }),
    'shell:save-begin': () => ({ id: null }),
    'shell:save-append': () => undefined,
    'shell:save-end': () => undefined,
    'shell:print': () => ({ done: false }),
    'shell:lock-now': () => undefined,
    'shell:close': () => undefined,
    'shell:connect': () => undefined,
  };
  registerShellIpc(
    {
      handle: (channel, listener) => {
        channels.set(channel, listener as Listener);
      },
    },
    {
      origin: ORIGIN,
      kindOf: (contents) => kinds.get(contents) ?? null,
      handlers: new Proxy(handlers, { get: (_target, name) => handlers[name as keyof ShellHandlers] }),
      clock: { now: () => now },
      log: (event) => events.push(event),
    },
  );
});

const eventFrom = (frame: object | null, sender: WebContents = page) =>
  ({ senderFrame: frame, sender }) as unknown as IpcMainInvokeEvent;
const topFrame = { parent: null, origin: ORIGIN };
const call = (channel: string, event: IpcMainInvokeEvent, ...args: unknown[]) => {
  const listener = channels.get(channel);
  if (!listener) throw new Error(`no channel ${channel}`);
  return listener(event, ...args);
};

describe('the gate of every shell channel', () => {
  it('registers the channels of the contract and nothing else', () => {
    expect([...channels.keys()].sort()).toEqual(Object.keys(shellContract).sort());
    expect([...channels.keys()].sort()).toEqual([
      'shell:close',
      'shell:connect',
      'shell:data-restart',
      'shell:data-state',
      'shell:info',
      'shell:lock-now',
      'shell:preferences:get',
      'shell:preferences:set',
      'shell:print',
      'shell:save-append',
      'shell:save-begin',
      'shell:save-end',
      'shell:save-file',
    ]);
  });

  it('answers the top frame of a UI window', async () => {
    expect(await call('shell:data-state', eventFrom(topFrame), undefined)).toEqual({
      ok: true,
      value: { kind: 'running' },
    });
  });

  it.each<[string, object | null, WebContents?]>([
    ['a frame that is gone', null],
    ['a frame inside the page', { parent: {}, origin: ORIGIN }],
    ['another origin', { parent: null, origin: 'https://evil.example' }],
    ['an opaque origin', { parent: null, origin: 'null' }],
    ['a page nobody opened', topFrame, { id: 2 } as WebContents],
  ])('refuses %s on every channel', async (_who, frame, sender) => {
    for (const channel of channels.keys()) {
      expect(await call(channel, eventFrom(frame, sender), undefined)).toEqual({ ok: false, code: 'FORBIDDEN' });
    }
    expect(events).toHaveLength(channels.size);
  });

  it('refuses the phone window, which has nothing to ask', async () => {
    const phone = { id: 3 } as WebContents;
    kinds.set(phone, 'phone');
    expect(await call('shell:info', eventFrom(topFrame, phone), undefined)).toEqual({ ok: false, code: 'FORBIDDEN' });
  });

  it.each([
    ['shell:preferences:set', undefined],
    ['shell:preferences:set', { language: 'zh-CN' }],
    ['shell:preferences:set', { language: 'zh-CN', theme: 'dark', more: 1 }],
    ['shell:info', {}],
    ['shell:save-file', { fileName: '', text: '' }],
    ['shell:save-file', { fileName: 'x'.repeat(121), text: '' }],
    ['shell:print', { to: 'pdf' }],
    ['shell:print', { to: 'printer', deviceName: 'other' }],
    ['shell:connect', { to: 'server', nonce: '0'.repeat(32) }],
    ['shell:connect', { to: 'data', nonce: 'xyz' }],
  ])('refuses a bad argument of %s (%j) before the handler sees it', async (channel, input) => {
    expect(await call(channel, eventFrom(topFrame), input)).toEqual({ ok: false, code: 'BAD_INPUT' });
    expect(calls).toEqual([]);
  });

  it('refuses more than one argument', async () => {
    expect(await call('shell:data-state', eventFrom(topFrame), undefined, 1)).toEqual({ ok: false, code: 'BAD_INPUT' });
  });

  it('gives a code and nothing else when a handler fails', async () => {
    handlers = {
      ...handlers,
      'shell:info': () => {
        throw new Error('ENOENT: /home/person/secret');
      },
      'shell:save-file': () => {
        throw new ShellError('DISK_FULL');
      },
      'shell:data-state': () => ({ kind: 'unheard-of' }) as never,
    };
    const file = { fileName: 'a.json', text: '' };
    expect(await call('shell:info', eventFrom(topFrame), undefined)).toEqual({ ok: false, code: 'INTERNAL' });
    expect(await call('shell:save-file', eventFrom(topFrame), file)).toEqual({ ok: false, code: 'DISK_FULL' });
    expect(await call('shell:data-state', eventFrom(topFrame), undefined)).toEqual({ ok: false, code: 'INTERNAL' });
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('stops a flood from one window and lets it go on later', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 200; i++) {
      const answer = await call('shell:data-state', eventFrom(topFrame), undefined);
      codes.push(answer.ok ? 'ok' : answer.code);
    }
    expect(codes.filter((code) => code === 'ok')).toHaveLength(60);
    expect(new Set(codes.slice(60))).toEqual(new Set(['RATE_LIMITED']));
    now += 1_000;
    expect(await call('shell:data-state', eventFrom(topFrame), undefined)).toMatchObject({ ok: true });
  });
});
