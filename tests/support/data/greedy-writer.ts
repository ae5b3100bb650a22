import { parentPort, workerData } from 'node:worker_threads';
import { openEncrypted } from '#main/data/db/open.ts';
import { joinWriteTurns } from '#main/data/db/write-turns.ts';
import { TEST_KEY } from './open-work.ts';

/** Writes on end, as the thread that applies rows does, until somebody takes its table `go` away. */
const { path, memory, firstMs = 0 } = workerData as { path: string; memory: SharedArrayBuffer; firstMs?: number };
const turns = joinWriteTurns(memory);
const db = openEncrypted(path, TEST_KEY, { durability: 'normal' });
let isGoing = true;
/** Its first transaction lasts so long, whoever waits. */
let held = firstMs;
while (isGoing) {
  turns.write(() =>
    db.transaction(() => {
      isGoing = db.value("SELECT 1 FROM sqlite_schema WHERE name = 'go'") === 1;
      for (let rows = 0; isGoing && rows < 200 && !turns.isWanted(); rows++) {
        db.run("INSERT INTO rows (writer) VALUES ('thread')");
        if (rows === 0) parentPort?.postMessage('writing');
      }
      for (const end = performance.now() + held; performance.now() < end; ) held = 0;
    }),
  );
}
db.close();
