import { attachmentsOfContent, attachmentsOfForm } from '../domain/attachment/ticket-attachments.ts';
import { type AttachmentRef, readAttachment } from '../domain/form/attachment-ref.ts';
import { fromSentIntake } from '../domain/sent-intake.ts';
import type { Op } from './wire.ts';

/** The files an operation speaks of. Their bytes never travel with it. */
export function attachmentsOfOp(op: Pick<Op, 'kind' | 'args'>): readonly AttachmentRef[] {
  const { kind, args } = op as Op;
  switch (kind) {
    case 'ticket.create':
      return attachmentsOfForm(args.fields.form?.data ?? {});
    case 'ticket.note': {
      const file = args.kind === 'attached' ? readAttachment(args.text) : null;
      return file ? [file] : [];
    }
    case 'draft.hand_over':
      return attachmentsOfContent(fromSentIntake(args.content));
    default:
      return [];
  }
}
