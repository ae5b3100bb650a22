import { parentPort } from 'node:worker_threads';

/** So many requests are answered; the thread dies while it works on the next one. */
const LONGEST_LIFE = 2;

/** The thread that applies rows, dying in the middle of a transaction, where it asks how long that has taken. */
let asked = 0;
let looks = 0;
const now = performance.now.bind(performance);
parentPort?.on('message', () => {
  if (++asked <= LONGEST_LIFE) return;
  performance.now = () => {
    // The first look is that of the beginning.
    if (++looks > 1) process.exit(1);
    return now();
  };
});
await import('#main/data/sync/intake/apply-worker.ts');
