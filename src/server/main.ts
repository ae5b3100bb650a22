import { systemClock } from '#shared/kernel/clock.ts';
import { runAccountCommand } from './accounts/account-command.ts';
import { readConfig } from './config.ts';
import { runKnowledgeCommand } from './knowledge/knowledge-command.ts';
import { createLog, type Log } from './log.ts';
import { startServer } from './server.ts';
import { StartupError } from './startup-error.ts';
import { runUnitKeyCommand } from './units/unit-key-command.ts';
import { runPartitionCommand } from './upkeep/partition-command.ts';
import { runPersonCommand } from './upkeep/person-command.ts';
import { runRestoredCommand } from './upkeep/restored-command.ts';

/** Time after which a shutdown that hangs is cut short; committed work is safe in PostgreSQL's log. */
const SHUTDOWN_LIMIT_MS = 60_000;

const log = createLog(systemClock, (line) => void process.stdout.write(line));

const [, , command, ...rest] = process.argv;
if (command === 'account') {
  await runAccountCommand(rest).catch(failStart);
} else if (command === 'knowledge') {
  await runKnowledgeCommand(rest).catch(failStart);
} else if (command === 'person') {
  await runPersonCommand(rest).catch(failStart);
} else if (command === 'partition') {
  await runPartitionCommand(rest).catch(failStart);
} else if (command === 'unit-key') {
  await runUnitKeyCommand(rest).catch(failStart);
} else if (command === 'restored') {
  await runRestoredCommand(rest).catch(failStart);
} else {
  await run().catch(failStart);
}

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
