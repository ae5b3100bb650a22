import type { z } from 'zod';
import type { KindFault } from './expression-kinds.ts';
import type { SyntaxFault } from './expression-tokens.ts';

/** Faults of a file's shape, and of what its parts say about each other. */
type StructureFaultCode =
  | 'NOT_JSON'
  | 'MISSING'
  | 'WRONG_TYPE'
  | 'UNKNOWN_KEY'
  | 'UNKNOWN_FIELD_TYPE'
  | 'NOT_ALLOWED'
  | 'BAD_FORMAT'
  | 'OUT_OF_RANGE'
  | 'ID_TWICE'
  | 'OPTION_TWICE'
  | 'NO_SUCH_CHOICE'
  | 'NO_SUCH_OPTION'
  | 'MIN_ABOVE_MAX'
  | 'TOO_MANY_FIELDS'
  | 'CIRCLE';

/** What is wrong with a form file, and where. Texts live in i18n under forms.fault.<code>. */
export interface FormFault {
  /** JSON pointer (RFC 6901) into the file: /sections/0/fields/2/visible. */
  readonly path: string;
  readonly code: StructureFaultCode | SyntaxFault['code'] | KindFault['code'];
  /** What stands there. */
  readonly found: string;
  /** What should stand there; empty when it goes without saying. */
  readonly expected: string;
  /** Position inside an expression (UTF-16 offset). */
  readonly at?: number;
}

/** A path as a JSON pointer. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A fault in one line, for logs and errors of the build: `/sections/0/id: ID_TWICE "facts"`. */
export function describeFault({ path, code, found, expected, at }: FormFault): string {
  const where = path === '' ? '/' : path;
  const position = at === undefined ? '' : ` at ${at}`;
  const what = found === '' ? '' : ` ${JSON.stringify(found)}`;
  return `${where}: ${code}${position}${what}${expected === '' ? '' : ` (expected: ${expected})`}`;
}

/** The faults of a file that does not have the shape of a form, in the order of the file. */
export function schemaFaults(error: z.ZodError, json: unknown): readonly FormFault[] {
  return error.issues.flatMap((issue) => issueFaults(issue, json));
}

function issueFaults(issue: z.core.$ZodIssue, json: unknown): readonly FormFault[] {
  const path = toPointer(issue.path);
  const value = valueAt(json, issue.path);
  const found = showValue(value);
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? [{ path, code: 'MISSING', found: '', expected: issue.expected }]
        : [{ path, code: 'WRONG_TYPE', found, expected: issue.expected }];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: `${path}${toPointer([key])}`,
        code: 'UNKNOWN_KEY',
        found: key,
        expected: '',
      }));
    case 'invalid_value':
      return value === undefined
        ? [{ path, code: 'MISSING', found: '', expected: issue.values.join(', ') }]
        : [{ path, code: 'NOT_ALLOWED', found, expected: issue.values.join(', ') }];
    case 'invalid_format':
      return [{ path, code: 'BAD_FORMAT', found, expected: issue.pattern ?? issue.format }];
    case 'too_small':
      return [{ path, code: 'OUT_OF_RANGE', found, expected: `≥ ${issue.minimum}` }];
    case 'too_big':
      return [{ path, code: 'OUT_OF_RANGE', found, expected: `≤ ${issue.maximum}` }];
    case 'invalid_key':
      return [{ path, code: 'BAD_FORMAT', found: String(issue.path.at(-1) ?? ''), expected: '' }];
    case 'invalid_union':
      if (issue.path.at(-1) === 'type') return [{ path, code: 'UNKNOWN_FIELD_TYPE', found, expected: '' }];
      return [{ path, code: 'WRONG_TYPE', found, expected: 'boolean, string' }];
    default:
      return [{ path, code: 'NOT_ALLOWED', found, expected: '' }];
  }
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function showValue(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
