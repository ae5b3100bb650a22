import { implement } from '@orpc/server';
import { dataContract } from '#shared/contract/data.contract.ts';
import type { Session } from '../session/session.ts';
import { OK } from './ok.ts';

/** The board (值班看板). Handlers only translate. */
export function createBoardRoutes(session: Session) {
  const os = implement(dataContract).board;
  return {
    seat: os.seat.handler(({ input }) => {
      session.board().tell(input.state);
      return OK;
    }),
    get: os.get.handler(() => session.board().get()),
    refresh: os.refresh.handler(async () => ({ isReached: await session.board().refresh() })),
  };
}
