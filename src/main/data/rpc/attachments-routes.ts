import { implement } from '@orpc/server';
import { dataContract } from '#shared/contract/data.contract.ts';
import {
  attachToTicket,
  fetchAttachment,
  finishAttachment,
  listAttachments,
  listUnsentFiles,
  readAttachmentBytes,
  retryUnsent,
  stateOfAttachment,
} from '../services/attachment.service.ts';
import type { Session } from '../session/session.ts';
import { OK } from './ok.ts';

/** Files of tickets and forms. Handlers only translate. */
export function createAttachmentsRoutes(session: Session) {
  const os = implement(dataContract).attachments;
  return {
    begin: os.begin.handler(({ input }) => {
      const work = session.work();
      return { id: work.write(() => work.fileIntake.begin(input.name, input.size)) };
    }),
    append: os.append.handler(({ input }) => {
      const work = session.work();
      const bytes = Buffer.from(input.data, 'base64');
      return { received: work.write(() => work.fileIntake.append(input.id, input.offset, bytes)) };
    }),
    finish: os.finish.handler(({ input }) => finishAttachment(session.work(), input.id)),
    abort: os.abort.handler(({ input }) => {
      session.work().fileIntake.abort(input.id);
      return OK;
    }),
    attach: os.attach.handler(({ input }) => {
      attachToTicket(session.work(), input.uid, input.files);
      return OK;
    }),
    ofTicket: os.ofTicket.handler(({ input }) => {
      const { files, hidden } = listAttachments(session.work(), input.uid);
      return { files: [...files], hidden };
    }),
    states: os.states.handler(({ input }) => {
      const work = session.work();
      return input.hashes.map((sha256) => stateOfAttachment(work, sha256));
    }),
    read: os.read.handler(({ input }) => {
      const { bytes, size } = readAttachmentBytes(session.work(), input.sha256, input.ticketUid, input.offset);
      return { data: bytes.toString('base64'), size };
    }),
    fetch: os.fetch.handler(async ({ input }) => {
      await fetchAttachment(session.work(), input);
      return OK;
    }),
    unsent: os.unsent.handler(() => [...listUnsentFiles(session.work())]),
    retryNow: os.retryNow.handler(() => {
      retryUnsent(session.work());
      return OK;
    }),
  };
}
