import { contextBridge, ipcRenderer } from 'electron';
import type { HotlineBridge, ShellChannel, ShellEvent } from '#shared/contract/shell.contract.ts';
import { relayPorts } from './port-relay.ts';

// The names stand here again so that no schema code is loaded into the preload script; the types keep them complete.
const CHANNELS: Readonly<Record<ShellChannel, true>> = {
  'shell:info': true,
  'shell:preferences:get': true,
  'shell:preferences:set': true,
  'shell:data-state': true,
  'shell:data-restart': true,
  'shell:save-file': true,
  'shell:save-begin': true,
  'shell:save-append': true,
  'shell:save-end': true,
  'shell:print': true,
  'shell:lock-now': true,
  'shell:close': true,
  'shell:connect': true,
};
const EVENTS: Readonly<Record<ShellEvent, true>> = {
  'shell:data-state-changed': true,
  'shell:preferences-changed': true,
  'shell:lock-requested': true,
  'shell:close-requested': true,
  'shell:idle': true,
};

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string };

const bridge = {
  invoke: async (channel: string, input: unknown): Promise<unknown> => {
    if (!Object.hasOwn(CHANNELS, channel)) throw new Error('NOT_FOUND');
    const answer: Answer = await ipcRenderer.invoke(channel, input);
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  },
  on: (event: string, listener: (payload: unknown) => void): (() => void) => {
    if (!Object.hasOwn(EVENTS, event)) throw new Error('NOT_FOUND');
    const receive = (_event: unknown, payload: unknown) => listener(payload);
    ipcRenderer.on(event, receive);
    return () => {
      ipcRenderer.off(event, receive);
    };
  },
};

contextBridge.exposeInMainWorld('hotline', bridge satisfies Record<keyof HotlineBridge, unknown>);
relayPorts();
