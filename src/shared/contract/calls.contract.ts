import { z } from 'zod';
import { seatPartySchema, wrapUpMsSchema } from '../domain/call-events.ts';
import { callRecordSchema } from '../domain/call-record.ts';
import { callIdSchema, draftIdSchema } from '../kernel/ids.ts';
import { base, idsPage, idsSchema, ok, rowsInputSchema } from './procedure.ts';
import { colleagueSchema } from './server.contract.ts';
import { ticketSummarySchema } from './tickets.contract.ts';

/** A call of the call log with what it is linked to. */
export const callLogItemSchema = callRecordSchema.extend({
  /** Name under which the number is known here. */
  knownName: z.string(),
  /** When somebody of that number was spoken to after this missed call. */
  returnedAt: z.number().int().nullable(),
  /** Its draft, while that is open. */
  draftId: draftIdSchema.nullable(),
  /** Its draft, when that was discarded or went with the call: it can be restored. */
  closedDraftId: draftIdSchema.nullable(),
  /** The tickets that were made of it or written on during it, the first one first. */
  tickets: z.array(ticketSummarySchema),
  /** The caller is kept secret from this user: number and names are masked. */
  masked: z.boolean(),
});
export type CallLogItem = z.infer<typeof callLogItemSchema>;

export const callsContract = {
  /**
   * Keeps a call in the call log (upsert by call id) with what follows from it: facts in its draft, a hand-over to an emergency
   * service, the form sent after a transferred call. Says where the form went; `isQueued` when it waits for the network.
   */
  record: base.input(z.strictObject({ record: callRecordSchema })).output(
    z.object({
      handedOver: z.object({ draftId: draftIdSchema, to: seatPartySchema, isQueued: z.boolean() }).nullable(),
    }),
  ),
  /** Row ids of the call log, newest first, after one of them. */
  ids: base
    .input(
      z.strictObject({
        filter: z.enum(['all', 'in', 'out', 'missed']).default('all'),
        ...idsPage,
      }),
    )
    .output(idsSchema),
  /** The calls of some row ids. */
  rows: base
    .input(rowsInputSchema)
    .output(z.object({ rows: z.array(z.object({ id: z.number().int(), call: callLogItemSchema })) })),
  get: base.input(z.strictObject({ callId: callIdSchema })).output(callLogItemSchema),
  /** Numbers that called in vain in the last days and were not spoken to since. */
  missed: base.output(z.object({ count: z.number().int().nonnegative() })),
  settings: base.output(z.object({ wrapUpMs: wrapUpMsSchema })),
  saveSettings: base.input(z.strictObject({ wrapUpMs: wrapUpMsSchema })).output(ok),
};

export const colleaguesContract = {
  /** Seats of the own centre that take calls, as last told by the server. `syncedAt` null: never so far. */
  list: base.output(z.object({ seats: z.array(colleagueSchema), syncedAt: z.number().int().nullable() })),
};
