import { migrate } from '#main/data/db/migrate.ts';
import { CACHE_MIGRATIONS } from '#main/data/db/migrations/cache-migrations.ts';
import { openEncrypted } from '#main/data/db/open.ts';

/** Runs a step of two statements and kills itself after the given number of them (3 = after the commit). */
const [path = '', key = '', stopAfter = ''] = process.argv.slice(2);
const stop = (statement: number) => {
  if (statement === Number(stopAfter)) process.kill(process.pid, 'SIGKILL');
};
migrate(openEncrypted(path, key), [
  ...CACHE_MIGRATIONS,
  {
    version: 9_990,
    name: 'two statements',
    up(db) {
      stop(0);
      db.exec('CREATE TABLE step_a (a)');
      stop(1);
      db.exec('CREATE TABLE step_b (a)');
      stop(2);
    },
  },
]);
stop(3);
