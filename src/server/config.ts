import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { centreSchema } from '#shared/domain/roles.ts';
import { StartupError } from './startup-error.ts';

export interface ServerConfig {
  readonly mode: 'demo' | 'production';
  /** Folder of the embedded PostgreSQL. */
  readonly dataDir: string;
  /** Folder of the files of tickets. */
  readonly filesDir: string;
  /** Existing PostgreSQL instead of the embedded one. */
  readonly databaseUrl: string | null;
  readonly host: string;
  readonly port: number;
  /** Take client addresses from X-Forwarded-For: only behind a proxy that sets it. */
  readonly trustProxy: boolean;
  /** The set of clock presets a centre chose, by centre; the others have the first of resources/clock-presets.json. */
  readonly clockSets: ReadonlyMap<string, string>;
  /** Centres that answer Open311; none unless said. */
  readonly open311: ReadonlySet<string>;
  /** Units of the demo centre sign and answer by themselves. */
  readonly simulatesUnits: boolean;
  /** Agents of the demo centre are at work beside the person who looks. */
  readonly simulatesSeats: boolean;
}

/**
 * Settings from the command line and the environment.
 * @throws StartupError BAD_ARGUMENTS
 */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): ServerConfig {
  const { values } = parse(args);
  const port = values.port === undefined ? 12_345 : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StartupError(
      'BAD_ARGUMENTS',
      `--port takes a number from 0 (any free port) to 65535, not "${values.port}".`,
    );
  }
  if (values.units && !values.demo) {
    throw new StartupError('BAD_ARGUMENTS', '--units simulates handling units: only with --demo.');
  }
  if (values.seats && !values.demo) {
    throw new StartupError('BAD_ARGUMENTS', '--seats simulates agents at work: only with --demo.');
  }
  return {
    mode: values.demo ? 'demo' : 'production',
    dataDir: values.data ?? '.server-data',
    filesDir: values.files ?? join(values.data ?? '.server-data', 'attachments'),
    databaseUrl: env.DATABASE_URL || null,
    host: values.host ?? '127.0.0.1',
    port,
    trustProxy: env.HOTLINE_TRUST_PROXY === '1',
    clockSets: readClockSets(env.HOTLINE_CLOCKS ?? ''),
    open311: readCentres(env.HOTLINE_OPEN311 ?? ''),
    simulatesUnits: values.units,
    simulatesSeats: values.seats,
  };
}

/**
 * Which limits centres have: `320100=shanghai,110000=beijing`.
 * @throws StartupError BAD_ARGUMENTS for a centre that is none or named twice, or a set that is not there
 */
export function readClockSets(text: string): ReadonlyMap<string, string> {
  const { setIds } = shippedClockRules();
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  const sets = new Map<string, string>();
  for (const pair of pairs) {
    const [centre = '', set = '', ...rest] = pair.split('=').map((part) => part.trim());
    const isOne = rest.length === 0 && centreSchema.safeParse(centre).success && setIds.includes(set);
    if (!isOne || sets.has(centre)) {
      const taken = `HOTLINE_CLOCKS takes centre=set, each centre once, separated by commas, with one of ${setIds.join(', ')}`;
      throw new StartupError('BAD_ARGUMENTS', `${taken}; not "${pair.trim()}".`);
    }
    sets.set(centre, set);
  }
  return sets;
}

/** @throws StartupError BAD_ARGUMENTS for what is no centre */
function readCentres(text: string): ReadonlySet<string> {
  const centres = text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  const wrong = centres.find((one) => !centreSchema.safeParse(one).success);
  if (wrong === undefined) return new Set(centres);
  throw new StartupError('BAD_ARGUMENTS', `HOTLINE_OPEN311 takes centres with commas between them; not "${wrong}".`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        demo: { type: 'boolean', default: false },
        units: { type: 'boolean', default: false },
        seats: { type: 'boolean', default: false },
        data: { type: 'string' },
        files: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new StartupError(
      'BAD_ARGUMENTS',
      'Usage: npm run server -- [--demo [--units] [--seats]] [--data DIR] [--files DIR] [--port N] [--host H], or: npm run server -- account add …, unit-key add …, knowledge import …',
      { cause },
    );
  }
}
