import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWords } from '#renderer/terms/form-text.ts';
import { clock } from '#renderer/ui/now.ts';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import type { FormContext } from '#shared/domain/form/form-context.ts';
import { evaluateForm } from '#shared/domain/form/form-evaluate.ts';
import { finishedData, formProblems, initialData } from '#shared/domain/form/form-submit.ts';
import { fillField } from '../form/draft-form.ts';
import { FormFields } from '../form/FormFields.tsx';
import classes from './FormPreviewPage.module.css';

interface FormTrialProps {
  readonly form: CompiledForm;
  readonly surroundings: Omit<FormContext, 'now'>;
  readonly centre: string;
}

/** A form to be tried: filled in here, it shows what a ticket would keep and what would hold it back. Nothing is stored. */
export function FormTrial({ form, surroundings, centre }: FormTrialProps) {
  const { t } = useTranslation();
  const words = useWords();
  const dataId = useId();
  const { id, version, name, note } = form.definition;
  const context: FormContext = { ...surroundings, now: clock.now() };
  const [filled, setFilled] = useState({ id, version, data: initialData(form, context) });
  const latest = useRef(filled);
  const state = evaluateForm(form, filled.data, context);
  const problems = formProblems(form, state, context, 'complete');
  return (
    <>
      <h2 className={classes.name}>
        {words(name)} <span className={classes.note}>{t('forms.version', { version })}</span>
      </h2>
      {note && <p className={classes.note}>{words(note)}</p>}
      <FormFields
        state={state}
        data={filled.data}
        onChange={(field, change) => {
          latest.current = fillField(latest.current, field, change);
          setFilled(latest.current);
        }}
        tried
        centre={centre}
        disabled={false}
      />
      <div className={classes.state} data-kind={problems.length === 0 ? 'good' : 'bad'} role="status">
        {problems.length === 0 ? <IconCheck size={15} aria-hidden /> : <IconAlertCircle size={15} aria-hidden />}
        {problems.length === 0
          ? t('forms.preview.complete')
          : t('forms.preview.incomplete', { count: problems.length })}
      </div>
      <section className={classes.group} aria-labelledby={dataId}>
        <h2 id={dataId}>{t('forms.preview.data')}</h2>
        <pre className={classes.data} data-testid={TEST_IDS.formPreviewData}>
          {JSON.stringify(finishedData(state), null, 2)}
        </pre>
      </section>
    </>
  );
}
