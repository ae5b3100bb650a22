import { z } from 'zod';
import { textSchema } from '../kernel/text.ts';
import { base, ok } from './procedure.ts';
import { userSchema } from './server.contract.ts';

export const sessionStatusSchema = z.object({
  phase: z.enum(['locked', 'unlocked']),
  mode: z.enum(['demo', 'production']),
  user: userSchema.nullable(),
  /** The limits the person's centre chose (resources/clock-presets.json), as the server told it last; null for those of centres which chose none. */
  clockSet: z.string().nullable(),
  /** Accounts that can be unlocked on this console without a network. */
  profiles: z.array(z.object({ account: z.string(), name: z.string() })),
  /** Demo mode only: accounts of the demo centre, with their public password. */
  demoAccounts: z.array(z.object({ account: z.string(), name: z.string(), role: z.string(), password: z.string() })),
  /** What the server says before anybody signed in: reachable, preparing (with progress), ready; or that none is configured. */
  server: z.object({
    state: z.enum(['not-configured', 'unknown', 'unreachable', 'preparing', 'ready', 'wrong-mode']),
    done: z.number().int().nullable(),
    total: z.number().int().nullable(),
  }),
  /** A storage problem that everything on screen has to know about; work is kept in the form meanwhile. */
  storage: z.enum(['ok', 'disk-full', 'read-only']),
  /**
   * Part of the system keyring in protecting the key (docs/security.md): `used`; `unused`: there is one, but the profile was made
   * without it; `absent`; `unreadable`: a secret lies in a keyring that does not open now.
   */
  keyring: z.enum(['used', 'unused', 'absent', 'unreadable']),
});
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

export const sessionContract = {
  status: base.output(sessionStatusSchema),
  /** Unlocks the local profile with its password; without one, or when the password is new, signs in at the server. */
  signIn: base
    .input(z.strictObject({ account: textSchema(40).min(1), password: textSchema(200).min(1) }))
    .output(userSchema),
  lock: base.output(ok),
  changePassword: base
    .input(z.strictObject({ oldPassword: textSchema(200).min(1), newPassword: textSchema(200).min(1) }))
    .output(ok),
};
