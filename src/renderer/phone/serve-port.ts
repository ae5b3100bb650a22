import { type PhoneMessage, type PhoneRequest, phoneRequestSchema } from '#shared/contract/phone.contract.ts';
import { ProviderError } from './call-provider.ts';
import type { SeatPhone } from './seat-phone.ts';

/** The part of a MessagePort that is used here; Node's and the browser's both have it. */
export interface PhonePort {
  postMessage(message: PhoneMessage): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
}

/**
 * Serves one UI window: the state at once and after every change, and an answer to every request. A change caused by a
 * request is always posted before its answer.
 */
export function servePhonePort(port: PhonePort, phone: SeatPhone): void {
  const postState = () =>
    port.postMessage({
      kind: 'state',
      state: phone.state(),
      unkept: phone.unkept(),
      capabilities: { simulate: phone.capabilities.simulate },
    });
  const unsubscribe = phone.subscribe(postState);
  port.addEventListener('close', () => unsubscribe());
  port.addEventListener('message', ({ data }) => {
    const request = phoneRequestSchema.safeParse(data);
    if (request.success) void answer(port, phone, request.data);
    else if (hasId(data)) port.postMessage({ kind: 'answer', id: data.id, ok: false, code: 'BAD_INPUT' });
  });
  port.start();
  postState();
}

async function answer(port: PhonePort, phone: SeatPhone, { id, command }: PhoneRequest): Promise<void> {
  try {
    await phone.execute(command);
    port.postMessage({ kind: 'answer', id, ok: true });
  } catch (error) {
    const code = error instanceof ProviderError ? error.code : 'NOT_POSSIBLE';
    port.postMessage({ kind: 'answer', id, ok: false, code });
  }
}

function hasId(data: unknown): data is { id: number } {
  return typeof data === 'object' && data !== null && 'id' in data && Number.isSafeInteger(data.id);
}
