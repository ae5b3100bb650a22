import { systemClock } from '#shared/kernel/clock.ts';
import { runAccountCommand } from './accounts/account-command.ts';
import { readConfig } from './config.ts';
import { runKnowledgeCommand } from './knowledge/knowledge-command.ts';
import { createLog, type Log } from './log.ts';
import { runOpen311KeyCommand } from './open311/open311-command.ts';
import { startServer } from './server.ts';
import { StartupError } from './startup-error.ts';
import { runUnitKeyCommand, runUnitWebhookCommand } from './units/unit-commands.ts';
import { runPartitionCommand } from './upkeep/partition-command.ts';
import { runPersonCommand } from './upkeep/person-command.ts';
import { runRestoredCommand } from './upkeep/restored-command.ts';

/** Time after which a shutdown that hangs is cut short; committed work is safe in PostgreSQL's log. */
const SHUTDOWN_LIMIT_MS = 60_000;

const log = createLog(systemClock, (line) => void process.stdout.write(line));

/** Commands beside the server itself, each with its own arguments. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<unknown>>> = {
  account: runAccountCommand,
  knowledge: runKnowledgeCommand,
  person: runPersonCommand,
  partition: runPartitionCommand,
  'unit-key': runUnitKeyCommand,
  'unit-webhook': runUnitWebhookCommand,
  'open311-key': runOpen311KeyCommand,
  restored: runRestoredCommand,
};

const [, , command = '', ...rest] = process.argv;
await (COMMANDS[command]?.(rest) ?? run()).catch(failStart);

async function run(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  let isStopping = false;
  const starting = startServer(config, { clock: systemClock, log });
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info('stopping', { signal });
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    starting
      .then((server) => server.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => exitWith(error, log),
      );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  const server = await starting;
  try {
    await server.ready;
  } catch (error) {
    if (isStopping) return;
    await server.stop().catch(() => {});
    throw error;
  }
}

function failStart(error: unknown): void {
  exitWith(error, log);
}

function exitWith(error: unknown, target: Log): never {
  if (error instanceof StartupError) {
    target.error('fatal', error, { code: error.code, hint: error.message });
    process.stderr.write(`${error.message}\n`);
  } else if (isPortTaken(error)) {
    target.error('fatal', error);
    process.stderr.write('The port is in use by another program; choose one with --port.\n');
  } else {
    target.error('fatal', error);
    process.stderr.write('The server could not start because of an unexpected error; see the last log line.\n');
  }
  process.exit(1);
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
