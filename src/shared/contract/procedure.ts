import { oc } from '@orpc/contract';
import { z } from 'zod';

/** What every procedure of the data process can answer besides its output. */
export const base = oc.errors({
  BAD_INPUT: {},
  NOT_FOUND: {},
  FORBIDDEN: {},
  NOT_UNLOCKED: {},
  BAD_CREDENTIALS: {},
  TOO_MANY_TRIES: { data: z.object({ retryAfterMs: z.number().int() }) },
  ACCOUNT_DISABLED: {},
  OFFLINE: {},
  /** No central server is set for this console. */
  NOT_CONFIGURED: {},
  MODE_MISMATCH: {},
  WEAK_PASSWORD: {},
  /** The password was changed elsewhere: the old one is needed once more, then it can be changed here too. */
  OLD_PASSWORD_NEEDED: {},
  DISK_FULL: {},
  READ_ONLY: {},
  DATABASE_DAMAGED: {},
  DATABASE_NEWER: {},
  DATABASE_BUSY: {},
  KEYRING_UNAVAILABLE: {},
  DRAFT_STALE: { data: z.object({ revision: z.number().int() }) },
  /** A person's record was changed by somebody else since it was shown. */
  RECORD_CHANGED: {},
  /** Both records are of one person already. */
  SAME_PERSON: {},
  DRAFT_SUBMITTED: { data: z.object({ ticketUid: z.string() }) },
  ARTICLE_CHANGED: {},
  PROPOSAL_WAITING: {},
  PROPOSAL_GONE: {},
  OWN_PROPOSAL: {},
  CANNOT_LINK: {},
  CARRIED_FOREIGN: {},
  CARRIED_DAMAGED: {},
  CARRIED_PASSPHRASE: {},
  CARRIED_TWICE: {},
  CARRIED_CUT: {},
  ATTACHMENT_TOO_LARGE: {},
  ATTACHMENT_EMPTY: {},
  ATTACHMENT_TYPE: {},
  ATTACHMENT_DAMAGED: {},
  ATTACHMENT_MISSING: {},
  RATE_LIMITED: {},
  INTAKE_INCOMPLETE: { data: z.object({ problems: z.array(z.object({ field: z.string(), code: z.string() })) }) },
  SHUTTING_DOWN: {},
  INTERNAL: {},
});

export const ok = z.object({ ok: z.literal(true) });

/** Ids one answer holds at most. */
const MOST_IDS = 5_000;

/** A part of a list: its row ids, newest first, after one of them; small enough to hold a list of any length. */
export const idsPage = {
  limit: z.number().int().min(1).max(MOST_IDS).default(200),
  before: z.number().int().optional(),
};
export const idsSchema = z.object({ ids: z.array(z.number().int()), next: z.number().int().nullable() });

/** The rows that are in sight. */
export const rowsInputSchema = z.strictObject({ ids: z.array(z.number().int().positive()).min(1).max(200) });
