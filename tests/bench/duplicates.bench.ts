/**
 * 疑似重复: how often the true companions of a message are among the first five candidates (real messages, pairs judged by reading),
 * and what candidates cost while somebody types into a console with 60,000 and 1,000,000 tickets.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createDuplicateFinder, type DuplicateFinder } from '#main/data/duplicates/duplicate-finder.ts';
import { findTicketByNumber } from '#main/data/repositories/ticket.repository.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { hasRealMessages, readRealMessages } from '../support/real-messages.ts';
import { type BenchCache, fillBenchCache, inBenchCache } from './support/bench-cache.ts';
import { createRandom } from './support/bench-tickets.ts';
import { boardRows, boardTickets } from './support/board-rows.ts';
import { type BenchRow, ms, percentile, printTable, sample } from './support/report.ts';

const SIZES = (process.env.BENCH_SIZES ?? '60000,1000000').split(',').map(Number);
const CENTRE = '320100';
const TOP = 5;
const DEEP = 50;
const LIKELY = 0.5;
/** Messages typed in, each in three states. */
const TYPED = 400;
/** Companions that share less than this of their words are no copies of each other. */
const COPY_PERCENT = 50;

const pairsSchema = z.object({
  about: z.array(z.string()),
  groups: z.array(z.array(z.string()).min(2)),
  strangers: z.array(z.tuple([z.string(), z.string()])),
});

if (hasRealMessages('hot.jsonl')) await measureRecall();
for (const size of SIZES) await measureSpeed(size);

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function finderOf(cache: BenchCache): DuplicateFinder {
  return createDuplicateFinder(cache.db, cache.search.tokens, CENTRE);
}

function measureRecall(): Promise<void> {
  return inFolder(async (folder) => {
    const { groups, strangers } = pairsSchema.parse(
      JSON.parse(readFileSync(new URL('./data/hot-pairs.json', import.meta.url), 'utf8')),
    );
    const tickets = boardTickets(readRealMessages('hot.jsonl'));
    const ids = new Map([...tickets].map(([id, ticket]) => [ticket.uid, id]));
    const cache = await fillBenchCache(folder, tickets.size, boardRows(tickets));
    const finder = finderOf(cache);
    /** Ids of the candidates of a message, the likeliest first, with how likely they are. */
    const candidates = (id: string) => {
      const ticket = forceUnwrap(`message ${id} is on the board`, tickets.get(id));
      return finder
        .find({ ...ticket.fields, at: ticket.createdAt, uid: ticket.uid }, DEEP)
        .map(({ stored, likeness }) => ({ id: ids.get(stored.ticket.uid) ?? '', likeness }));
    };

    const all = { messages: 0, hit: 0, found: 0, possible: 0, reciprocal: 0 };
    const apart = { messages: 0, hit: 0 };
    const ofGroups: number[] = [];
    for (const group of groups) {
      let hits = 0;
      for (const id of group) {
        const companions = new Set(group.filter((other) => other !== id));
        const found = candidates(id);
        const first = found.findIndex((candidate) => companions.has(candidate.id));
        const inTop = found.slice(0, TOP).filter((candidate) => companions.has(candidate.id));
        const isCopied = found.some(
          ({ id: other, likeness }) =>
            companions.has(other) &&
            likeness.reasons.some((reason) => reason.kind === 'words' && reason.percent >= COPY_PERCENT),
        );
        all.messages += 1;
        all.hit += Number(inTop.length > 0);
        all.found += inTop.length;
        all.possible += Math.min(TOP, companions.size);
        all.reciprocal += first < 0 ? 0 : 1 / (first + 1);
        if (!isCopied) {
          apart.messages += 1;
          apart.hit += Number(inTop.length > 0);
        }
        hits += Number(inTop.length > 0);
      }
      ofGroups.push(hits / group.length);
    }
    const wrong = strangers.filter(([a, b]) => {
      const found = candidates(a).find((candidate) => candidate.id === b);
      return found !== undefined && found.likeness.probability >= LIKELY;
    });
    await cache.close();

    const share = (part: number, whole: number) => `${part} / ${whole} = ${((100 * part) / whole).toFixed(1)} %`;
    const mean = ofGroups.reduce((sum, each) => sum + each, 0) / ofGroups.length;
    printTable(`疑似重复 on ${tickets.size.toLocaleString('en')} real messages, ${groups.length} judged groups`, [
      row('messages with a true companion in the top 5', share(all.hit, all.messages)),
      row('the same, each group counted once', `${(100 * mean).toFixed(1)} % of ${groups.length} groups`),
      row('the same, where no companion is half a copy', share(apart.hit, apart.messages)),
      row('companions in the top 5 of those that fit into it (recall@5)', share(all.found, all.possible)),
      row(
        'mean reciprocal rank of the first companion',
        `${(all.reciprocal / all.messages).toFixed(3)} over ${all.messages}`,
      ),
      row('judged strangers called likely (≥ 50 %)', share(wrong.length, strangers.length)),
    ]);
  });
}

function row(what: string, measured: string): BenchRow {
  return { what, measured, target: '', met: null };
}

function measureSpeed(size: number): Promise<void> {
  return inBenchCache('demo', size, (cache) => {
    const random = createRandom(size);
    const typed = Array.from({ length: TYPED }, () => {
      const stored = findTicketByNumber(cache.db, 1 + Math.floor(random() * size));
      return forceUnwrap('every number has its ticket', stored).parse().ticket;
    });
    const finder = finderOf(cache);
    const stages = [0.3, 0.6, 1].flatMap((told) => typed.map((ticket) => ({ ticket, told })));
    // A call after the other: what was kept of the one before is of little use.
    let found = 0;
    const samples = sample(stages.length, (i) => {
      const { ticket, told } = forceUnwrap('one stage per sample', stages[i]);
      const { fields } = ticket;
      const probe = {
        ...fields,
        title: told < 1 ? '' : fields.title,
        content: fields.content.slice(0, Math.ceil(fields.content.length * told)),
        at: cache.context.clock.now(),
        uid: ticket.uid,
      };
      found += finder.find(probe, TOP).length;
    });
    if (found < stages.length) throw new Error('hardly any candidates were found');
    const million = size >= 1_000_000;
    const p = (share: number) => ms(percentile(samples, share));
    printTable(`疑似重复 with ${size.toLocaleString('en')} tickets of the demo centre`, [
      {
        what: `candidates for a call being typed (${stages.length} queries), p50 / p95 / p99`,
        measured: `${p(0.5)} / ${p(0.95)} / ${p(0.99)}`,
        target: million ? 'p95 ≤ 50 ms' : '',
        met: million ? percentile(samples, 0.95) <= 50 : null,
      },
      row('tickets indexed, per second', Math.round(cache.indexedPerSecond).toLocaleString('en')),
    ]);
  });
}
