import { v7 } from 'uuid';
import { z } from 'zod';

/** A string that is only interchangeable with strings of the same meaning. */
export type Brand<T, B extends string> = T & { readonly __brand: B };

export type TicketId = Brand<string, 'TicketId'>;
export type CitizenId = Brand<string, 'CitizenId'>;
export type CallId = Brand<string, 'CallId'>;
export type LegId = Brand<string, 'LegId'>;
export type DraftId = Brand<string, 'DraftId'>;
export type OpId = Brand<string, 'OpId'>;
export type UserId = Brand<string, 'UserId'>;
export type ConsoleId = Brand<string, 'ConsoleId'>;
export type EventId = Brand<string, 'EventId'>;
export type RecordId = Brand<string, 'RecordId'>;

const uuid = z.uuid().toLowerCase();
const idSchema = <T extends string>() => uuid as unknown as z.ZodType<T, string>;

export const ticketIdSchema = idSchema<TicketId>();
export const citizenIdSchema = idSchema<CitizenId>();
export const callIdSchema = idSchema<CallId>();
export const legIdSchema = idSchema<LegId>();
export const draftIdSchema = idSchema<DraftId>();
export const opIdSchema = idSchema<OpId>();
export const userIdSchema = idSchema<UserId>();
export const consoleIdSchema = idSchema<ConsoleId>();
export const eventIdSchema = idSchema<EventId>();
export const recordIdSchema = idSchema<RecordId>();

const RANDOM_PER_ID = 16;
/** Random bytes fetched for many ids at once: the call into the system's generator costs more than all the rest of an id. */
const randomPool = new Uint8Array(RANDOM_PER_ID * 128);
let randomUsed = randomPool.length;

function takeRandom(): Uint8Array {
  if (randomUsed === randomPool.length) {
    crypto.getRandomValues(randomPool);
    randomUsed = 0;
  }
  randomUsed += RANDOM_PER_ID;
  return randomPool.subarray(randomUsed - RANDOM_PER_ID, randomUsed);
}

/** A new time-ordered id (UUIDv7, RFC 9562). `now` in epoch milliseconds orders ids of one seat by creation. */
export function newId<T extends string>(now: number): T {
  return v7({ msecs: now, random: takeRandom() }) as T;
}
