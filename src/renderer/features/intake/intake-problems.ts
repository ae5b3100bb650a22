import { useTranslation } from 'react-i18next';
import type { IntakeContent, IntakeField, IntakeOutcome, IntakeProblem } from '#shared/domain/intake.ts';
import { checkIntake } from '#shared/domain/intake.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import type { OpenDraft } from './intake.store.ts';

const LABELS = {
  type: 'intake.field.type',
  categoryCode: 'intake.field.category',
  title: 'intake.field.title',
  content: 'intake.field.content',
  answer: 'intake.field.answer',
  'caller.name': 'intake.field.callerName',
  'caller.phone': 'intake.field.callerPhone',
  originalWords: 'intake.field.originalWords',
  'place.address': 'intake.field.address',
  'place.landmark': 'intake.field.landmark',
  subject: 'intake.field.subject',
  occurredAt: 'intake.field.occurredAt',
  promise: 'intake.field.promise',
  promiseDue: 'intake.field.promiseDue',
} as const satisfies Record<IntakeField, string>;

const MAX_LENGTHS: Partial<Record<IntakeField, number>> = {
  title: LIMITS.title,
  content: LIMITS.longText,
  answer: LIMITS.longText,
  originalWords: LIMITS.longText,
  'place.address': LIMITS.address,
  'place.landmark': LIMITS.address,
  subject: LIMITS.address,
  occurredAt: LIMITS.timeText,
  promise: LIMITS.longText,
  promiseDue: LIMITS.timeText,
  'caller.name': LIMITS.name,
  'caller.phone': LIMITS.phone,
};

/** Half of what is typed has these too: they are said when the field is left, or after somebody tried to submit. */
const SAID_LATER: readonly IntakeProblem['code'][] = ['REQUIRED', 'UNREADABLE_TIME', 'NO_NUMBER', 'LONG_NUMBER'];

/**
 * What is wrong with a draft now: text that cannot be stored is said at once, what is missing or cannot be read only after somebody
 * tried to submit.
 */
export function problemsOf(draft: OpenDraft): readonly IntakeProblem[] {
  const outcome: IntakeOutcome = draft.handOffs.length > 0 ? 'hand_off' : (draft.tried ?? 'submit');
  const all = checkIntake(draft.content, outcome);
  return draft.tried === null ? all.filter(({ code }) => !SAID_LATER.includes(code)) : all;
}

/** Which outcome the form is heading for, and so which fields it calls required. */
export function requiredFields(content: IntakeContent, outcome: IntakeOutcome): ReadonlySet<IntakeField> {
  // Somebody is in danger: a hand-over leaves with whatever is written.
  if (outcome === 'hand_off') return new Set();
  if (outcome === 'direct_answer') return new Set<IntakeField>(['type', 'content', 'answer']);
  const fields: IntakeField[] = ['type', 'categoryCode', 'title', 'content'];
  if (!content.caller.anonymous) fields.push('caller.phone');
  return new Set(fields);
}

/** Texts for the problems of a draft. */
export function useProblemTexts(): {
  readonly label: (field: IntakeField) => string;
  readonly error: (problems: readonly IntakeProblem[], field: IntakeField) => string | null;
} {
  const { t } = useTranslation();
  return {
    label: (field) => t(LABELS[field]),
    error: (problems, field) => {
      const problem = problems.find((one) => one.field === field);
      if (!problem) return null;
      const isChoice = problem.code === 'REQUIRED' && (field === 'type' || field === 'categoryCode');
      return t(`intake.problem.${isChoice ? 'CHOOSE' : problem.code}`, {
        field: t(LABELS[field]),
        max: MAX_LENGTHS[field] ?? 0,
      });
    },
  };
}
