/** Search in the encrypted cache at two sizes: every kind of query an agent types, filters, people, and recall against a plain scan. */
import { listTicketsBelowNumber } from '#main/data/repositories/ticket.repository.ts';
import { searchableText } from '#main/data/repositories/ticket-text.ts';
import { toPersonHit } from '#main/data/services/person.service.ts';
import { type BenchCache, inBenchCache } from './support/bench-cache.ts';
import { benchTicket, createRandom } from './support/bench-tickets.ts';
import { ms, percentile, sampleWork } from './support/report.ts';
import { PEOPLE_KINDS, part, TICKET_KINDS } from './support/search-kinds.ts';

const SIZES = (process.env.BENCH_SIZES ?? '60000,1000000').split(',').map(Number);
/** Queries of each kind, all different. */
const QUERIES = 200;
/** Others asked before, untimed. */
const WARMING = 50;
/** Random substrings whose newest hits are compared with a plain scan. */
const COMPARED = 100;
const NEWEST = 20;

for (const size of SIZES) {
  await inBenchCache('random', size, (cache) => {
    measure(cache, size);
    compare(cache, size);
  });
}

/** Times every kind of query and prints the table of docs/performance.md. */
function measure({ search, context, citizens }: BenchCache, size: number): void {
  const random = createRandom(size);
  const isMillion = size >= 1_000_000;
  console.log(
    `\n### Search, newest ${NEWEST} of ${size.toLocaleString('en')} tickets and ${citizens.toLocaleString('en')} people\n`,
  );
  console.log(
    `| query | p50 | p99 | worst | work p50 | work p99 | cut short | met${isMillion ? ' (p99 ≤ 5 ms, worst ≤ 100 ms)' : ''} |`,
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  const everything = { waited: [] as number[], worked: [] as number[], cut: 0 };
  const printRow = (what: string, waited: readonly number[], worked: readonly number[], cut: number) => {
    const [p99, worst] = [percentile(waited, 0.99), percentile(waited, 1)];
    const met = !isMillion ? '' : p99 <= 5 && worst <= 100 ? 'yes' : worst <= 100 ? '**p99 no**' : '**no**';
    const columns = [
      what,
      ms(percentile(waited, 0.5)),
      ms(p99),
      ms(worst),
      ms(percentile(worked, 0.5)),
      ms(percentile(worked, 0.99)),
      `${cut} of ${waited.length}`,
      met,
    ];
    console.log(`| ${columns.join(' | ')} |`);
  };
  for (const { what, make } of [...TICKET_KINDS, ...PEOPLE_KINDS]) {
    const asked = Array.from({ length: QUERIES + WARMING }, () =>
      make(benchTicket(1 + Math.floor(random() * size), citizens), random),
    );
    const isPeople = what.startsWith('people');
    const find = (i: number) => {
      const { query = '', filter = null } = asked[i] ?? {};
      return isPeople
        ? search.searchPersons(query, NEWEST, (citizen, marks) => toPersonHit(context, citizen, marks))
        : search.search(query, NEWEST, filter);
    };
    // Compiled by the engine and read from the disk once, as in any hour of a shift but its first minutes.
    for (let i = QUERIES; i < QUERIES + WARMING; i++) find(i);
    let cut = 0;
    const { waited, worked } = sampleWork(QUERIES, (i) => {
      if (find(i).incomplete) cut++;
    });
    printRow(what, waited, worked, cut);
    everything.waited.push(...waited);
    everything.worked.push(...worked);
    everything.cut += cut;
  }
  printRow('every kind together', everything.waited, everything.worked, everything.cut);
}

/** Compares the newest hits of random substrings with those of a scan over every ticket (LIKE '%…%'). */
function compare({ search, db }: BenchCache, size: number): void {
  const random = createRandom(size + 1);
  const queries = Array.from({ length: COMPARED }, (_, i) => {
    const text = searchableText(benchTicket(1 + Math.floor(random() * size), Math.max(1, Math.floor(size / 3))));
    return { query: part(text.replaceAll('\n', ''), 1 + (i % 6), random).trim(), expected: [] as number[] };
  }).filter(({ query }) => query !== '' && !/^\d+$/.test(query));
  let open = queries;
  for (let below = Number.MAX_SAFE_INTEGER; open.length > 0; ) {
    const chunk = listTicketsBelowNumber(db, below, 1_000);
    for (const raw of chunk) {
      const text = searchableText(raw.parse().ticket);
      for (const { query, expected } of open) if (text.includes(query)) expected.push(raw.number ?? 0);
    }
    open = open.filter(({ expected }) => expected.length < NEWEST);
    const last = chunk.at(-1)?.number;
    if (!last) break;
    below = last - 1;
  }
  let wanted = 0;
  let found = 0;
  let cut = 0;
  for (const { query, expected } of queries) {
    // Letters are also looked for as readings: what else they find may push what the scan finds off the page.
    const result = search.search(query, /[a-z]/.test(query) ? 100 : NEWEST);
    const numbers = new Set(result.tickets.map(({ number }) => number));
    const newest = expected.slice(0, NEWEST);
    wanted += newest.length;
    found += newest.filter((number) => numbers.has(number)).length;
    if (result.incomplete) cut++;
  }
  const recall = wanted === 0 ? 1 : found / wanted;
  console.log(
    `\nRecall against a scan of every ticket, ${queries.length} random substrings of 1–6 characters: ` +
      `${(recall * 100).toFixed(2)} % of ${wanted} (${cut} queries cut short)`,
  );
}
