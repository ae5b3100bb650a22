import { z } from 'zod';

/** Roles of domain.md §2. `agent` 话务员, `lead` 班长, `supervisor` 督办员, `revisit` 回访员, `quality` 质检员, `unit` 承办单位. */
export const ROLES = [
  'agent',
  'lead',
  'dispatcher',
  'supervisor',
  'revisit',
  'quality',
  'editor',
  'analyst',
  'unit',
  'admin',
  'trainer',
  'trainee',
] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** A line the hotline answers. 12350 is a special seat (专席): only users who hold the line see its tickets. */
export const LINES = ['12345', '12350'] as const;
export const lineSchema = z.enum(LINES);
export type Line = z.infer<typeof lineSchema>;

/** Roles that may write tickets from a console. */
export const INTAKE_ROLES: readonly Role[] = ['agent', 'lead', 'dispatcher', 'supervisor', 'trainee', 'trainer'];

/** Whether a role takes tickets in at all; on which line of which centre, and in which mode, is for the server to say. */
export function takesIn(role: Role): boolean {
  return INTAKE_ROLES.includes(role);
}

/** Centre = division code of the city or province that runs the hotline, six digits (GB/T 2260). */
export const centreSchema = z.string().regex(/^\d{6}$/);

/**
 * Whose personal data a role sees: everybody's, everybody's but of callers who asked for confidentiality or gave no name, or
 * nobody's. Masked is what leaves the data process; a look behind the mask is written down first (see docs/security.md).
 */
export type PersonalSight = 'all' | 'but-confidential' | 'none';
export const PERSONAL_SIGHT: Readonly<Record<Role, PersonalSight>> = {
  agent: 'but-confidential',
  lead: 'all',
  dispatcher: 'but-confidential',
  supervisor: 'but-confidential',
  revisit: 'all',
  quality: 'but-confidential',
  editor: 'none',
  analyst: 'none',
  unit: 'but-confidential',
  admin: 'all',
  trainer: 'but-confidential',
  trainee: 'but-confidential',
};

/** Roles that may look behind the mask of one value, with a reason. Who works with figures or articles has none. */
export const REVEAL_ROLES: readonly Role[] = [
  'agent',
  'lead',
  'dispatcher',
  'supervisor',
  'revisit',
  'quality',
  'admin',
  'trainer',
  'trainee',
];

/** Whether personal data is masked for a role. */
export function isMaskedFor(role: Role, isConfidential: boolean): boolean {
  const sight = PERSONAL_SIGHT[role];
  return sight === 'none' || (sight === 'but-confidential' && isConfidential);
}

/** Roles that decide about rows which a restored server no longer has. */
export const DECIDING_ROLES: readonly Role[] = ['lead', 'supervisor', 'admin'];
