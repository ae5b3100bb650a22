import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import { Accounts } from './accounts/accounts.ts';
import { Attachments } from './attachments/attachments.ts';
import { BlobFolder } from './attachments/blob-folder.ts';
import { AccessTokens } from './auth/access-tokens.ts';
import { Auth } from './auth/auth.ts';
import { DEFAULT_PASSWORD_POLICY, type PasswordPolicy } from './auth/passwords.ts';
import { RefreshTokens } from './auth/refresh-tokens.ts';
import { RequestLimits } from './auth/request-limits.ts';
import { SignInLimits } from './auth/sign-in-limits.ts';
import { SigningKeys } from './auth/signing-keys.ts';
import { BoardReader } from './board/board-reader.ts';
import type { ServerIdentity } from './db/server-meta.ts';
import { createDb } from './db/tables.ts';
import type { Log } from './log.ts';
import { Pokes } from './sync/pokes.ts';
import { SegmentKeeper } from './sync/segments/segment-keeper.ts';
import { WebhookSender } from './units/webhook-sender.ts';

/** Everything a request is answered with. Exists once the database is migrated. */
export interface Services {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly identity: ServerIdentity;
  readonly accounts: Accounts;
  readonly auth: Auth;
  readonly keys: SigningKeys;
  readonly pokes: Pokes;
  readonly attachments: Attachments;
  readonly segments: SegmentKeeper;
  readonly clockSets: ReadonlyMap<string, string>;
  readonly webhooks: WebhookSender;
  readonly limits: RequestLimits;
  readonly board: BoardReader;
}

/** Wires the services over one database. */
export function createServices(options: {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly identity: ServerIdentity;
  readonly filesDir: string;
  readonly clockSets: ReadonlyMap<string, string>;
  readonly passwordPolicy?: PasswordPolicy;
}): Services {
  const { url, pool, clock, log, identity, clockSets } = options;
  const db = createDb(pool);
  const accounts = new Accounts(db, clock, options.passwordPolicy ?? DEFAULT_PASSWORD_POLICY);
  const keys = new SigningKeys(db, clock, log);
  const auth = new Auth({
    accounts,
    access: new AccessTokens(keys, identity.serverId, clock),
    refresh: new RefreshTokens(db, clock, identity.tokenSecret),
    limits: new SignInLimits(db, clock),
    identity,
    clock,
  });
  const attachments = new Attachments(pool, clock, new BlobFolder(options.filesDir));
  const segments = new SegmentKeeper({ pool, clock, log });
  const pokes = new Pokes(url, pool, log);
  const webhooks = new WebhookSender(pool, clock, log);
  const limits = new RequestLimits(clock);
  return {
    pool,
    clock,
    log,
    identity,
    accounts,
    auth,
    keys,
    pokes,
    attachments,
    segments,
    clockSets,
    webhooks,
    limits,
    board: new BoardReader(pool, clock),
  };
}
