import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CheckGroup } from '#renderer/ui/CheckGroup.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import type { FormContext } from '#shared/domain/form/form-context.ts';
import { LINES, type Role } from '#shared/domain/roles.ts';
import { URGENCIES } from '#shared/domain/ticket.ts';
import classes from './FormPreviewPage.module.css';

type Around = Omit<FormContext, 'now'>;

/** Whose view of a form differs: an agent's, a lead's, a supervisor's. */
const TRIED_ROLES = ['agent', 'lead', 'supervisor'] as const satisfies readonly Role[];
const FLAGS = ['anonymous', 'confidential'] as const;

/** The ticket around a form that is tried: an ordinary one. */
export function startSurroundings(role: Role): Around {
  return {
    line: '12345',
    type: 'help',
    urgency: 'normal',
    categoryCode: null,
    divisionCode: null,
    occurredAt: null,
    address: '',
    subject: '',
    anonymous: false,
    confidential: false,
    role,
  };
}

interface SurroundingsProps {
  readonly value: Around;
  readonly onChange: (value: Around) => void;
}

/** What conditions see of the ticket, to be changed while trying. */
export function Surroundings({ value, onChange }: SurroundingsProps) {
  const { t } = useTranslation();
  const role = TRIED_ROLES.find((one) => one === value.role) ?? null;
  return (
    <div className={classes.group}>
      <h2>{t('forms.preview.around')}</h2>
      <ChoiceGroup
        label={t('forms.preview.line')}
        choices={LINES.map((line) => ({ value: line, label: line }))}
        value={value.line}
        onChange={(line) => onChange({ ...value, line })}
        testId={TEST_IDS.formPreviewLine}
      />
      <ChoiceGroup
        label={t('forms.preview.urgency')}
        choices={URGENCIES.map((urgency) => ({ value: urgency, label: t(`terms.urgency.${urgency}`) }))}
        value={value.urgency}
        onChange={(urgency) => onChange({ ...value, urgency })}
        testId={TEST_IDS.formPreviewUrgency}
      />
      <ChoiceGroup
        label={t('forms.preview.role')}
        choices={TRIED_ROLES.map((one) => ({ value: one, label: t(`terms.role.${one}`) }))}
        value={role}
        onChange={(chosen) => onChange({ ...value, role: chosen })}
        testId={TEST_IDS.formPreviewRole}
      />
      <CheckGroup
        label={t('forms.preview.callerKind')}
        checks={FLAGS.map((flag) => ({ value: flag, label: t(`intake.field.${flag}`) }))}
        values={FLAGS.filter((flag) => value[flag])}
        onChange={(flags) =>
          onChange({ ...value, anonymous: flags.includes('anonymous'), confidential: flags.includes('confidential') })
        }
        testId={(flag) => `${TEST_IDS.formPreviewRole}-${flag}`}
      />
    </div>
  );
}
