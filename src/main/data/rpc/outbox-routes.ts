import { implement } from '@orpc/server';
import { dataContract } from '#shared/contract/data.contract.ts';
import { compareOp, listSettledItems } from '../services/attention/attention.service.ts';
import { mergeOp } from '../services/attention/merge-op.service.ts';
import { listCarriedItems, saveCarried, takeCarried, takeCarriedBytes } from '../services/carry.service.ts';
import { correctTicket } from '../services/correct-ticket.service.ts';
import { exportOutbox, listOutboxItems } from '../services/outbox.service.ts';
import { discardOp, redoOp } from '../services/refused-ops.service.ts';
import type { Session } from '../session/session.ts';
import { OK } from './ok.ts';

/** What waits for the server, and what it refused. Handlers only translate. */
export function createOutboxRoutes(session: Session) {
  const os = implement(dataContract).outbox;
  return {
    list: os.list.handler(() => {
      const engine = session.engine();
      return [...listOutboxItems(session.work(), (s) => engine?.isSending(s) ?? false)];
    }),
    retryNow: os.retryNow.handler(() => {
      session.engine()?.retryNow();
      return OK;
    }),
    exportAll: os.exportAll.handler(() => exportOutbox(session.work())),
    redo: os.redo.handler(({ input }) => ({ count: redoOp(session.work(), input.opId) })),
    saveCarried: os.saveCarried.handler(({ input }) =>
      saveCarried(session.work(), session.carryDeps(), input.passphrase),
    ),
    takeCarried: os.takeCarried.handler(({ input }) =>
      takeCarried(session.work(), session.carryDeps(), input.text, input.passphrase),
    ),
    carriedBytes: os.carriedBytes.handler(({ input }) => ({
      data: session.carryDeps().bundles.next(input.id).toString('base64'),
    })),
    takeCarriedBytes: os.takeCarriedBytes.handler(({ input }) => {
      const bytes = Buffer.from(input.data, 'base64');
      return { left: takeCarriedBytes(session.work(), session.carryDeps(), input.id, bytes) };
    }),
    carried: os.carried.handler(() => [...listCarriedItems(session.work())]),
    compare: os.compare.handler(({ input }) => compareOp(session.work(), input.opId)),
    merge: os.merge.handler(({ input }) => ({ count: mergeOp(session.work(), input.opId, input.values) })),
    settled: os.settled.handler(() => [...listSettledItems(session.work())]),
    correct: os.correct.handler(({ input }) => ({ draftId: correctTicket(session.work(), input.opId) })),
    discard: os.discard.handler(({ input }) => discardOp(session.work(), input.opId)),
  };
}
