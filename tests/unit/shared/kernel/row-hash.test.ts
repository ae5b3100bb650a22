import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToDigest, EMPTY_DIGEST, formatDigest, parseDigest, rowHash } from '#shared/kernel/row-hash.ts';

const rows = fc.array(fc.record({ uid: fc.uuid(), version: fc.integer({ min: 1, max: 1_000_000 }) }), {
  maxLength: 40,
});

describe('row digest', () => {
  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const forward = list.reduce((d, r) => addToDigest(d, r.uid, r.version), EMPTY_DIGEST);
        const backward = [...list].reverse().reduce((d, r) => addToDigest(d, r.uid, r.version), EMPTY_DIGEST);
        expect(backward).toEqual(forward);
      }),
    );
  });

  it('forgets a row that is removed again', () => {
    fc.assert(
      fc.property(rows, fc.uuid(), (list, uid) => {
        const before = list.reduce((d, r) => addToDigest(d, r.uid, r.version), EMPTY_DIGEST);
        expect(addToDigest(addToDigest(before, uid, 3), uid, 3, -1)).toEqual(before);
      }),
    );
  });

  it('survives the wire format', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const [hi, lo] = rowHash(key);
        expect(parseDigest(formatDigest({ hi, lo }))).toEqual({ hi, lo });
      }),
    );
    expect(() => parseDigest('12')).toThrow(/Not a digest/);
  });

  it('tells the versions of 100,000 rows apart', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 100_000; i++) {
      const [hi, lo] = rowHash(
        `0192f0c1-0000-7000-8000-${String(i % 50_000).padStart(12, '0')}:${1 + Math.floor(i / 50_000)}`,
      );
      seen.add(`${hi}/${lo}`);
    }
    expect(seen.size).toBe(100_000);
  });
});
