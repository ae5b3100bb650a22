import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MINUTE_MS } from '#shared/domain/clock/beijing-day.ts';
import { storePhone } from '#shared/domain/phone.ts';
import {
  ANONYMOUS,
  type Caller,
  EMPTY_EXTRAS,
  LIMITS,
  type TicketFields,
  ticketTypeSchema,
} from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { consoleIdSchema, eventIdSchema, newId, opIdSchema, type TicketId, userIdSchema } from '#shared/kernel/ids.ts';
import { headOf, textSchema } from '#shared/kernel/text.ts';
import type { Actor } from '../auth/actor.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { type PushDeps, pushUnnumbered, type UnnumberedOp } from '../sync/push.ts';
import type { Open311Key } from './open311-keys.ts';
import { findService } from './open311-services.ts';

const optional = (most: number) => textSchema(most).trim().default('');
const degrees = (most: number) =>
  z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,15})?$/)
    .transform(Number)
    .pipe(z.number().min(-most).max(most))
    .optional();

/** What POST requests takes. Somebody who gives a name can be called back; without a number they stay anonymous. */
export const postRequestSchema = z
  .object({
    service_code: z.string().refine((code) => findService(code) !== null, { message: 'unknown' }),
    lat: degrees(90),
    long: degrees(180),
    address_string: optional(LIMITS.address),
    description: textSchema(4_000).trim().min(1),
    first_name: optional(30),
    last_name: optional(30),
    phone: optional(LIMITS.phone),
    email: optional(200),
    media_url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional(),
    'attribute[type]': ticketTypeSchema.default('help'),
    'attribute[subject]': optional(LIMITS.address),
    'attribute[occurred_at]': z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ lat, long }) => (lat === undefined) === (long === undefined), { path: ['long'] })
  .refine(({ lat, address_string: address }) => lat !== undefined || address !== '', { path: ['address_string'] })
  .refine(({ first_name, last_name, email, phone }) => phone !== '' || `${first_name}${last_name}${email}` === '', {
    path: ['phone'],
  });
export type PostRequest = z.infer<typeof postRequestSchema>;

/** Printable, as headers are. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{8,200}$/);

/** The same form with the same key is one request for that long, when nothing says which request it is. */
const SAME_FOR_MS = 10 * MINUTE_MS;

/**
 * Takes a request in: a ticket like any other, of channel web, by the holder of the key. One that is sent again is the same ticket.
 * @param idempotencyKey names the request; null for a client that does not
 * @returns its number, or why the centre does not take it: OP_ID_TAKEN for another content under the same idempotency key
 */
export async function postRequest(
  deps: PushDeps & { readonly mode: Actor['mode'] },
  key: Open311Key,
  request: PostRequest,
  idempotencyKey: string | null,
): Promise<Posted> {
  const now = deps.clock.now();
  const sendings = sendingsOf(key, request, idempotencyKey, now);
  const [{ opId, eventId }] = sendings;
  const since = idempotencyKey === null ? now - SAME_FOR_MS : 0;
  const before = await findPosted(deps.pool, sendings, since);
  if (before) return before;
  const uid = newId<TicketId>(now);
  const taking: UnnumberedOp = {
    opId,
    at: now,
    baseVersion: 0,
    kind: 'ticket.create',
    uid,
    args: {
      provisionalNo: `网${uid.slice(-8)}`,
      centre: key.centre,
      fields: toFields(request),
      outcome: 'submit',
      createdAt: now,
      madeOffline: false,
      eventId,
    },
  };
  const { ticket, reason } = await pushUnnumbered(deps, toActor(key, deps.mode), [taking]);
  if (ticket) return { ok: true, id: formatTicketNumber(ticket.number, ticket.acceptedAt) };
  // Both came together, and the other one was first.
  return (await findPosted(deps.pool, sendings, since)) ?? { ok: false, reason: reason ?? 'NOT_STORABLE' };
}

type Posted = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: string };

/** Ids under which a request is written down: the operation by what names the request, its event also by what the request says. */
type Sending = ReturnType<typeof toSending>;

function toSending(keyId: string, name: string, digest: string) {
  const opId = opIdSchema.parse(derivedUuid('open311 operation', keyId, name));
  return { opId, eventId: eventIdSchema.parse(derivedUuid('open311 event', opId, digest)) };
}

/** The ids to write with, and those it may have had a moment ago. */
function sendingsOf(
  { id }: Open311Key,
  request: PostRequest,
  idempotencyKey: string | null,
  now: number,
): readonly [Sending, ...Sending[]] {
  const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  if (idempotencyKey !== null) return [toSending(id, `key ${idempotencyKey}`, digest)];
  const span = Math.floor(now / SAME_FOR_MS);
  const named = (at: number) => toSending(id, `form ${digest} ${at}`, digest);
  return [named(span), named(span - 1)];
}

/** What became of the request when it was sent before. @param since epoch ms */
async function findPosted(pool: PushDeps['pool'], sendings: readonly Sending[], since: number): Promise<Posted | null> {
  const found = await pool.query<{ number: number; acceptedAt: number; isSame: boolean }>(
    `SELECT t.number, t.accepted_at AS "acceptedAt",
        EXISTS (SELECT 1 FROM ticket_events e WHERE e.ticket_uid = t.uid AND e.id = ANY($2::uuid[])) AS "isSame"
      FROM op_log o JOIN tickets t ON t.uid = o.uid
      WHERE o.op_id = ANY($1::uuid[]) AND o.received_at > $3 ORDER BY o.received_at LIMIT 1`,
    [sendings.map(({ opId }) => opId), sendings.map(({ eventId }) => eventId), since],
  );
  const [row] = found.rows;
  if (!row) return null;
  return row.isSame
    ? { ok: true, id: formatTicketNumber(row.number, row.acceptedAt) }
    : { ok: false, reason: 'OP_ID_TAKEN' };
}

function toActor({ id, centre, holder }: Open311Key, mode: Actor['mode']): Actor {
  return {
    id: userIdSchema.parse(derivedUuid('open311', centre, id)),
    account: holder,
    name: holder,
    seat: '',
    role: 'agent',
    centre,
    lines: ['12345'],
    console: consoleIdSchema.parse(derivedUuid('open311 console', centre, id)),
    session: id,
    mode,
    isSystem: true,
  };
}

function toFields(request: PostRequest): TicketFields {
  const { service_code, description, address_string, lat, long, email, media_url } = request;
  const occurred = request['attribute[occurred_at]'];
  const content = [description, media_url && `图片：${media_url}`, email && `电子邮箱：${email}`]
    .filter(Boolean)
    .join('\n');
  return {
    ...EMPTY_EXTRAS,
    type: request['attribute[type]'],
    categoryCode: service_code,
    title: titleOf(description),
    content,
    originalWords: description,
    demands: [],
    channel: 'web',
    line: '12345',
    citizenUid: null,
    caller: callerOf(request),
    place: {
      divisionCode: null,
      address: address_string,
      landmark: '',
      coordinates: lat === undefined || long === undefined ? null : { lat, lng: long },
    },
    occurredAt: occurred === undefined ? null : Date.parse(occurred),
    subject: request['attribute[subject]'],
    urgency: 'normal',
    markers: [],
    tags: [],
    call: null,
    answer: null,
  };
}

/** The first sentence, as far as a title goes. */
function titleOf(description: string): string {
  return headOf(description.split(/[。！？!?\n]/)[0] || description, 60);
}

/** Chinese names are written family name first. */
function callerOf({ first_name, last_name, phone }: PostRequest): Caller {
  if (phone === '') return ANONYMOUS;
  return {
    ...ANONYMOUS,
    anonymous: false,
    name: headOf(last_name + first_name, LIMITS.name),
    phone: storePhone(phone),
  };
}
