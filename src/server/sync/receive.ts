import { hash } from 'node:crypto';
import { z } from 'zod';
import { consoleIdSchema, opIdSchema } from '#shared/kernel/ids.ts';
import { textSchema } from '#shared/kernel/text.ts';
import { PUSH_MAX_OPS } from '#shared/sync/protocol.ts';
import { canonicalOpText, type Op, opSchema, plainOpText } from '#shared/sync/wire.ts';
import { ServiceError } from '../service-error.ts';
import type { ReceivedOp } from './batch.ts';

/** Largest value of PostgreSQL's integer columns. */
export const MAX_INTEGER = 2_147_483_647;

/** What makes an operation answerable at all. Its arguments are checked one by one, see {@link receiveOp}. */
const opHeadSchema = z.object({
  s: z.number().int().positive(),
  opId: opIdSchema,
  kind: textSchema(40),
  uid: z.uuid().toLowerCase(),
  at: z.number().int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * A push as it is taken from the wire. Looser than the documented schema in one point: an operation whose arguments are
 * not understood does not fail the batch but is rejected alone, because a console's numbering has no gaps and everything
 * behind it would wait for ever.
 */
export const pushEnvelopeSchema = z.strictObject({
  console: consoleIdSchema,
  incarnation: z.number().int().positive().max(MAX_INTEGER),
  ops: z.array(z.unknown()).min(1).max(PUSH_MAX_OPS),
});
export type PushEnvelope = z.infer<typeof pushEnvelopeSchema>;

/** The schema of every kind as compiled code: the same results in a fraction of the time. */
const COMPILED = new Map<unknown, z.ZodType<Op>>(
  opSchema.options.map((option) => [option.shape.kind.value, z.compile(option)]),
);

/** {@link opSchema}, by the compiled schema of the kind that the operation says it is. */
function parseOp(raw: unknown): z.ZodSafeParseResult<Op> {
  const kind = typeof raw === 'object' && raw !== null && 'kind' in raw ? raw.kind : undefined;
  return (COMPILED.get(kind) ?? opSchema).safeParse(raw);
}

/**
 * Checks one operation: its schema and that its content is the one the console hashed.
 * @throws ServiceError BAD_INPUT when not even its number, ids and hash are there
 */
export function receiveOp(raw: unknown): ReceivedOp {
  const parsed = parseOp(raw);
  if (!parsed.success) {
    const head = opHeadSchema.safeParse(raw);
    if (!head.success) throw new ServiceError('BAD_INPUT', { issues: [{ path: 'ops', code: 'not_an_operation' }] });
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    const reason =
      path === 'kind' ? 'UNKNOWN_KIND' : path === '' ? 'BAD_INPUT' : (`BAD_INPUT:${path.slice(0, 80)}` as const);
    return { ok: false, op: head.data, reason };
  }
  const op = parsed.data;
  // Over what was sent, not over what the schema completed: an older console does not know of newer fields.
  return hasHash(raw as Op, op.hash) ? { ok: true, op } : { ok: false, op, reason: 'HASH_MISMATCH' };
}

/** True when the SHA-256 (hex) of an operation's canonical text is the given one. Consoles send their keys in order: no sorting then. */
function hasHash(op: Op, expected: string): boolean {
  return hash('sha256', plainOpText(op)) === expected || hash('sha256', canonicalOpText(op)) === expected;
}
