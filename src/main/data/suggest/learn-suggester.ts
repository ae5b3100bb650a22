import type { CategoryEntry } from '#shared/domain/category.ts';
import type { Suggester } from '#shared/domain/suggest/model-codec.ts';
import { nameSamples } from '#shared/domain/suggest/name-samples.ts';
import { createCategoryTrainer } from '#shared/domain/suggest/train-categories.ts';
import { countUnits } from '#shared/domain/suggest/unit-history.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { countCached } from '../repositories/scope.repository.ts';
import { listTicketsBelowNumber } from '../repositories/ticket.repository.ts';

/**
 * Newest tickets that are learnt from, of however many there are: what people call about changes, and so do the units; 20,000 take
 * some 100 MB and a few seconds while they are learnt, and on real messages most of what there is to gain comes from the first
 * thousands.
 */
const MOST_TICKETS = 20_000;
const CHUNK = 8;
/** One slice of work; nobody waits longer for it than this and one step. */
const SLICE_MS = 4;
/** Between two slices, so that learning takes half of one core at most. */
const REST_MS = 4;
/** How often it is asked whether learning may go on. */
const PAUSE_MS = 250;

export interface LearnDeps {
  readonly db: ReadableDb;
  categories(): readonly CategoryEntry[];
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly isPaused: () => boolean;
  /** The session ends: give up. */
  readonly isStopped: () => boolean;
}

/**
 * Learns categories and units from the newest tickets, in short slices with everything else in between.
 * @returns null when it was stopped
 */
export async function learnSuggester(deps: LearnDeps): Promise<Suggester | null> {
  const work = learn(deps);
  for (;;) {
    const begun = deps.elapsed();
    let step = work.next();
    while (!step.done && deps.elapsed() - begun < SLICE_MS) step = work.next();
    if (step.done) return step.value;
    await pause(REST_MS);
    while (deps.isPaused() && !deps.isStopped()) await pause(PAUSE_MS);
    if (deps.isStopped()) return null;
  }
}

function* learn({ db, clock, ...deps }: LearnDeps): Generator<void, Suggester> {
  const categories = deps.categories();
  const history = countCached(db).tickets;
  const trainer = createCategoryTrainer();
  const units = countUnits();
  const known = new Set(categories.map((entry) => entry.code));
  for (let below = Number.MAX_SAFE_INTEGER; trainer.tickets < MOST_TICKETS; ) {
    const chunk = listTicketsBelowNumber(db, below, CHUNK);
    for (const raw of chunk) {
      const { fields, unit } = raw.parse().ticket;
      const { categoryCode, title, content, originalWords, place } = fields;
      if (categoryCode === null || !known.has(categoryCode)) continue;
      trainer.add({ text: { title, content, originalWords }, code: categoryCode });
      if (unit !== null && unit !== '') units.add(categoryCode, place.divisionCode, unit);
    }
    const last = chunk.at(-1)?.number ?? null;
    if (chunk.length < CHUNK || last === null) break;
    below = last - 1;
    yield;
  }
  for (const sample of nameSamples(categories)) trainer.addName(sample);
  yield;
  return {
    categories: yield* trainer.train(),
    units: yield* units.finish(),
    history,
    learntAt: clock.now(),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
