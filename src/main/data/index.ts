import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { type DataProcessMessage, hostMessageSchema } from '#shared/contract/host.contract.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { createDataProcess, type DataProcess } from './data-process.ts';
import { DataError, errnoOf, toDataError } from './errors.ts';
import type { DataPort } from './rpc/guarded-port.ts';

/** The parent side of an Electron utility process (its types come with `electron`, which this process must not import). */
interface ParentPort {
  on(
    event: 'message',
    listener: (message: { readonly data: unknown; readonly ports: readonly DataPort[] }) => void,
  ): void;
  postMessage(message: DataProcessMessage): void;
}

function findParentPort(): ParentPort {
  const port = (process as unknown as { parentPort?: ParentPort }).parentPort;
  if (!port) throw new Error('not started as a utility process');
  return port;
}

/** Errors go to standard error as a code and a class; their texts may hold personal data and stay here. */
function report(error: unknown): void {
  const code = error instanceof DataError ? error.code : errnoOf(error);
  const name = error instanceof Error ? error.name : typeof error;
  const place = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 5).join(' ').trim() : '';
  process.stderr.write(`${JSON.stringify({ event: 'data-process-error', name, code, place })}\n`);
}

const parent = findParentPort();
let running: DataProcess | null = null;
let ended = false;

async function shutDown(): Promise<void> {
  if (ended) return;
  ended = true;
  try {
    await running?.shutDown();
  } catch (error) {
    report(error);
  }
  parent.postMessage({ kind: 'closed' });
}

function handle(data: unknown, ports: readonly DataPort[]): void {
  const message = hostMessageSchema.parse(data);
  switch (message.kind) {
    case 'init': {
      if (running) throw new Error('initialised twice');
      running = createDataProcess(message, {
        clock: systemClock,
        elapsed: () => performance.now(),
        random: () => randomInt(2 ** 32) / 2 ** 32,
        report,
        // Beside this file, as the build puts them.
        applyEntry: join(import.meta.dirname, 'apply.js'),
        indexEntry: join(import.meta.dirname, 'indexing.js'),
      });
      parent.postMessage({ kind: 'ready' });
      return;
    }
    case 'port': {
      const [port] = ports;
      if (!running || ended || !port) {
        port?.close?.();
        return;
      }
      running.attach(port);
      return;
    }
    case 'lock':
      void running?.lock().catch(report);
      return;
    case 'shutdown':
      void shutDown();
  }
}

parent.on('message', ({ data, ports }) => {
  try {
    handle(data, ports);
  } catch (error) {
    report(error);
    if (running) return;
    const known = toDataError(error);
    const code = known instanceof DataError ? known.code : 'INTERNAL';
    const detail = known instanceof Error ? known.message : 'start failed';
    parent.postMessage({ kind: 'failed', code, detail });
  }
});
process.on('unhandledRejection', report);
