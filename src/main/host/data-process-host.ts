import type { MessagePortMain, UtilityProcess } from 'electron';
import { dataProcessMessageSchema, type HostMessage } from '#shared/contract/host.contract.ts';
import type { DataState } from '#shared/contract/shell.contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { decideRestart, NO_RESTARTS, type RestartHistory } from './restart-policy.ts';

/** How long a process may take to finish what is running before it is killed. */
const SHUTDOWN_MS = 5_000;

/** What happens to the data process, for the log. */
export interface DataProcessObserver {
  onState(state: DataState): void;
  onEnd(end: { how: 'exit' | 'crash'; exitCode: number }): void;
  onOutput(stream: 'stdout' | 'stderr', line: string): void;
}

export interface DataProcessOptions {
  readonly fork: () => UtilityProcess;
  readonly init: () => Extract<HostMessage, { kind: 'init' }>;
  readonly observer: DataProcessObserver;
  readonly clock: Clock;
}

interface Run {
  readonly child: UtilityProcess;
  readyAt: number | null;
  /** Set by the process itself when it cannot work at all; then it is not started again by itself. */
  failure: { code: string; detail: string } | null;
  readonly ended: Promise<void>;
  onClosed: () => void;
  readonly closed: Promise<void>;
}

/** Starts, watches and restarts the data process, and hands it the windows' ports. */
export class DataProcessHost {
  readonly #options: DataProcessOptions;
  #run: Run | null = null;
  #state: DataState = { kind: 'starting' };
  #history: RestartHistory = NO_RESTARTS;
  #restartTimer: NodeJS.Timeout | undefined;
  #isShuttingDown = false;
  #waiting: { resolve: (run: Run) => void; reject: (error: Error) => void }[] = [];

  constructor(options: DataProcessOptions) {
    this.#options = options;
  }

  get state(): DataState {
    return this.#state;
  }

  /** Process id while the process runs. */
  get pid(): number | undefined {
    return this.#run?.child.pid;
  }

  start(): void {
    this.#isShuttingDown = false;
    this.#fork();
  }

  /** States that the process cannot be started at all, so that windows can say why. */
  refuse(code: string, detail: string): void {
    this.#setState({ kind: 'failed', code, detail });
  }

  /** Tries again after the host had given up. Anything else goes on as it is. */
  async restart(): Promise<void> {
    if (this.#state.kind !== 'failed' || this.#isShuttingDown) return;
    this.#history = NO_RESTARTS;
    this.#setState({ kind: 'starting' });
    // A process that could not work may still be there; two must never hold the same files.
    await this.#run?.ended;
    if (!this.#isShuttingDown) this.#fork();
  }

  /**
   * Hands a window's port to the process as soon as it is ready.
   * @throws Error with an error code as message when it will not be
   */
  async attach(windowId: number, port: MessagePortMain): Promise<void> {
    const run = await this.#whenReady();
    run.child.postMessage({ kind: 'port', windowId, windowKind: 'ui' } satisfies HostMessage, [port]);
  }

  /** The workstation was locked or suspended. */
  lock(): void {
    this.#run?.child.postMessage({ kind: 'lock' } satisfies HostMessage);
  }

  /** Asks the process to finish and close its files, then ends it. Resolves when it is gone. */
  async shutdown(): Promise<void> {
    this.#isShuttingDown = true;
    clearTimeout(this.#restartTimer);
    this.#rejectWaiting('SHUTTING_DOWN');
    const run = this.#run;
    if (run === null) return;
    run.child.postMessage({ kind: 'shutdown' } satisfies HostMessage);
    await within(SHUTDOWN_MS, Promise.race([run.closed, run.ended]));
    run.child.kill();
    await run.ended;
  }

  #fork(): void {
    const child = this.#options.fork();
    let onClosed: () => void = () => {};
    let onEnded: () => void = () => {};
    const run: Run = {
      child,
      readyAt: null,
      failure: null,
      closed: new Promise((resolve) => {
        onClosed = resolve;
      }),
      ended: new Promise((resolve) => {
        onEnded = resolve;
      }),
      onClosed: () => onClosed(),
    };
    this.#run = run;
    child.on('message', (message: unknown) => this.#receive(run, message));
    child.once('exit', (exitCode) => {
      this.#run = null;
      this.#handleEnd(run, exitCode);
      onEnded();
    });
    readLines(child.stdout, (line) => this.#options.observer.onOutput('stdout', line));
    readLines(child.stderr, (line) => this.#options.observer.onOutput('stderr', line));
    child.postMessage(this.#options.init());
  }

  #receive(run: Run, received: unknown): void {
    const message = dataProcessMessageSchema.safeParse(received);
    if (!message.success) {
      this.#options.observer.onOutput('stderr', 'unknown message from the data process');
      return;
    }
    switch (message.data.kind) {
      case 'ready':
        run.readyAt = this.#options.clock.now();
        this.#setState({ kind: 'running' });
        for (const { resolve } of this.#waiting.splice(0)) resolve(run);
        break;
      case 'failed':
        run.failure = { code: message.data.code, detail: message.data.detail };
        this.#giveUp(run.failure);
        run.child.kill();
        break;
      case 'closed':
        run.onClosed();
        break;
    }
  }

  #handleEnd(run: Run, exitCode: number): void {
    const how = exitCode === 0 ? 'exit' : 'crash';
    if (this.#isShuttingDown) return;
    this.#options.observer.onEnd({ how, exitCode });
    if (run.failure) return;
    const ranMs = run.readyAt === null ? null : this.#options.clock.now() - run.readyAt;
    const decision = decideRestart(this.#history, ranMs);
    if (decision.kind === 'give-up') {
      this.#giveUp({ code: 'INTERNAL', detail: `${how} ${exitCode}` });
      return;
    }
    this.#history = decision.history;
    this.#setState({ kind: 'restarting', reason: how, attempt: decision.history.restarts });
    this.#restartTimer = setTimeout(() => this.#fork(), decision.delayMs);
  }

  #giveUp(failure: { code: string; detail: string }): void {
    this.#setState({ kind: 'failed', ...failure });
    this.#rejectWaiting(failure.code);
  }

  #whenReady(): Promise<Run> {
    if (this.#isShuttingDown) return Promise.reject(new Error('SHUTTING_DOWN'));
    if (this.#state.kind === 'failed') return Promise.reject(new Error(this.#state.code));
    const run = this.#run;
    if (this.#state.kind === 'running' && run !== null) return Promise.resolve(run);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #rejectWaiting(code: string): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(code));
  }

  #setState(state: DataState): void {
    this.#state = state;
    this.#options.observer.onState(state);
  }
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    done,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    }),
  ]);
  clearTimeout(timer);
}

function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (!stream) return;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = (lines.pop() ?? '').slice(0, 10_000);
    for (const line of lines) if (line.trim() !== '') onLine(line);
  });
}
