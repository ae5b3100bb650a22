import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What a line does with bytes: carries them; lets one a second through; swallows everything while the connection looks alive (a
 * half-open link); carries what goes to the server and swallows what it answers.
 */
export type LineState = 'good' | 'one-byte-a-second' | 'dead' | 'deaf';

/** A line of bytes between consoles and a server. */
export interface BadLine {
  readonly url: string;
  /** Connections made from now on, and those there are. */
  state: LineState;
  /** Bytes that were swallowed or held back so far. */
  readonly lost: number;
  close(): Promise<void>;
}

/** Opens a line to a server on 127.0.0.1. */
export async function openBadLine(serverUrl: () => string): Promise<BadLine> {
  const sockets = new Set<Socket>();
  let lost = 0;
  let state: LineState = 'good';
  const relay = (from: Socket, to: Socket, isAnswer: boolean) => {
    let held = Buffer.alloc(0);
    const timer = setInterval(() => {
      if (held.length === 0 || state === 'dead') return;
      to.write(held.subarray(0, 1));
      held = held.subarray(1);
    }, 1_000);
    from.on('data', (bytes: Buffer) => {
      if (state === 'good' || (state === 'deaf' && !isAnswer)) {
        to.write(bytes);
        return;
      }
      lost += bytes.length;
      if (state === 'one-byte-a-second') held = Buffer.concat([held, bytes]);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      clearInterval(timer);
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((console) => {
    const onward = connect(Number(new URL(serverUrl()).port), '127.0.0.1');
    for (const socket of [console, onward]) sockets.add(socket);
    relay(console, onward, false);
    relay(onward, console, true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get state() {
      return state;
    },
    set state(next) {
      state = next;
    },
    get lost() {
      return lost;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
