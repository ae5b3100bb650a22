/** Argon2id cost of the password (KM-2): 64 MiB, three passes, one lane. */
export const KDF_COST = { memoryKib: 65_536, passes: 3, lanes: 1 } as const;
