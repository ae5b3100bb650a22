import { join } from 'node:path';
import { parseArgs } from 'node:util';
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
  return {
    mode: values.demo ? 'demo' : 'production',
    dataDir: values.data ?? '.server-data',
    filesDir: values.files ?? join(values.data ?? '.server-data', 'attachments'),
    databaseUrl: env.DATABASE_URL || null,
    host: values.host ?? '127.0.0.1',
    port,
    trustProxy: env.HOTLINE_TRUST_PROXY === '1',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        demo: { type: 'boolean', default: false },
        data: { type: 'string' },
        files: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new StartupError(
      'BAD_ARGUMENTS',
      'Usage: npm run server -- [--demo] [--data DIR] [--files DIR] [--port N] [--host H], or: npm run server -- account add …, knowledge import …',
      { cause },
    );
  }
}
