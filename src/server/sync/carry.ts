import { createPublicKey, verify } from 'node:crypto';
import type pg from 'pg';
import { DECIDING_ROLES } from '#shared/domain/roles.ts';
import {
  type CarriedPart,
  type CarriedResults,
  type CarriedText,
  carriedTextSchema,
  signedText,
} from '#shared/sync/carried.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Actor } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import { type PushDeps, push } from './push.ts';
import { receiveOp } from './receive.ts';

/** Header of an Ed25519 public key in the SPKI form, before its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Keeps the key a console signs carried work with. Registered through a session of that console, by whoever works at it. */
export async function registerConsoleKey(
  { pool, clock }: Pick<PushDeps, 'pool' | 'clock'>,
  actor: Actor,
  publicKey: string,
): Promise<void> {
  await pool.query(
    `INSERT INTO console_keys (console, public_key, user_id, registered_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (console, public_key) DO NOTHING`,
    [actor.console, Buffer.from(publicKey, 'base64'), actor.id, clock.now()],
  );
}

/**
 * Takes work that was carried here from a console without a network. It is decided exactly as that console's own push: under its numbers,
 * in the name of whoever did it, with its results in the same log. So the console finds its operations answered when it comes back, and
 * nothing happens twice, whichever way arrives first.
 * @throws ServiceError BAD_INPUT for a text that is none or was changed, NOT_FOUND for a console whose key nobody knows, FORBIDDEN for
 * somebody else's work unless by a 班长, 督办员 or 管理员, SYNC_GAP when earlier work of that console is missing here
 */
export async function carry(
  deps: PushDeps & { readonly accounts: Accounts },
  carrier: Actor,
  part: CarriedPart,
): Promise<CarriedResults> {
  const carried = readText(part.text);
  const keys = await deps.pool.query<{ public_key: Buffer; user_id: string }>(
    'SELECT public_key, user_id FROM console_keys WHERE console = $1',
    [carried.console],
  );
  if (keys.rows.length === 0) throw new ServiceError('NOT_FOUND');
  const signer = keys.rows.find(({ public_key }) => isSignedBy(public_key, part));
  if (signer?.user_id !== carried.user)
    throw new ServiceError('BAD_INPUT', { issues: [{ path: 'signature', code: 'wrong' }] });
  const author = await findAuthor(deps.accounts, carrier, carried);
  const { console, incarnation, ops, schema } = carried;
  const { results } = await push(deps, author, { console, incarnation, ops }, schema, lockAllOf);
  const opIds = new Map(ops.map(receiveOp).map(({ op }) => [op.s, op.opId]));
  return {
    results: results.flatMap(({ s, code, reason }) => {
      const opId = opIds.get(s) as CarriedResults['results'][number]['opId'] | undefined;
      return opId === undefined ? [] : [{ opId, code, ...(reason === undefined ? {} : { reason }) }];
    }),
  };
}

function readText(text: string): CarriedText {
  try {
    return carriedTextSchema.parse(JSON.parse(text));
  } catch {
    throw new ServiceError('BAD_INPUT', { issues: [{ path: 'text', code: 'not_carried_work' }] });
  }
}

function isSignedBy(publicKey: Buffer, { text, signature }: CarriedPart): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(signedText('part', text), 'utf8'), key, Buffer.from(signature, 'base64'));
}

/** Whoever did the work, as the account stands now: what they may not do any more is refused in the results, op by op. */
async function findAuthor(accounts: Accounts, carrier: Actor, { user, console }: CarriedText): Promise<Actor> {
  if (user !== carrier.id && !DECIDING_ROLES.includes(carrier.role)) throw new ServiceError('FORBIDDEN');
  const stored = await accounts.findById(user);
  if (stored?.user.centre !== carrier.centre) throw new ServiceError('FORBIDDEN');
  return { ...stored.user, console, session: carrier.session, mode: carrier.mode };
}

/** The console itself may come back under a newer numbering at this very moment: it waits until this is written, or this waits for it. */
async function lockAllOf(client: pg.ClientBase, author: Actor): Promise<void> {
  await client.query('SELECT 1 FROM consoles WHERE id = $1 ORDER BY incarnation FOR UPDATE', [author.console]);
}
