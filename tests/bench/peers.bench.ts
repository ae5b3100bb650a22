/**
 * This product beside ready-made sync engines, the same tickets and the same machine: in every part one engine works while the others
 * wait. PEERS_PUSH, PEERS_PULL and PEERS_FIRST choose how many tickets, PEERS_ROUNDS how often
 * the push is repeated; PEERS_SKIP=1 leaves the benchmark out.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BootstrapError } from '../../scripts/bootstrap/report.mjs';
import { measureCipherCost } from './support/peers/cipher-cost.ts';
import { installPeers } from './support/peers/install-peers.ts';
import { type FirstSync, type Side, startSide } from './support/peers/side.ts';
import { type BenchRow, percentile, printTable } from './support/report.ts';

const WARM_UP = 3_000;
const PUSH = readCount('PEERS_PUSH', 10_000);
const PULL = readCount('PEERS_PULL', 100_000);
const FIRST = readCount('PEERS_FIRST', 200_000);
const ROUNDS = readCount('PEERS_ROUNDS', 3);
const CIPHER_ROWS = 10_000;
const CIPHER_ROUNDS = 5;
const PEERS = ['console', 'pouchdb', 'watermelon'] as const;
type Engine = (typeof PEERS)[number];

if (process.env.PEERS_SKIP) {
  console.log('skipped (PEERS_SKIP)');
} else {
  try {
    await installPeers();
    await compare();
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** A count from an environment variable. */
function readCount(name: string, otherwise: number): number {
  const count = Number(process.env[name] ?? otherwise);
  if (Number.isInteger(count) && count >= 1 && count <= 2_000_000) return count;
  console.error(`${name} must be a whole number from 1 to 2,000,000.`);
  process.exit(2);
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-peers-'));
  const sides = new Map<Engine, Side>();
  try {
    for (const engine of PEERS) {
      mkdirSync(join(folder, engine));
      const file = join(import.meta.dirname, 'support', 'peers', `${engine}-side.ts`);
      sides.set(engine, await startSide(file, join(folder, engine)));
    }
    /** The same measurement on every engine, one after the other. */
    const each = async <T>(what: string, work: (side: Side) => Promise<T>): Promise<Record<Engine, T>> => {
      const results: Partial<Record<Engine, T>> = {};
      for (const [engine, side] of sides) {
        const begun = performance.now();
        results[engine] = await work(side);
        console.log(`… ${what}, ${engine}: ${Math.round((performance.now() - begun) / 1_000)} s with its preparation`);
      }
      return results as Record<Engine, T>;
    };
    await each('warming up', (side) => side.push(WARM_UP));
    const pushes: Record<Engine, number>[] = [];
    for (let round = 0; round < ROUNDS; round++) pushes.push(await each('push', (side) => side.push(PUSH)));
    const push = timesOf((engine) => {
      const times = pushes.map((round) => round[engine]);
      return percentile(times, 0.5);
    });
    const pull = await each('pull', (side) => side.pull(PULL));
    const held = WARM_UP + ROUNDS * PUSH + PULL;
    const total = Math.max(FIRST, held);
    const first = await each('first sync', (side) => firstSyncOf(side, side === sides.get('console'), total));
    const cipher = measureCipherCost(folder, CIPHER_ROWS, CIPHER_ROUNDS);
    report(push, pull, total, first, cipher);
  } finally {
    for (const side of sides.values()) await side.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How a first sync of one engine went. Others may not be able to bring so many: that is said, and no reason to lose what was measured of the rest. */
async function firstSyncOf(side: Side, isOwn: boolean, total: number): Promise<FirstSync> {
  try {
    return await side.firstSync(total);
  } catch (error) {
    if (isOwn) throw error;
    console.log(`… it cannot bring ${total.toLocaleString('en')} tickets: ${String(error)}`);
    return { fetched: Number.NaN, usable: null, popAt: null };
  }
}

function report(
  push: Record<Engine, number>,
  pull: Record<Engine, number>,
  total: number,
  first: Record<Engine, FirstSync>,
  cipher: ReturnType<typeof measureCipherCost>,
): void {
  const number = (count: number) => (Number.isNaN(count) ? '–' : Math.round(count).toLocaleString('en'));
  const rates = (count: number, times: Record<Engine, number>) =>
    PEERS.map((engine) => number((1_000 * count) / times[engine])).join(' / ');
  const ratio = (times: Record<Engine, number>, peer: Engine) => times[peer] / times.console;
  const compared = (what: string, value: number, target: number | null): BenchRow => ({
    what,
    measured: Number.isNaN(value) ? '–' : `${value.toFixed(1)} ×`,
    target: target === null ? '' : `≥ ${target} ×`,
    met: target === null ? null : value >= target,
  });
  const rate = (what: string, measured: string): BenchRow => ({ what, measured, target: '', met: null });
  const fetched = timesOf((engine) => first[engine].fetched);
  const usable = timesOf((engine) => first[engine].usable ?? Number.NaN);
  const popAt = first.console.popAt ?? Number.NaN;
  console.log(
    `Load of the machine (1, 5, 15 minutes): ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
  printTable('This product / PouchDB 9 / WatermelonDB 0.28, the same tickets', [
    rate(`push of ${number(PUSH)} tickets, per second (median of ${ROUNDS})`, rates(PUSH, push)),
    compared('push, as many times PouchDB', ratio(push, 'pouchdb'), 4),
    compared('push, as many times WatermelonDB', ratio(push, 'watermelon'), 1.9),
    rate(`pull of ${number(PULL)} tickets into live indices, per second`, rates(PULL, pull)),
    compared('pull, as many times PouchDB', ratio(pull, 'pouchdb'), 8),
    compared('pull, as many times WatermelonDB', ratio(pull, 'watermelon'), 1.7),
    rate(`first sync of ${number(total)} tickets, all fetched, per second`, rates(total, fetched)),
    rate('the same until the first lookup of a caller', rates(total, usable)),
    rate('first sync until the first pop, asked at the server while the rows are on their way, ms', number(popAt)),
    compared('the same, as many times PouchDB until it has its rows, without its index', fetched.pouchdb / popAt, 12),
    compared(
      'first sync to the first lookup out of own rows alone, as many times PouchDB without its index',
      fetched.pouchdb / usable.console,
      null,
    ),
    compared('the same, PouchDB with the index of the lookup', ratio(usable, 'pouchdb'), null),
    compared('the same, WatermelonDB', ratio(usable, 'watermelon'), null),
    rate(
      `encrypted / plain cache: processor time of applying ${number(CIPHER_ROWS)} pulled tickets`,
      `${number(cipher.encrypted)} / ${number(cipher.plain)} ms = ${(cipher.encrypted / cipher.plain).toFixed(2)} ×`,
    ),
  ]);
  console.log(`
Durability: this product waits for the disk on both sides (SQLite with AEGIS-256 and synchronous=FULL for acknowledged work, NORMAL
for pulled rows; PostgreSQL with fsync). PouchDB writes LevelDB on both sides and waits for the disk on neither. WatermelonDB's client
is a plain SQLite file with fsync, its server an array in memory that checks and stores nothing.`);
}

function timesOf(time: (engine: Engine) => number): Record<Engine, number> {
  return { console: time('console'), pouchdb: time('pouchdb'), watermelon: time('watermelon') };
}
