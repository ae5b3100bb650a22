import type {
  HotlineBridge,
  PortMessage,
  ShellChannel,
  ShellEvent,
  ShellInput,
  ShellOutput,
} from '#shared/contract/shell.contract.ts';

declare global {
  interface Window {
    /** Exposed by the preload of the UI window. */
    readonly hotline: HotlineBridge;
  }
}

/** Asks the main process. The only way from the UI to the shell. */
export function invokeShell<C extends ShellChannel>(channel: C, input: ShellInput<C>): Promise<ShellOutput<C>> {
  return window.hotline.invoke(channel, input);
}

/** Listens to an event of the main process; gives back the function that ends it. */
export function onShellEvent(event: ShellEvent, listener: (payload: unknown) => void): () => void {
  return window.hotline.on(event, listener);
}

/** 32 hexadecimal digits nobody can guess: pairs a port with the request for it. */
function makeNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isPortMessage(data: unknown): data is PortMessage {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'hotline-port';
}

/** Requests a fresh port to the data process or the phone window and waits until it arrived. */
export type AcquirePort = (to: PortMessage['to'], timeoutMs: number) => Promise<MessagePort>;

/**
 * Requests a fresh port. A port that carries another nonce belongs to an older request and is not taken; one that comes when nobody waits
 * for it any more is closed, so that its other end does not go on waiting for this page.
 * @param timeoutMs how long to wait for the port, in ms
 * @throws when the shell refuses or the port does not come in time
 */
export const acquirePort: AcquirePort = (to, timeoutMs) =>
  new Promise((resolve, reject) => {
    const nonce = makeNonce();
    let isLate = false;
    const stop = () => {
      window.removeEventListener('message', onMessage);
      clearTimeout(timer);
    };
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || !isPortMessage(event.data)) return;
      if (event.data.to !== to || event.data.nonce !== nonce) return;
      const port = event.ports[0];
      if (!port) return;
      stop();
      if (isLate) port.close();
      else resolve(port);
    };
    const timer = setTimeout(() => {
      isLate = true;
      reject(new Error(`No port to ${to} within ${timeoutMs} ms`));
    }, timeoutMs);
    window.addEventListener('message', onMessage);
    invokeShell('shell:connect', { to, nonce }).catch((error: unknown) => {
      stop();
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
