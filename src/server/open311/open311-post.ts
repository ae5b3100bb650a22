import { z } from 'zod';
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
import { consoleIdSchema, type EventId, newId, type OpId, type TicketId, userIdSchema } from '#shared/kernel/ids.ts';
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

/**
 * Takes a request in: a ticket like any other, of channel web, by the holder of the key.
 * @returns its number, or why the centre does not take it
 */
export async function postRequest(
  deps: PushDeps & { readonly mode: Actor['mode'] },
  key: Open311Key,
  request: PostRequest,
): Promise<{ readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: string }> {
  const now = deps.clock.now();
  const uid = newId<TicketId>(now);
  const taking: UnnumberedOp = {
    opId: newId<OpId>(now),
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
      eventId: newId<EventId>(now),
    },
  };
  const { ticket, reason } = await pushUnnumbered(deps, toActor(key, deps.mode), [taking]);
  if (!ticket) return { ok: false, reason: reason ?? 'NOT_STORABLE' };
  return { ok: true, id: formatTicketNumber(ticket.number, ticket.acceptedAt) };
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
