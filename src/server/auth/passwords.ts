import { hash, type Options, verify } from '@node-rs/argon2';
import { ServiceError } from '../service-error.ts';
import { WorkGate } from '../work-gate.ts';

/** Argon2id (2 in the library's enum), 19 MiB, two passes (SRV-1). They travel in each hash, so they can be raised later. */
const PARAMETERS: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$';

/** What a password has to fulfil; both styles of rule are settings, the stricter is the default. */
export interface PasswordPolicy {
  readonly minLength: number;
  /** How many of lower case, upper case, digits, symbols have to be in it. */
  readonly minKinds: number;
}
export const DEFAULT_PASSWORD_POLICY: PasswordPolicy = { minLength: 10, minKinds: 3 };

/** @throws ServiceError WEAK_PASSWORD */
export function checkPassword(password: string, account: string, policy: PasswordPolicy): void {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].filter((kind) => kind.test(password)).length;
  const isGuessable = password.toLowerCase().includes(account.toLowerCase()) || /^(.)\1*$/u.test(password);
  if ([...password].length < policy.minLength || kinds < policy.minKinds || isGuessable) {
    throw new ServiceError('WEAK_PASSWORD');
  }
}

/** At most this many hashes are computed at once, and this many wait: a flood of sign-ins must not take the machine. */
const MAX_RUNNING = 2;
const MAX_WAITING = 200;
const gate = new WorkGate(MAX_RUNNING, MAX_WAITING);

/** Argon2id hash with its parameters and salt in it. */
export function hashPassword(password: string): Promise<string> {
  return gate.run(() => hash(password, PARAMETERS));
}

/** Hash nobody has the password of: verifying against it takes the same time as against a real one. */
const nobody = hash('nobody-has-this-password', PARAMETERS);

/** Checks a password; for an unknown account (`null`) it takes the same time and says no. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const against = stored ?? (await nobody);
  const matches = await gate.run(() => verify(against, password));
  return stored !== null && matches;
}

/** True when a hash was made with older parameters and should be made anew at this sign-in. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(CURRENT);
}
