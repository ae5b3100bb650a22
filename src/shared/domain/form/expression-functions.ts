import { addDays, dateOf, daysBetween, monthsBetween } from './calendar.ts';
import { birthOf, normalizeIdCard } from './id-card.ts';

/** What an expression works with; null is a missing value. */
export type Value = null | boolean | number | string | readonly (string | number)[];
export type ValueKind = 'boolean' | 'number' | 'text' | 'list';

/** `any` takes every kind; all parameters (and a result) called `same` have one kind. */
type ParameterKind = ValueKind | 'any' | 'same';

export interface ExpressionFunction {
  readonly parameters: readonly ParameterKind[];
  /** How many of the parameters may be left out at the end. */
  readonly optional?: number;
  /** The last parameter may be repeated. */
  readonly repeats?: boolean;
  readonly result: ValueKind | 'same';
  /** Without it a missing argument makes the result missing and `run` is not called. */
  readonly takesMissing?: boolean;
  readonly run: (args: readonly Value[]) => Value;
}

const isMissing = (value: Value | undefined): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
const number = (value: Value | undefined): number => (typeof value === 'number' ? value : Number.NaN);
const numbers = (args: readonly Value[]): readonly number[] => args.filter((arg) => typeof arg === 'number');

/**
 * Rounds half away from zero to `decimals` places, on the decimal digits and not on the binary value: 1.005 → 1.01.
 * @param decimals 0 to 6
 */
export function roundTo(value: number, decimals: number): number {
  // From here on a double has no decimals left to round.
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return value;
  const shifted = Number(`${Math.abs(value).toFixed(10)}e${decimals}`);
  const rounded = Number(`${Math.round(shifted)}e-${decimals}`);
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Every function a form may call. All are pure; a wrong kind of argument gives a missing value, never an error. */
export const EXPRESSION_FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map<string, ExpressionFunction>([
  ['filled', { parameters: ['any'], result: 'boolean', takesMissing: true, run: ([value]) => !isMissing(value) }],
  ['empty', { parameters: ['any'], result: 'boolean', takesMissing: true, run: ([value]) => isMissing(value) }],
  [
    'coalesce',
    {
      parameters: ['same', 'same'],
      repeats: true,
      result: 'same',
      takesMissing: true,
      run: (args) => args.find((arg) => !isMissing(arg)) ?? null,
    },
  ],
  [
    'if',
    {
      parameters: ['boolean', 'same', 'same'],
      optional: 1,
      result: 'same',
      takesMissing: true,
      run: ([condition, then, otherwise]) => (condition === true ? (then ?? null) : (otherwise ?? null)),
    },
  ],
  [
    'text',
    {
      parameters: ['any'],
      repeats: true,
      result: 'text',
      takesMissing: true,
      run: (args) => args.map((arg) => (Array.isArray(arg) ? arg.join('、') : String(arg ?? ''))).join(''),
    },
  ],
  ['length', { parameters: ['text'], result: 'number', run: ([value]) => Array.from(text(value)).length }],
  ['count', { parameters: ['list'], result: 'number', run: ([value]) => (Array.isArray(value) ? value.length : null) }],
  [
    'startsWith',
    { parameters: ['text', 'text'], result: 'boolean', run: ([value, start]) => text(value).startsWith(text(start)) },
  ],
  [
    'sum',
    {
      parameters: ['number'],
      repeats: true,
      result: 'number',
      takesMissing: true,
      run: (args) => {
        const given = numbers(args);
        return given.length === 0 ? null : given.reduce((total, one) => total + one, 0);
      },
    },
  ],
  [
    'min',
    {
      parameters: ['number'],
      repeats: true,
      result: 'number',
      takesMissing: true,
      run: (args) => {
        const given = numbers(args);
        return given.length === 0 ? null : Math.min(...given);
      },
    },
  ],
  [
    'max',
    {
      parameters: ['number'],
      repeats: true,
      result: 'number',
      takesMissing: true,
      run: (args) => {
        const given = numbers(args);
        return given.length === 0 ? null : Math.max(...given);
      },
    },
  ],
  [
    'round',
    {
      parameters: ['number', 'number'],
      optional: 1,
      result: 'number',
      takesMissing: true,
      run: ([value, decimals]) => {
        const places = decimals === undefined ? 0 : number(decimals);
        return typeof value === 'number' && Number.isInteger(places) && places >= 0 && places <= 6
          ? roundTo(value, places)
          : null;
      },
    },
  ],
  ['dateOf', { parameters: ['number'], result: 'text', run: ([at]) => toDate(number(at)) }],
  ['days', { parameters: ['text', 'text'], result: 'number', run: ([from, to]) => daysBetween(text(from), text(to)) }],
  [
    'months',
    { parameters: ['text', 'text'], result: 'number', run: ([from, to]) => monthsBetween(text(from), text(to)) },
  ],
  [
    'addDays',
    { parameters: ['text', 'number'], result: 'text', run: ([date, days]) => addDays(text(date), number(days)) },
  ],
  ['year', { parameters: ['text'], result: 'number', run: ([date]) => yearOf(text(date)) }],
  ['birthOf', { parameters: ['text'], result: 'text', run: ([idCard]) => birthOf(normalizeIdCard(text(idCard))) }],
  [
    'age',
    {
      parameters: ['text', 'text'],
      result: 'number',
      run: ([birth, on]) => {
        const months = monthsBetween(text(birth), text(on));
        return months === null || months < 0 ? null : Math.floor(months / 12);
      },
    },
  ],
]);

/** Farthest moment a date can be made of, epoch ms (2199). */
const LAST_MOMENT = 7_258_003_200_000;

function toDate(at: number): string | null {
  return Number.isFinite(at) && at >= 0 && at < LAST_MOMENT ? dateOf(at) : null;
}

function yearOf(date: string): number | null {
  return daysBetween(date, date) === null ? null : Number(date.slice(0, 4));
}
