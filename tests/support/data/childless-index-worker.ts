import { workerData } from 'node:worker_threads';

/** The threads that index, of which the one that prepares cannot open the cache and ends at once. */
(workerData as { readonly cache: { path: string } }).cache.path = '/nowhere/cache.db';
await import('#main/data/search/threads/index-worker.ts');
