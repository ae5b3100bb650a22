import { ipcRenderer } from 'electron';
import type { PortMessage } from '#shared/contract/shell.contract.ts';

/** Passes every port that main hands to this window on to its page. */
export function relayPorts(): void {
  ipcRenderer.on('shell:port', (event, request: Pick<PortMessage, 'to' | 'nonce'>) => {
    const message: PortMessage = { kind: 'hotline-port', to: request.to, nonce: request.nonce };
    window.postMessage(message, window.location.origin, [...event.ports]);
  });
}
