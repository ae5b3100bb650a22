import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A place on the network that nothing of the console may ever reach. */
export interface TrapServer {
  readonly origin: string;
  /** Every connection and request that arrived. */
  readonly hits: string[];
  close(): Promise<void>;
}

/** Answers everything generously, so that only the console's own rules keep it away. */
export async function openTrapServer(): Promise<TrapServer> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' });
    response.end('window.wasTrapped = true;');
  });
  server.on('upgrade', (request, socket) => {
    hits.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    hits,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
