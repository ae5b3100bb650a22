import { z } from 'zod';
import { ticketViewSchema } from '../domain/ticket-view.ts';
import { base, ok } from './procedure.ts';

/** Views are kept with the person's cache on this computer. */
export const viewsContract = {
  list: base.output(z.object({ views: z.array(ticketViewSchema) })),
  /** Keeps a view; one of the same place and name is replaced. */
  save: base.input(ticketViewSchema).output(ok),
  remove: base.input(z.strictObject({ id: ticketViewSchema.shape.id })).output(ok),
};
