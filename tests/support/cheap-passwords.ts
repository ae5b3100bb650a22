import { vi } from 'vitest';

/**
 * Vitest setup: stretching a password costs 0.1–0.3 s of one core on purpose, and these tests open hundreds of profiles. Tests of the
 * keys themselves take it back with `vi.unmock`; the tests on the real application know nothing of it.
 */
vi.mock('#main/data/keys/kdf-cost.ts', () => ({ KDF_COST: { memoryKib: 64, passes: 1, lanes: 1 } }));
