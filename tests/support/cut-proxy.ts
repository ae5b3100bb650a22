import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What happens to a request on its way: it may be cut before it arrives, after the server did its work, or when half of the answer has
 * come through, its length having been announced.
 */
type Cut = 'before-server' | 'after-server' | 'in-answer';

/** A network between console and server that tests can break. */
export interface CutProxy {
  readonly url: string;
  /**
   * Cuts the next request whose path ends so, or fits. With `after-server` the server has answered completely, so its transaction
   * is committed, and the console sees a dead connection instead of the answer. Resolves when it happened.
   */
  cutNext(path: string | RegExp, cut: Cut): Promise<void>;
  /** A slow line: from now on every request whose path ends so takes that much longer. */
  slowDown(path: string, ms: number): void;
  /** The line is dead: whoever is connected is thrown out, nobody gets through, until it is up again. */
  goDown(): void;
  comeBack(): void;
  /** Paths of the requests that reached the server, oldest first. */
  readonly passed: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy in front of a server on 127.0.0.1. */
export async function openCutProxy(serverUrl: () => string): Promise<CutProxy> {
  const passed: string[] = [];
  const cuts: { path: string | RegExp; cut: Cut; done: () => void }[] = [];
  const sockets = new Set<Socket>();
  const agent = new Agent({ keepAlive: false });
  const slow = new Map<string, number>();
  let isDown = false;
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };

  const server = createServer((incoming, outgoing) => {
    const pathname = new URL(incoming.url ?? '/', 'http://proxy').pathname;
    const index = cuts.findIndex(({ path }) =>
      typeof path === 'string' ? pathname.endsWith(path) : path.test(pathname),
    );
    const planned = index >= 0 ? cuts.splice(index, 1)[0] : undefined;
    if (planned?.cut === 'before-server') {
      incoming.socket.destroy();
      planned.done();
      return;
    }
    passed.push(pathname);
    const onward = request(
      new URL(incoming.url ?? '/', serverUrl()),
      { method: incoming.method ?? 'GET', headers: incoming.headers, agent },
      (answer) => {
        if (planned?.cut === 'in-answer') passHalf(answer, outgoing, planned.done);
        else if (planned) swallow(answer, incoming, planned.done);
        else pass(answer, outgoing);
      },
    );
    onward.on('error', () => incoming.socket.destroy());
    outgoing.on('close', () => onward.destroy());
    const longer = [...slow].find(([path]) => pathname.endsWith(path))?.[1] ?? 0;
    if (longer === 0) incoming.pipe(onward);
    else setTimeout(() => incoming.pipe(onward), longer);
  });
  server.on('connection', (socket) => {
    if (isDown) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    cutNext: (path, cut) => new Promise((resolve) => cuts.push({ path, cut, done: resolve })),
    slowDown: (path, ms) => {
      slow.set(path, ms);
    },
    goDown: () => {
      isDown = true;
      hangUp();
    },
    comeBack: () => {
      isDown = false;
    },
    close: async () => {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Streams an answer on, so that server-sent events arrive one by one. */
function pass(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  outgoing.flushHeaders();
  answer.pipe(outgoing);
  answer.on('error', () => outgoing.destroy());
}

/** Passes the first half of an answer on and then drops the connection. */
function passHalf(answer: IncomingMessage, outgoing: ServerResponse, done: () => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const body = Buffer.concat(chunks);
    outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': body.length });
    outgoing.write(body.subarray(0, body.length >> 1), () => {
      outgoing.socket?.destroy();
      done();
    });
  });
}

/** Reads an answer to its end and then drops the connection it was for. */
function swallow(answer: IncomingMessage, incoming: IncomingMessage, done: () => void): void {
  answer.resume();
  answer.on('end', () => {
    incoming.socket.destroy();
    done();
  });
}
