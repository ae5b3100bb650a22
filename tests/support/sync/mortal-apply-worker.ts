import { parentPort } from 'node:worker_threads';

/** So many requests are answered; the thread dies of the next one. */
const LONGEST_LIFE = 2;

/** The thread that applies rows, dying on the way. */
let asked = 0;
parentPort?.on('message', () => {
  if (++asked > LONGEST_LIFE) process.exit(1);
});
await import('#main/data/sync/intake/apply-worker.ts');
