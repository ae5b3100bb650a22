/** Every code that crosses a boundary (IPC, HTTP). Texts live in i18n under errors.<CODE>. */
export const ERROR_CODES = [
  // input
  'BAD_INPUT',
  'PAYLOAD_TOO_LARGE',
  'NOT_FOUND',
  // session and accounts
  'NOT_UNLOCKED',
  'BAD_CREDENTIALS',
  'TOO_MANY_TRIES',
  'ACCOUNT_DISABLED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'TOKEN_REUSED',
  'WEAK_PASSWORD',
  'OLD_PASSWORD_NEEDED',
  'OFFLINE',
  'NOT_CONFIGURED',
  'MODE_MISMATCH',
  // storage
  'DISK_FULL',
  'READ_ONLY',
  'BAD_CONFIG',
  'DATABASE_DAMAGED',
  'DATABASE_NEWER',
  'DATABASE_BUSY',
  'KEYRING_UNAVAILABLE',
  // work
  'DRAFT_STALE',
  'DRAFT_SUBMITTED',
  'INTAKE_INCOMPLETE',
  'OUTCOME_UNKNOWN',
  'SHUTTING_DOWN',
  // sync
  'SYNC_GAP',
  'IDENTITY_CLASH',
  'PROTOCOL_TOO_OLD',
  'SCOPE_EPOCH_CHANGED',
  'SCOPE_TOO_OLD',
  'NOT_READY',
  'RATE_LIMITED',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
