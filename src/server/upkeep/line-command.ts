import { type ParseArgsConfig, parseArgs } from 'node:util';
import type pg from 'pg';
import { z } from 'zod';
import { badArguments } from '../command-arguments.ts';
import { StartupError } from '../startup-error.ts';
import { withDatabase } from './with-database.ts';

/** Work in the database that ends with one line on standard output. */
export type LineWork = (client: pg.Client) => Promise<object>;
/** Options as they were written. */
export type Written = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Runs `<command> <action> --option …`: everything that was written is checked before the database is opened.
 * @param choose the work of an action; null for one that is none. What it throws is a mistake in the arguments
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export async function runLineCommand(
  [action = '', ...args]: readonly string[],
  usage: string,
  options: NonNullable<ParseArgsConfig['options']>,
  choose: (action: string, values: Written) => LineWork | null,
): Promise<void> {
  const { work, data } = prepare(action, args, usage, options, choose);
  process.stdout.write(`${JSON.stringify(await withDatabase(['--data', data], usage, work))}\n`);
}

function prepare(
  action: string,
  args: readonly string[],
  usage: string,
  options: NonNullable<ParseArgsConfig['options']>,
  choose: (action: string, values: Written) => LineWork | null,
): { readonly work: LineWork; readonly data: string } {
  try {
    const { data = '.server-data', ...values } = parseArgs({
      args: [...args],
      options: { ...options, data: { type: 'string' } },
    }).values as Written;
    const work = choose(action, values);
    if (work) return { work, data: String(data) };
  } catch (cause) {
    throw badArguments(usage, cause);
  }
  throw new StartupError('BAD_ARGUMENTS', usage);
}

/** The work of an action that ends one thing by its id. @param work whether there was one */
export function endById(
  event: string,
  values: Written,
  work: (client: pg.Client, id: string) => Promise<boolean>,
): LineWork {
  const { id } = z.object({ id: z.uuid() }).parse(values);
  return async (client) => {
    if (await work(client, id)) return { event, id };
    throw new StartupError('BAD_ARGUMENTS', `There is nothing under ${id} that could be taken back.`);
  };
}
