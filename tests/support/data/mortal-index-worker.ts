import { parentPort, workerData } from 'node:worker_threads';

/** The thread that indexes, dying after its second commit: what it had committed by then is not told. */
const LONGEST_LIFE = 2;

const port = parentPort;
if (port && (workerData as { readonly role: string }).role === 'writes') {
  const post = port.postMessage.bind(port);
  let answers = 0;
  port.postMessage = (message: unknown) => {
    if (++answers === LONGEST_LIFE) process.exit(1);
    post(message);
  };
}
await import('#main/data/search/threads/index-worker.ts');
