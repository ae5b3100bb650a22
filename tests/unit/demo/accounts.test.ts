import { expect, test } from 'vitest';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';

test('every demo account has a name, a seat and an account name of its own', () => {
  for (const of of ['account', 'seat', 'name'] as const) {
    const values = DEMO_ACCOUNTS.map((account) => account[of]);
    expect(new Set(values).size, of).toBe(values.length);
  }
});
