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

/** Centre = division code of the city or province that runs the hotline, six digits (GB/T 2260). */
export const centreSchema = z.string().regex(/^\d{6}$/);
