import type { CategorySuggestion, Suggestions, SuggestStatus } from '#shared/contract/suggest.contract.ts';
import type { CategoryEntry } from '#shared/domain/category.ts';
import { guessCategories } from '#shared/domain/suggest/category-model.ts';
import { decodeSuggester, encodeSuggester, type Suggester } from '#shared/domain/suggest/model-codec.ts';
import { createFeatureReader, type SuggestText } from '#shared/domain/suggest/text-features.ts';
import { guessUnit } from '#shared/domain/suggest/unit-history.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { countCategoryChoices } from '../repositories/category-choice.repository.ts';
import { countCached } from '../repositories/scope.repository.ts';
import { learnSuggester } from './learn-suggester.ts';
import type { ModelFile } from './model-file.ts';

/** Suggests categories and units, learnt from the tickets of this console. */
export interface CategorySuggester {
  suggest(text: SuggestText, divisionCode: string | null, categoryCode: string | null): Suggestions;
  status(): SuggestStatus;
  /** There may be enough new tickets to learn from again. */
  wake(): void;
  /** Waits until nothing is left to learn. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Fewer tickets than this say less than the names of the categories do. */
const FEWEST_TICKETS = 200;
/** Learnt again when the history has grown by a twentieth of what was learnt from, but not for a few tickets, */
const GROWN_BY = 0.05;
const GROWN_AT_LEAST = 500;
/** and not all the time where thousands of tickets arrive in an hour. */
const REST_MS = 3_600_000;
const SHOWN = 3;
/** Less likely suggestions are not worth reading. */
const FAINT = 0.1;

export interface SuggesterDeps {
  readonly db: ReadableDb;
  readonly file: ModelFile;
  /** The leaves there are; asked for when they are needed first. */
  categories(): readonly CategoryEntry[];
  readonly clock: Clock;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Asked between slices: something more urgent runs, or the disk is full. */
  readonly isPaused: () => boolean;
  /** A newer model answers now. */
  readonly onLearnt: () => void;
  readonly onError: (error: unknown) => void;
}

export function createCategorySuggester(deps: SuggesterDeps): CategorySuggester {
  const { db, file, clock } = deps;
  const reader = createFeatureReader();
  let known: ReadonlySet<string> | null = null;
  let model: Suggester | null = null;
  let closed = false;
  let running: Promise<void> | null = null;
  let again = false;

  const load = async () => {
    const bytes = await file.read();
    model = bytes && decodeSuggester(bytes);
    // Damaged, or of an older format: learnt anew below.
    if (!model) await file.remove();
    else deps.onLearnt();
  };
  const loading = load().catch(deps.onError);

  const isDue = (): boolean => {
    if (!model) return true;
    const { history, learntAt, categories } = model;
    // A history that became another one (the cache was started anew) counts as well.
    const grown = Math.abs(countCached(db).tickets - history);
    // What a console knows by names only is replaced as soon as there is something better.
    if (categories.learntFrom.tickets < FEWEST_TICKETS) return grown >= FEWEST_TICKETS;
    const rested = Math.abs(clock.now() - learntAt) >= REST_MS;
    return rested && grown >= Math.max(GROWN_AT_LEAST, GROWN_BY * categories.learntFrom.tickets);
  };

  const run = async () => {
    await loading;
    do {
      again = false;
      if (closed || deps.isPaused() || !isDue()) return;
      const learnt = await learnSuggester({ ...deps, isStopped: () => closed });
      if (!learnt) return;
      model = learnt;
      deps.onLearnt();
      // Without room on the disk the model serves until the session ends.
      await file.write(encodeSuggester(learnt)).catch(deps.onError);
    } while (again);
  };

  const basisOf = (current: Suggester | null) =>
    !current ? 'learning' : current.categories.learntFrom.tickets < FEWEST_TICKETS ? 'names' : 'history';

  return {
    suggest: (text, divisionCode, categoryCode) => {
      const basis = basisOf(model);
      if (!model || basis === 'learning') return { basis, suggestions: [], unit: null };
      const { categories, units } = model;
      known ??= new Set(deps.categories().map((entry) => entry.code));
      const leaves = known;
      const suggestions = guessCategories(categories, reader, text, SHOWN)
        // A category may have left the tree since.
        .filter(({ code, confidence }) => leaves.has(code) && confidence >= FAINT)
        .map(
          ({ code, confidence }): CategorySuggestion => ({
            code,
            confidence,
            unit: guessUnit(units, code, divisionCode),
          }),
        );
      return { basis, suggestions, unit: categoryCode === null ? null : guessUnit(units, categoryCode, divisionCode) };
    },
    status: () => {
      const { tickets, unseen, first, amongThree } = model?.categories.learntFrom ?? NOTHING_LEARNT;
      return {
        basis: basisOf(model),
        learntAt: model?.learntAt ?? null,
        tickets,
        unseen: { tickets: unseen, first, amongThree },
        choices: countCategoryChoices(db),
      };
    },
    wake: () => {
      if (closed) return;
      again = true;
      running ??= run()
        .catch(deps.onError)
        .finally(() => {
          running = null;
        });
    },
    idle: async () => {
      await loading;
      await running;
    },
    close: async () => {
      closed = true;
      await loading;
      await running;
    },
  };
}

const NOTHING_LEARNT = { tickets: 0, unseen: 0, first: 0, amongThree: 0 } as const;
