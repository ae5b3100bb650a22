import { IconPencilExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useForms } from '#renderer/platform/form-library.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { isChoiceField, useFormProblemText, useWords } from '#renderer/terms/form-text.ts';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import type { FormProblem } from '#shared/domain/form/form-submit.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import classes from './DraftOrigin.module.css';
import type { OpenDraft } from './intake.store.ts';

interface CorrectionLineProps {
  readonly draft: OpenDraft;
  readonly correctsUid: TicketId;
}

/** Above the form of a refused ticket: why the server refused it, with the question it is about. */
export function CorrectionLine({ draft, correctsUid }: CorrectionLineProps) {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const problemAt = useProblemAt(draft.content.form);
  const { data: items } = useLiveQuery(['outbox'], () => dataClient.outbox.list(), []);
  const why = items?.find(({ kind, uid }) => kind === 'ticket.create' && uid === correctsUid)?.lastError;
  const place = why?.code === 'FORM_INVALID' ? problemAt(why.detail) : null;
  const reason = why && [stumbleText(why, true).text, ...(place ? [place] : [])].join(' ');
  return (
    <p className={classes.line} data-tone="warn" role="status" data-testid={TEST_IDS.intakeCorrects}>
      <IconPencilExclamation size={15} aria-hidden />
      <span title={t('intake.corrects')}>{reason ? t('intake.correctsWhy', { reason }) : t('intake.corrects')}</span>
    </p>
  );
}

/** Says what is wrong with the form, as the server named it: a field and the rule it breaks. */
function useProblemAt(form: TicketForm | null): (detail: string) => string | null {
  const words = useWords();
  const problemText = useFormProblemText();
  const library = useForms();
  return (detail) => {
    const [id = '', code = ''] = detail.split(':');
    const known = form ? library?.find(form.id, form.version)?.fields.get(id)?.field : undefined;
    return known ? problemText({ code: code as FormProblem['code'] }, words(known.label), isChoiceField(known)) : null;
  };
}
