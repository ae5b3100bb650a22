import type { Citizen } from '#shared/domain/citizen.ts';
import { DEMO_CENTRE, DEMO_CITIZENS, DEMO_TICKETS } from '#shared/domain/demo.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { CitizenId, UserId } from '#shared/kernel/ids.ts';
import { createComposer } from './composer.ts';
import { demoId } from './demo-ids.ts';
import { createFormWriter } from './form-answers.ts';
import { loadFormRecipes } from './form-pieces.ts';
import { loadMatters } from './matters.ts';
import { loadNames } from './names.ts';
import { makePeople } from './people.ts';
import { loadPhrases } from './phrases.ts';
import { loadCity } from './places.ts';
import { NOBODY, planCentre } from './plan.ts';
import { createRng } from './rng.ts';
import { createSeats } from './seats.ts';
import { createSituationMaker } from './situation.ts';
import { makeTickets } from './tickets.ts';

/** The past of a demo centre; both lists can be walked again and give the same rows each time. */
export interface DemoCentre {
  /** How many records there are: everybody who ever called but those who reported on 12350. */
  readonly records: number;
  /** Records in the order of their first ticket. */
  citizens(): Iterable<Citizen>;
  /** Oldest first, `number` null, `version` 1. */
  tickets(): Iterable<Ticket>;
}

export interface DemoCentreOptions {
  /** Ids of the demo accounts by seat, so that their own tickets are theirs. */
  readonly userIds?: ReadonlyMap<string, UserId>;
  readonly citizens?: number;
  readonly tickets?: number;
}

/**
 * An invented Nanjing hotline with two years behind it: the same seed, time and options give the same rows, ids
 * included. People and the order of their calls depend on the seed alone. Nobody in it exists, and no phone number in
 * it can be anybody's.
 * @param now epoch milliseconds, the end of the past
 */
export function generateDemoCentre(seed: number, now: number, options: DemoCentreOptions = {}): DemoCentre {
  const { citizens: citizenCount = DEMO_CITIZENS, tickets: ticketCount = DEMO_TICKETS } = options;
  const names = loadNames();
  const phrases = loadPhrases();
  const matters = loadMatters();
  const recipes = loadFormRecipes();
  const city = loadCity(names);
  const composer = createComposer(matters, phrases);
  const plan = planCentre(seed, now, ticketCount, citizenCount, matters);
  const people = makePeople(seed, citizenCount, city, names, plan.isSecret);

  const firstAt = new Float64Array(citizenCount);
  const lastAt = new Float64Array(citizenCount);
  for (const [i, citizen] of plan.caller.entries()) {
    if (citizen === NOBODY) continue;
    const at = plan.createdAt[i] ?? 0;
    if (!firstAt[citizen]) firstAt[citizen] = at;
    lastAt[citizen] = at;
  }
  const idChance = createRng(seed, 6);
  const citizenUids = people.map((_, i) => demoId<CitizenId>(idChance, firstAt[i] ?? 0));

  return {
    records: people.filter((_, i) => !plan.isSecret(i)).length,
    *citizens() {
      for (const [i, person] of people.entries()) {
        const uid = citizenUids[i];
        // Who reports on 12350 has no record: the whole centre reads records.
        if (!uid || plan.isSecret(i)) continue;
        const times = { createdAt: firstAt[i] ?? 0, updatedAt: lastAt[i] ?? 0 };
        yield { uid, centre: DEMO_CENTRE, fields: person.fields, ...times, version: 1, mergedInto: null };
      }
    },
    tickets: () => {
      const seats = createSeats(names, options.userIds ?? new Map());
      const situations = createSituationMaker(city, names, composer);
      const forms = createFormWriter(seed, recipes);
      return makeTickets({ seed, now, plan, people, citizenUids, composer, situations, forms, phrases, names, seats });
    },
  };
}
