import type { z } from 'zod';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { IntakeOutcome } from '../intake.ts';
import type { Line } from '../roles.ts';
import type { TICKET_FLAGS, TicketFields, ticketFormSchema } from '../ticket.ts';
import type { FormContext } from './form-context.ts';
import { checkForm, type FormProblem, recheckForm, rigourOf } from './form-submit.ts';
import { findForm, latestForm } from './shipped-forms.ts';

/** What a draft or ticket keeps of its form. */
export type TicketForm = z.infer<typeof ticketFormSchema>;

/** The form of every ticket that needs no other. */
const GENERAL_FORM = 'general';

/** Keeps the caller secret (保密) when the form or the line says so, whatever else was chosen: 12350 never tells who reported. */
export function protectCaller<T extends Pick<TicketFields, 'caller' | 'markers'>>(
  fields: T,
  form: TicketForm | null,
  line: Line,
): T {
  const definition = form ? findForm(form.id, form.version)?.definition : undefined;
  if (!definition?.confidential && line !== '12350') return fields;
  const markers = fields.markers.includes('confidential')
    ? fields.markers
    : [...fields.markers, 'confidential' as const];
  return { ...fields, markers, caller: { ...fields.caller, confidential: true } };
}

/**
 * The form as a ticket keeps it: checked, without what was not asked, computed values included. Without a form the ticket gets
 * the general one, empty; one this build does not know goes on as it is, for the server to judge.
 */
export function finishTicketForm(
  filled: TicketForm | null,
  context: FormContext,
  outcome: IntakeOutcome,
): Result<TicketForm | null, readonly FormProblem[]> {
  if (!filled) {
    const general = latestForm(GENERAL_FORM);
    return ok(general ? { id: GENERAL_FORM, version: general.definition.version, data: {} } : null);
  }
  const form = findForm(filled.id, filled.version);
  if (!form) return ok(filled);
  const checked = checkForm(form, filled.data, context, rigourOf(outcome));
  return checked.ok ? ok({ ...filled, data: checked.data }) : err(checked.problems);
}

/** What the centre makes of a submitted form. */
interface TakenForm {
  readonly form: TicketForm | null;
  readonly flags: (typeof TICKET_FLAGS)[number][];
}

/**
 * Checks a submitted form again. One of an older version is judged by that version and flagged; an unknown one (of a newer
 * console) is taken as it is and flagged; a ticket of an older console has none.
 * @returns the first problem when it breaks a rule of its form
 */
export function takeTicketForm(
  filled: TicketForm | null,
  context: FormContext,
  outcome: IntakeOutcome,
): Result<TakenForm, FormProblem> {
  if (!filled) return ok({ form: null, flags: [] });
  const form = findForm(filled.id, filled.version);
  if (!form) return ok({ form: filled, flags: ['form-unknown'] });
  const checked = recheckForm(form, filled.data, context, rigourOf(outcome));
  if (!checked.ok) return err(checked.problems[0]);
  const isNewest = latestForm(filled.id) === form;
  return ok({ form: { ...filled, data: checked.data }, flags: isNewest ? [] : ['form-outdated'] });
}
