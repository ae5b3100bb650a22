/** Search in the encrypted cache at two sizes: every kind of query an agent types, filters, people, and recall against a plain scan. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listTicketsBelowNumber } from '#main/data/repositories/ticket.repository.ts';
import { searchableText } from '#main/data/repositories/ticket-text.ts';
import { toPersonHit } from '#main/data/services/person.service.ts';
import type { TicketFilter } from '#shared/contract/data.contract.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { readCharacter } from '#shared/kernel/readings.ts';
import { type BenchCache, fillBenchCache } from './support/bench-cache.ts';
import { benchTicket, createRandom } from './support/bench-tickets.ts';
import { ms, percentile, sample } from './support/report.ts';

const SIZES = (process.env.BENCH_SIZES ?? '60000,1000000').split(',').map(Number);
/** Queries of each kind, all different. */
const QUERIES = 200;
/** Random substrings whose newest hits are compared with a plain scan. */
const COMPARED = 100;
const NEWEST = 20;
const DAY_MS = 86_400_000;

/** One kind of query: how one is made out of a stored ticket. */
interface Kind {
  readonly what: string;
  readonly make: (ticket: Ticket, random: () => number) => { readonly query: string; readonly filter?: TicketFilter };
}

const part = (text: string, length: number, random: () => number) => {
  const at = Math.floor(random() * Math.max(1, text.length - length));
  return text.slice(at, at + length);
};
const read = (text: string, length = Number.MAX_SAFE_INTEGER) =>
  Array.from(text, (character) => (readCharacter(character)[0] ?? '').slice(0, length)).join('');
const road = ({ fields }: Ticket) => fields.place.address.replace(/\d.*$/, '');

const TICKETS: readonly Kind[] = [
  { what: 'one character', make: ({ fields }, random) => ({ query: part(fields.content, 1, random) }) },
  { what: 'two characters', make: ({ fields }, random) => ({ query: part(fields.content, 2, random) }) },
  { what: 'five characters', make: ({ fields }, random) => ({ query: part(fields.content, 5, random) }) },
  {
    what: 'three characters of two common pairs',
    make: ({ fields }, random) => ({ query: part(fields.content, 2, random) + part(fields.content, 1, random) }),
  },
  {
    what: 'three words',
    make: ({ fields }, random) => ({ query: [1, 2, 3].map(() => part(fields.content, 2, random)).join(' ') }),
  },
  { what: 'name', make: ({ fields }) => ({ query: fields.caller.name }) },
  { what: 'initials of a name', make: ({ fields }) => ({ query: read(fields.caller.name, 1) }) },
  { what: '拼音 of a name', make: ({ fields }) => ({ query: read(fields.caller.name) }) },
  { what: 'initials of a road', make: (ticket) => ({ query: read(road(ticket), 1) }) },
  { what: '拼音 of a road, half typed', make: (ticket) => ({ query: read(road(ticket)).slice(0, -1) }) },
  { what: 'road and number', make: ({ fields }) => ({ query: fields.place.address }) },
  {
    what: 'three digits of a phone',
    make: ({ fields }, random) => ({ query: part(fields.caller.phone, 3, random) }),
  },
  { what: 'last four digits of a phone', make: ({ fields }) => ({ query: fields.caller.phone.slice(-4) }) },
  {
    what: 'phone as written',
    make: ({ fields: { caller } }) => ({ query: `+86 ${caller.phone.slice(0, 3)}-${caller.phone.slice(3)}` }),
  },
  {
    what: 'ticket number',
    make: (ticket) => ({ query: formatTicketNumber(ticket.number ?? 0, ticket.acceptedAt ?? 0) }),
  },
  {
    what: 'words that nothing has',
    make: ({ fields }, random) => ({ query: `${part(fields.content, 2, random)}龘${part(fields.content, 2, random)}` }),
  },
  { what: 'state alone', make: ({ status }) => ({ query: '', filter: { statuses: [status] } }) },
  {
    what: 'category, street and agent alone',
    make: ({ fields, createdById }) => ({
      query: '',
      filter: {
        category: fields.categoryCode ?? '',
        division: fields.place.divisionCode ?? '',
        agents: [createdById ?? ''],
      },
    }),
  },
  {
    what: 'one day alone',
    make: ({ createdAt }) => ({ query: '', filter: { from: createdAt, to: createdAt + DAY_MS } }),
  },
  {
    what: 'two characters in a category',
    make: ({ fields }, random) => ({
      query: part(fields.content, 2, random),
      filter: { category: (fields.categoryCode ?? '').slice(0, 2) },
    }),
  },
  {
    what: 'two characters, rare filter',
    make: ({ fields, createdById }, random) => ({
      query: part(fields.content, 2, random),
      filter: { category: fields.categoryCode ?? '', agents: [createdById ?? ''] },
    }),
  },
  {
    what: 'one character, rare filter',
    make: ({ fields, createdById }, random) => ({
      query: part(fields.content, 1, random),
      filter: { category: fields.categoryCode ?? '', agents: [createdById ?? ''] },
    }),
  },
  {
    what: 'words that nothing has, common filter',
    make: ({ fields, status }, random) => ({
      query: part(fields.content, 2, random) + part(fields.content, 1, random),
      filter: { statuses: [status] },
    }),
  },
  {
    what: 'initials of a road in a district',
    make: (ticket) => ({
      query: read(road(ticket), 1),
      filter: { division: (ticket.fields.place.divisionCode ?? '').slice(0, 6) },
    }),
  },
];

const PEOPLE: readonly Kind[] = [
  { what: 'people: name', make: ({ fields }) => ({ query: fields.caller.name }) },
  { what: 'people: surname', make: ({ fields }) => ({ query: fields.caller.name.slice(0, 1) }) },
  { what: 'people: initials', make: ({ fields }) => ({ query: read(fields.caller.name, 1) }) },
  { what: 'people: last four digits', make: ({ fields }) => ({ query: fields.caller.phone.slice(-4) }) },
];

for (const size of SIZES) {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  try {
    const cache = await fillBenchCache(folder, size);
    measure(cache, size);
    compare(cache, size);
    await cache.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Times every kind of query and prints the table of docs/performance.md. */
function measure({ search, context, citizens }: BenchCache, size: number): void {
  const random = createRandom(size);
  const isMillion = size >= 1_000_000;
  console.log(
    `\n### Search, newest ${NEWEST} of ${size.toLocaleString('en')} tickets and ${citizens.toLocaleString('en')} people\n`,
  );
  console.log(`| query | p50 | p99 | worst | cut short | met${isMillion ? ' (p99 ≤ 5 ms, worst ≤ 100 ms)' : ''} |`);
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const { what, make } of [...TICKETS, ...PEOPLE]) {
    const asked = Array.from({ length: QUERIES }, () =>
      make(benchTicket(1 + Math.floor(random() * size), citizens), random),
    );
    const isPeople = what.startsWith('people');
    let cut = 0;
    const times = sample(QUERIES, (i) => {
      const { query = '', filter = null } = asked[i] ?? {};
      const found = isPeople
        ? search.searchPersons(query, NEWEST, (citizen, marks) => toPersonHit(context, citizen, marks))
        : search.search(query, NEWEST, filter);
      if (found.incomplete) cut++;
    });
    const [p99, worst] = [percentile(times, 0.99), percentile(times, 1)];
    const met = !isMillion ? '' : p99 <= 5 && worst <= 100 ? 'yes' : worst <= 100 ? '**p99 no**' : '**no**';
    console.log(
      `| ${what} | ${ms(percentile(times, 0.5))} | ${ms(p99)} | ${ms(worst)} | ${cut} of ${QUERIES} | ${met} |`,
    );
  }
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
