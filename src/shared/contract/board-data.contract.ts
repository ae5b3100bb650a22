import { z } from 'zod';
import { seatStateSchema } from '../domain/board/seat-report.ts';
import { boardSchema } from './board.contract.ts';
import { base, ok } from './procedure.ts';

/** The last board the server told; both null before the first one. `receivedAt` by this computer's clock. */
export const keptBoardSchema = z.object({ board: boardSchema.nullable(), receivedAt: z.number().int().nullable() });
export type KeptBoard = z.infer<typeof keptBoardSchema>;

export const boardDataContract = {
  /** What goes on at this seat, for the server: told by the window that mirrors the phone, whenever it changes. */
  seat: base.input(z.strictObject({ state: seatStateSchema })).output(ok),
  /** The board as last told, also without a network. Refused to roles that do not watch it. */
  get: base.output(keptBoardSchema),
  /** Asks the server for it now. `isReached` false: what is kept stays as it was. */
  refresh: base.output(z.object({ isReached: z.boolean() })),
};
