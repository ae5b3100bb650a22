import fc from 'fast-check';

/** The day `npm test` began to throw the same dice every time. */
const SEED = 20_261_127;

/**
 * Vitest setup: properties are tried on the same examples in every run, so that a change is refused for what it did and never for a
 * rare coincidence of an old test. `PROPERTY_SEED=random` looks for new counterexamples, `PROPERTY_SEED=<number>` repeats a run; what
 * is found becomes an example with a name.
 */
const wished = process.env.PROPERTY_SEED ?? '';
if (wished !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wished) || SEED });
