/** The answer of what has nothing to tell but that it was done. */
export const OK = { ok: true } as const;
