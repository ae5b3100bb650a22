import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalOpText } from '#shared/sync/wire.ts';

const uid = '0192f0c1-0000-7000-8000-000000000001';

/** Rebuilds a value with its object keys in reverse order. */
function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, reverseKeys(v)]),
  );
}

describe('canonical text of an operation', () => {
  it('does not depend on the order in which keys were written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (args) => {
        const op = { kind: 'ticket.note', uid, args: { value: args, a: 1 } } as never;
        const reversed = { kind: 'ticket.note', uid, args: reverseKeys({ value: args, a: 1 }) } as never;
        expect(canonicalOpText(reversed)).toBe(canonicalOpText(op));
      }),
    );
  });

  it('differs when a character differs', () => {
    const op = (text: string) => ({ kind: 'ticket.note', uid, args: { text } }) as never;
    expect(canonicalOpText(op('路灯坏了'))).not.toBe(canonicalOpText(op('路灯坏了 ')));
  });
});
