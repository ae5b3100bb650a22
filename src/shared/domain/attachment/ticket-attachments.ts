import type { EventId } from '../../kernel/ids.ts';
import { type AttachmentRef, readAttachment } from '../form/attachment-ref.ts';
import type { FormData } from '../form/form-value.ts';
import type { IntakeContent } from '../intake.ts';
import type { Ticket } from '../ticket.ts';

/** A file of a ticket: which one, who added it and when. */
export interface TicketAttachment {
  readonly file: AttachmentRef;
  readonly at: number;
  readonly byName: string;
  /** The event that added it; null for an answer of the special form. */
  readonly eventId: EventId | null;
}

/** Files named in the answers of a form; whatever looks like one counts, because the form itself may be unknown here. */
export function attachmentsOfForm(data: FormData): readonly AttachmentRef[] {
  return Object.values(data).flatMap((value) =>
    Array.isArray(value) ? value.flatMap((written) => readAttachment(written) ?? []) : [],
  );
}

/** Files named in a draft, those of forms that were put aside included. */
export function attachmentsOfContent(
  content: Pick<IntakeContent, 'attachments' | 'form' | 'otherForms'>,
): readonly AttachmentRef[] {
  const forms = [content.form, ...content.otherForms].flatMap((form) => (form ? attachmentsOfForm(form.data) : []));
  return [...content.attachments.flatMap((written) => readAttachment(written) ?? []), ...forms];
}

/** The files of a ticket, oldest first, each once: answers of its form, then what was added. What was taken back is left out. */
export function listTicketAttachments(ticket: Ticket): readonly TicketAttachment[] {
  const { fields, createdAt, createdByName, events } = ticket;
  const ofForm = attachmentsOfForm(fields.form?.data ?? {}).map(
    (file): TicketAttachment => ({ file, at: createdAt, byName: createdByName, eventId: null }),
  );
  const takenBack = new Set(events.map(({ kind, ref }) => (kind === 'note' ? ref : '')));
  const added = events.flatMap(({ id, kind, text, at, actorName }): TicketAttachment[] => {
    const file = kind === 'attached' && !takenBack.has(id) ? readAttachment(text) : null;
    return file ? [{ file, at, byName: actorName, eventId: id }] : [];
  });
  const seen = new Set<string>();
  return [...ofForm, ...added].filter(({ file }) => !seen.has(file.sha256) && seen.add(file.sha256));
}
