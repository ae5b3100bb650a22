import { z } from 'zod';
import { StartupError } from './startup-error.ts';

/** What a command is told that cannot be understood: which fields, and how it is written. */
export function badArguments(usage: string, cause: unknown): StartupError {
  const fields =
    cause instanceof z.ZodError ? ` (${cause.issues.map((issue) => issue.path.join('.')).join(', ')})` : '';
  return new StartupError('BAD_ARGUMENTS', `Some arguments are missing or wrong${fields}.\n${usage}`, { cause });
}
