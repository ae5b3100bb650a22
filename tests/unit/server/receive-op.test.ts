import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ServiceError } from '#server/service-error.ts';
import { receiveOp } from '#server/sync/receive.ts';
import { opSchema } from '#shared/sync/wire.ts';
import { type JsonSchema, nearlyValid } from '#tests/support/nearly-valid.ts';

const KINDS = opSchema.options.map((option) => {
  const schema = z.toJSONSchema(option, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return [option.shape.kind.value, fc.oneof(nearlyValid(schema), nearlyValid(schema, undefined, 0, 500))] as const;
});

/** What the server makes of an operation; null when it is not even answered. */
function receive(raw: unknown) {
  try {
    return receiveOp(raw);
  } catch (error) {
    if (error instanceof ServiceError) return null;
    throw error;
  }
}

it.each(KINDS)('takes and refuses exactly what the schema does, in the same words: %s', (_kind, ops) => {
  let taken = 0;
  fc.assert(
    fc.property(ops, (raw) => {
      const parsed = opSchema.safeParse(raw);
      const received = receive(raw);
      if (parsed.success) {
        taken++;
        // As text: what is stored of it has its keys in the schema's order.
        expect(JSON.stringify(received?.op)).toBe(JSON.stringify(parsed.data));
      } else if (received) {
        const path = parsed.error.issues[0]?.path.join('.') ?? '';
        expect(received.ok ? '' : received.reason).toMatch(path === 'kind' ? /^UNKNOWN_KIND$/ : /^BAD_INPUT/);
        if (path !== '' && path !== 'kind')
          expect(received).toMatchObject({ reason: `BAD_INPUT:${path.slice(0, 80)}` });
      }
    }),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(0);
});
