import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { stopChild } from '../../../../scripts/child-process.ts';

const readySchema = z.object({ port: z.number().int() });

export interface PeerServer {
  readonly url: string;
  /** Puts the tickets `from` … `from + count - 1` on the server. */
  load(from: number, count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server of a peer in a process of its own. @param file module that calls {@link announceServer} */
export async function startPeerServer(file: string, folder: string): Promise<PeerServer> {
  const child = fork(file, [folder], { execArgv: ['--max-old-space-size=8192'] });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended before it listened`))),
  ])) as [unknown];
  const url = `http://127.0.0.1:${readySchema.parse(message).port}`;
  return {
    url,
    load: async (from, count) => {
      const response = await fetch(`${url}/load/${from}/${count}`, { method: 'POST' });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      await response.text();
    },
    stop: async () => {
      await stopChild(child, 5_000);
    },
  };
}

/** Tells the parent where the server listens, and ends with it. */
export function announceServer(port: number): void {
  process.on('disconnect', () => process.exit());
  process.send?.({ port });
}
