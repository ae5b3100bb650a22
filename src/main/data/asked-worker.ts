import { type MessagePort, Worker } from 'node:worker_threads';
import { threadError } from './errors.ts';

/** A thread that answers one request after the other. */
export interface AskedWorker<Request, Answer> {
  /** @returns its answer; `ended` when there is none */
  ask(request: Request): Promise<Answer | 'ended'>;
  /** Settles when the thread is gone, wherever it was. */
  readonly ended: Promise<void>;
}

interface Asked<Request> {
  readonly job: number;
  readonly request: Request;
}

interface Answered<Answer> {
  readonly job: number;
  readonly answer: Answer;
}

/**
 * Starts a thread that answers by {@link answerRequests}. The thread that applies rows has a client of its own: its requests have numbers that go on from
 * one thread to the next, by which they are told to stop, and hand memory over.
 * @param entry its file
 * @param setup its workerData
 * @param onError told of a failure of the thread itself
 */
export function startAskedWorker<Request, Answer>(
  entry: string,
  setup: unknown,
  onError: (error: unknown) => void,
): AskedWorker<Request, Answer> {
  const worker = new Worker(entry, { workerData: setup });
  const waiting = new Map<number, (answer: Answer | 'ended') => void>();
  let last = 0;
  let isGone = false;
  worker.on('message', ({ job, answer }: Answered<Answer>) => {
    waiting.get(job)?.(answer);
    waiting.delete(job);
  });
  worker.on('error', (error) => onError(threadError(error)));
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      isGone = true;
      for (const answer of waiting.values()) answer('ended');
      waiting.clear();
      resolve();
    });
  });
  return {
    ended,
    ask: (request) => {
      if (isGone) return Promise.resolve('ended');
      const job = ++last;
      return new Promise((resolve) => {
        waiting.set(job, resolve);
        worker.postMessage({ job, request } satisfies Asked<Request>);
      });
    },
  };
}

/**
 * Answers requests in the order in which they came, one at a time.
 * @param answer never fails; the thread ends with what it throws
 * @param isLast the port is closed after the answer to such a request, so that the thread ends
 */
export function answerRequests<Request, Answer>(
  port: MessagePort,
  answer: (request: Request) => Answer | Promise<Answer>,
  isLast: (request: Request) => boolean,
): void {
  let before = Promise.resolve();
  port.on('message', ({ job, request }: Asked<Request>) => {
    before = before.then(async () => {
      port.postMessage({ job, answer: await answer(request) } satisfies Answered<Answer>);
      if (isLast(request)) port.close();
    });
  });
}
