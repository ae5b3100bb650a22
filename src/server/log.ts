import type { Clock } from '#shared/kernel/clock.ts';

/** Every field a log line may have. Nothing a citizen or an agent wrote is among them (LOG-1). */
export interface LogFields {
  readonly url?: string;
  readonly mode?: 'demo' | 'production';
  readonly phase?: string;
  readonly state?: string;
  readonly done?: number;
  readonly total?: number;
  readonly ms?: number;
  readonly pid?: number;
  readonly port?: number;
  readonly version?: string;
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  readonly bytes?: number;
  readonly requestId?: string;
  readonly userId?: string;
  readonly consoleId?: string;
  readonly ops?: number;
  readonly rows?: number;
  readonly segments?: number;
  readonly rejected?: number;
  readonly scope?: string;
  readonly code?: string;
  readonly sqlState?: string;
  readonly migration?: string;
  readonly adopted?: boolean;
  readonly signal?: string;
  readonly kid?: string;
  readonly seed?: number;
  /** Name and place of an unexpected error; messages are left out because drivers quote data in them. */
  readonly error?: string;
  readonly at?: string;
  /** Fixed sentences of the product for the person at the terminal, never data. */
  readonly hint?: string;
}

const FIELD_NAMES: readonly (keyof LogFields)[] = [
  'url',
  'mode',
  'phase',
  'state',
  'done',
  'total',
  'ms',
  'pid',
  'port',
  'version',
  'route',
  'method',
  'status',
  'bytes',
  'requestId',
  'userId',
  'consoleId',
  'ops',
  'rows',
  'segments',
  'rejected',
  'scope',
  'code',
  'sqlState',
  'migration',
  'adopted',
  'signal',
  'kid',
  'seed',
  'error',
  'at',
  'hint',
];

export type LogLevel = 'info' | 'warn' | 'error';

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `cause` is reduced to its class, SQL state and first place in the code. */
  error(event: string, cause: unknown, fields?: LogFields): void;
}

/** Second net after the allow-list: long digit runs (phones, identity and bank cards) and tokens never pass. */
export function redact(text: string): string {
  return text
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]')
    .replace(/(?<![\w-])\+?\d[\d\s-]{9,}\d[\dXx]?(?![\w-])/g, (run) =>
      run.replace(/\D/g, '').length >= 11 ? '[digits]' : run,
    );
}

/** Structured log: one JSON object a line, allow-listed fields only. `write` gets the line with its newline. */
export function createLog(clock: Clock, write: (line: string) => void): Log {
  const emit = (level: LogLevel, event: string, fields: LogFields) => {
    const line: Record<string, unknown> = { time: clock.now(), level, event };
    for (const name of FIELD_NAMES) {
      const value = fields[name];
      if (value === undefined) continue;
      line[name] = typeof value === 'string' && name !== 'url' ? redact(value) : value;
    }
    write(`${JSON.stringify(line)}\n`);
  };
  return {
    info: (event, fields = {}) => emit('info', event, fields),
    warn: (event, fields = {}) => emit('warn', event, fields),
    error: (event, cause, fields = {}) => emit('error', event, { ...describeError(cause), ...fields }),
  };
}

/** A log that keeps nothing, for tools and tests that do not look at it. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Class, SQL state and origin of an error, without its message. */
export function describeError(cause: unknown): LogFields {
  if (!(cause instanceof Error)) return { error: typeof cause };
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const frame = cause.stack?.split('\n').find((line) => line.includes('/src/server/'));
  const at = frame?.slice(frame.indexOf('/src/server/') + 1).replace(')', '');
  return {
    error: cause.name,
    ...(code === undefined ? {} : /^[0-9A-Z]{5}$/.test(code) ? { sqlState: code } : { code }),
    ...(at === undefined ? {} : { at }),
  };
}
