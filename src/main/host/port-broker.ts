import { type BrowserWindow, MessageChannelMain, type WebContents } from 'electron';
import type { PortMessage } from '#shared/contract/shell.contract.ts';
import type { DataProcessHost } from './data-process-host.ts';

/** Channel on which the preload scripts receive ports. */
const PORT_CHANNEL = 'shell:port';

/** A page's request for a port, with the nonce by which the page recognises it. */
type PortRequest = Pick<PortMessage, 'to' | 'nonce'>;

/**
 * Makes the two ends of a connection and hands them out: one to the page that asked, one to the data process or the
 * phone window. Main keeps neither, so what they say to each other does not pass through here.
 */
export class PortBroker {
  readonly #host: DataProcessHost;
  readonly #phone: () => Promise<BrowserWindow>;

  /** @param phone gives the phone window once it can take ports */
  constructor(host: DataProcessHost, phone: () => Promise<BrowserWindow>) {
    this.#host = host;
    this.#phone = phone;
  }

  /** @throws Error with an error code as message when the other side will not be there */
  async connect(page: WebContents, request: PortRequest): Promise<void> {
    const { port1, port2 } = new MessageChannelMain();
    try {
      if (request.to === 'data') {
        await this.#host.attach(page.id, port2);
      } else {
        const phone = await this.#phone();
        phone.webContents.postMessage(PORT_CHANNEL, request, [port2]);
      }
      page.postMessage(PORT_CHANNEL, request, [port1]);
    } catch (error) {
      port1.close();
      port2.close();
      throw error;
    }
  }
}
