import { afterEach } from 'vitest';
import { createDataProcess, type DataProcess, type InitMessage } from '#main/data/data-process.ts';
import { type ConnectedClient, connectWindow } from './rpc-client.ts';
import { createTestClock, type TestClock } from './samples.ts';

export interface TestConsole extends ConnectedClient {
  readonly dataProcess: DataProcess;
  readonly clock: TestClock;
  /** Errors that were not expected answers. */
  readonly reported: unknown[];
  close(): Promise<void>;
}

export interface ConsoleOptions {
  readonly folder: string;
  readonly serverUrl?: string | null;
  readonly mode?: 'demo' | 'production';
  readonly deviceSecret?: string | null;
  readonly clock?: TestClock;
  readonly keyringUnreadable?: boolean;
  /** How long an answer of the server may take. */
  readonly timeoutMs?: number;
  /** Monotonic milliseconds; the machine's when left out. */
  readonly elapsed?: () => number;
  /** Chance of the console's own decisions; always 0 when left out. */
  readonly random?: () => number;
  readonly reconnectSpreadMs?: number;
}

/** Starts data processes with a window each, and shuts down after each test what is still running. */
export function prepareConsoles(): (options: ConsoleOptions) => TestConsole {
  const running = new Set<TestConsole>();
  afterEach(async () => {
    for (const each of [...running]) await each.close();
  });
  return (options) => {
    const clock = options.clock ?? createTestClock();
    const reported: unknown[] = [];
    const init: InitMessage = {
      kind: 'init',
      profileDir: options.folder,
      mode: options.mode ?? 'demo',
      serverUrl: options.serverUrl ?? null,
      deviceSecret: options.deviceSecret ?? null,
      keyringUnreadable: options.keyringUnreadable ?? false,
      nativeBinding: null,
      appVersion: '0.0.0',
    };
    const dataProcess = createDataProcess(init, {
      clock,
      elapsed: options.elapsed ?? (() => performance.now()),
      random: options.random ?? (() => 0),
      ...(options.reconnectSpreadMs === undefined ? {} : { reconnectSpreadMs: options.reconnectSpreadMs }),
      ...(options.timeoutMs === undefined
        ? {}
        : { timeouts: { helloMs: options.timeoutMs, pushMs: options.timeoutMs, pullMs: options.timeoutMs } }),
      report: (error) => reported.push(error),
    });
    const connected = connectWindow(dataProcess);
    const made: TestConsole = {
      ...connected,
      dataProcess,
      clock,
      reported,
      close: async () => {
        if (!running.delete(made)) return;
        await dataProcess.shutDown();
        connected.port.close();
      },
    };
    running.add(made);
    return made;
  };
}
