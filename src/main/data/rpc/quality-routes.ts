import { implement } from '@orpc/server';
import { dataContract } from '#shared/contract/data.contract.ts';
import {
  appealCheck,
  calibrate,
  keepCheckDraft,
  scoreTicket,
  settleCheck,
  startCalibration,
} from '../services/check-work.service.ts';
import { countQuality, getQuality, listQualityIds, listQualityRows } from '../services/quality.service.ts';
import type { Session } from '../session/session.ts';
import { OK } from './ok.ts';

/** Checks (质检). Handlers only translate. */
export function createQualityRoutes(session: Session) {
  const os = implement(dataContract).quality;
  return {
    counts: os.counts.handler(() => countQuality(session.work())),
    ids: os.ids.handler(({ input }) => {
      const { limit, before, ...question } = input;
      const { ids, next } = listQualityIds(session.work(), question, limit, before);
      return { ids: [...ids], next };
    }),
    rows: os.rows.handler(({ input }) => ({ rows: [...listQualityRows(session.work(), input.list, input.ids)] })),
    get: os.get.handler(({ input }) => getQuality(session.work(), input.ticketUid, input.side)),
    keepDraft: os.keepDraft.handler(({ input }) => {
      keepCheckDraft(session.work(), input.ticketUid, input.side, input.draft);
      return OK;
    }),
    score: os.score.handler(({ input }) => {
      scoreTicket(session.work(), input.ticketUid, input.marks);
      return OK;
    }),
    appeal: os.appeal.handler(({ input }) => {
      appealCheck(session.work(), input.ticketUid, input.words);
      return OK;
    }),
    settle: os.settle.handler(({ input }) => {
      settleCheck(session.work(), input.ticketUid, input.marks, input.words);
      return OK;
    }),
    startCalibration: os.startCalibration.handler(({ input }) => {
      startCalibration(session.work(), input.ticketUid);
      return OK;
    }),
    calibrate: os.calibrate.handler(({ input }) => {
      calibrate(session.work(), input.ticketUid, input.marks);
      return OK;
    }),
  };
}
