import { oc } from '@orpc/contract';
import { z } from 'zod';
import { centreSchema, lineSchema, roleSchema } from '../domain/roles.ts';
import { teamSchema } from '../domain/team.ts';
import { ticketSchema } from '../domain/ticket.ts';
import { consoleIdSchema, ticketIdSchema, userIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { carriedPartSchema, carriedResultsSchema, consoleKeySchema } from '../sync/carried.ts';
import { historyRequestSchema, historyResponseSchema } from '../sync/history.ts';
import { segmentManifestSchema, segmentsRequestSchema } from '../sync/segments.ts';
import {
  helloRequestSchema,
  helloResponseSchema,
  pullRequestSchema,
  pullResponseSchema,
  pushRequestSchema,
  pushResponseSchema,
} from '../sync/wire.ts';
import { boardContract } from './board.contract.ts';
import { flowsContract } from './flows.contract.ts';
import { unitsContract } from './units.contract.ts';

const account = z
  .string()
  .min(2)
  .max(40)
  .regex(/^[A-Za-z0-9._-]+$/);
const password = textSchema(200).min(1);

/** Who is signed in, as console and server both know them. `seat` = 工号. */
export const userSchema = z.object({
  id: userIdSchema,
  account: z.string(),
  name: z.string(),
  seat: z.string(),
  role: roleSchema,
  centre: centreSchema,
  lines: z.array(lineSchema),
});
export type User = z.infer<typeof userSchema>;

/** A seat as colleagues see it. Servers of before leave the id out, and the 班组; so do those who are in none. */
export const colleagueSchema = userSchema
  .pick({ seat: true, name: true, role: true, lines: true })
  .extend({ id: userIdSchema.optional(), team: teamSchema.optional() });
export type Colleague = z.infer<typeof colleagueSchema>;

/** `seats` null: nothing has changed since the directory with the hash that was sent. */
export const seatDirectorySchema = z.object({ hash: z.string(), seats: z.array(colleagueSchema).nullable() });

export const tokensSchema = z.object({
  accessToken: z.string(),
  /** Epoch ms by the server's clock. */
  accessExpiresAt: z.number().int(),
  refreshToken: z.string(),
  serverTime: z.number().int(),
  user: userSchema,
  mode: z.enum(['demo', 'production']),
});

const base = oc.errors({
  BAD_INPUT: { status: 400 },
  UNAUTHENTICATED: { status: 401 },
  BAD_CREDENTIALS: { status: 401 },
  TOKEN_REUSED: { status: 401 },
  FORBIDDEN: { status: 403 },
  ACCOUNT_DISABLED: { status: 403 },
  NOT_FOUND: { status: 404 },
  MODE_MISMATCH: { status: 409 },
  SYNC_GAP: { status: 409, data: z.object({ nextOp: z.number().int().positive() }) },
  IDENTITY_CLASH: { status: 409 },
  SCOPE_EPOCH_CHANGED: { status: 409, data: z.object({ scope: z.string(), epoch: z.number().int() }) },
  SCOPE_TOO_OLD: { status: 410, data: z.object({ scope: z.string(), seq: z.number().int().nonnegative() }) },
  PROTOCOL_TOO_OLD: { status: 426 },
  WEAK_PASSWORD: { status: 400 },
  TOO_MANY_TRIES: { status: 429, data: z.object({ retryAfterMs: z.number().int() }) },
  RATE_LIMITED: { status: 429 },
  NOT_READY: { status: 503 },
});

/** Whether the server has a file; a file out of reach answers like one that is not there. */
export const attachmentHeldSchema = z.object({ isStored: z.boolean() });

/** The central server's HTTP API. The OpenAPI document is generated from this object. */
export const serverContract = {
  auth: {
    login: base
      .route({ method: 'POST', path: '/auth/login', tags: ['auth'], summary: 'Sign in with account and password' })
      .input(z.strictObject({ account, password, console: consoleIdSchema }))
      .output(tokensSchema),
    refresh: base
      .route({ method: 'POST', path: '/auth/refresh', tags: ['auth'], summary: 'Rotate the refresh token' })
      .input(z.strictObject({ refreshToken: z.string().max(200), idempotencyKey: z.uuid(), console: consoleIdSchema }))
      .output(tokensSchema),
    logout: base
      .route({ method: 'POST', path: '/auth/logout', tags: ['auth'], summary: 'Revoke the session of a refresh token' })
      .input(z.strictObject({ refreshToken: z.string().max(200) }))
      .output(z.object({ ok: z.literal(true) })),
    changePassword: base
      .route({ method: 'POST', path: '/auth/password', tags: ['auth'], summary: 'Change the own password' })
      .input(z.strictObject({ oldPassword: password, newPassword: password }))
      .output(z.object({ ok: z.literal(true) })),
    me: base
      .route({ method: 'GET', path: '/auth/me', tags: ['auth'], summary: 'Who the access token belongs to' })
      .output(userSchema),
  },
  accounts: {
    list: base
      .route({ method: 'GET', path: '/accounts', tags: ['accounts'], summary: 'Accounts of the own centre (admin)' })
      .output(z.array(userSchema.extend({ disabled: z.boolean(), team: teamSchema.nullable() }))),
    create: base
      .route({ method: 'POST', path: '/accounts', tags: ['accounts'], summary: 'Create an account (admin)' })
      .input(
        z.strictObject({
          account,
          password,
          name: textSchema(60).min(1),
          seat: textSchema(20).min(1),
          role: roleSchema,
          lines: z.array(lineSchema).min(1),
          team: teamSchema.nullable().optional(),
        }),
      )
      .output(userSchema),
    setTeam: base
      .route({
        method: 'POST',
        path: '/accounts/{id}/team',
        tags: ['accounts'],
        summary: 'Put an account into a team, or out of every one (admin)',
      })
      .input(z.strictObject({ id: userIdSchema, team: teamSchema.nullable() }))
      .output(z.object({ ok: z.literal(true) })),
    setDisabled: base
      .route({
        method: 'POST',
        path: '/accounts/{id}/disabled',
        tags: ['accounts'],
        summary: 'Disable or enable an account (admin)',
      })
      .input(z.strictObject({ id: userIdSchema, disabled: z.boolean() }))
      .output(z.object({ ok: z.literal(true) })),
  },
  centre: {
    seats: base
      .route({
        method: 'GET',
        path: '/centre/seats',
        tags: ['centre'],
        summary: 'Seats of the own centre that take calls',
      })
      .input(z.strictObject({ hash: z.string().max(64).optional() }))
      .output(seatDirectorySchema),
  },
  tickets: {
    get: base
      .route({ method: 'GET', path: '/tickets/{uid}', tags: ['tickets'], summary: 'One ticket with its events' })
      .input(z.strictObject({ uid: ticketIdSchema }))
      .output(ticketSchema),
    list: base
      .route({ method: 'GET', path: '/tickets', tags: ['tickets'], summary: 'Newest tickets of the own scopes' })
      .input(
        z.strictObject({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          /** Return tickets with a smaller number than this. */
          before: z.coerce.number().int().positive().optional(),
        }),
      )
      .output(z.object({ tickets: z.array(ticketSchema), next: z.number().int().positive().nullable() })),
  },
  unit: unitsContract,
  board: boardContract,
  flows: flowsContract,
  attachments: {
    /** The bytes: GET /attachments/{sha256} (with Range). Uploads: the tus resumable protocol at /attachments/uploads. */
    state: base
      .route({
        method: 'GET',
        path: '/attachments/{sha256}/state',
        tags: ['attachments'],
        summary: 'Whether the server has a file this person may read',
      })
      .input(z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
      .output(attachmentHeldSchema),
  },
  sync: {
    hello: base
      .route({ method: 'POST', path: '/sync/hello', tags: ['sync'], summary: 'Start a sync session' })
      .input(helloRequestSchema)
      .output(helloResponseSchema),
    push: base
      .route({ method: 'POST', path: '/sync/push', tags: ['sync'], summary: 'Apply a batch of operations' })
      .input(pushRequestSchema)
      .output(pushResponseSchema),
    consoleKey: base
      .route({
        method: 'POST',
        path: '/sync/console-key',
        tags: ['sync'],
        summary: 'Register the key a console signs carried work with',
      })
      .input(consoleKeySchema)
      .output(z.object({ ok: z.literal(true) })),
    carry: base
      .route({
        method: 'POST',
        path: '/sync/carry',
        tags: ['sync'],
        summary: 'Hand in signed work of a console without a network',
      })
      .input(carriedPartSchema)
      .output(carriedResultsSchema),
    pull: base
      .route({ method: 'POST', path: '/sync/pull', tags: ['sync'], summary: 'Rows changed since the cursors' })
      .input(pullRequestSchema)
      .output(pullResponseSchema),
    history: base
      .route({
        method: 'POST',
        path: '/sync/history',
        tags: ['sync'],
        summary: 'Tickets outside of what a console holds',
      })
      .input(historyRequestSchema)
      .output(historyResponseSchema),
    /** The bytes of each: GET /sync/segments/{id}. */
    segments: base
      .route({
        method: 'GET',
        path: '/sync/segments',
        tags: ['sync'],
        summary: 'Packed rows of a large scope for a console that starts empty',
      })
      .input(segmentsRequestSchema)
      .output(segmentManifestSchema),
  },
};

/** Body of GET /readyz: 200 when `ready`, 503 while the server migrates or fills a demo centre. */
export const readyStateSchema = z.object({
  state: z.enum(['preparing', 'ready']),
  mode: z.enum(['demo', 'production']),
  /** What is being prepared. */
  phase: z.enum(['migrating', 'seeding', 'ready']),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
});
export type ReadyState = z.infer<typeof readyStateSchema>;
