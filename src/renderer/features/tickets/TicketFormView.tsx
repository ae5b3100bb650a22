import { useTranslation } from 'react-i18next';
import { useForms } from '#renderer/platform/form-library.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFormValueText, useWords } from '#renderer/terms/form-text.ts';
import { optionsOfAnswer } from '#shared/domain/form/answer-options.ts';
import type { FormField } from '#shared/domain/form/form-definition.ts';
import type { FormData, FormValue } from '#shared/domain/form/form-value.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import classes from './TicketDetail.module.css';

/** Stands for an answer that this reader does not see. */
const HIDDEN = '***';

/** The special form of a ticket, with the words of the version it was written with. The empty general form is not shown. */
export function TicketFormView({ form }: { readonly form: TicketForm }) {
  const { t } = useTranslation();
  const words = useWords();
  const library = useForms();
  if (!library || (form.id === 'general' && Object.keys(form.data).length === 0)) return null;
  const known = library.find(form.id, form.version);
  const name = known ? words(known.definition.name) : form.id;
  return (
    <div className={classes.section} data-testid={TEST_IDS.formView}>
      <h3>
        {t('forms.label')}：{name}
        <span className={classes.version}>{t('forms.version', { version: form.version })}</span>
      </h3>
      {Object.keys(form.data).length === 0 && <p className={classes.version}>{t('forms.notFilled')}</p>}
      {known ? (
        known.sections.map((section) => {
          const answered = section.fields
            .map(({ field }) => field)
            .filter((field) => Object.hasOwn(form.data, field.id));
          return answered.length === 0 ? null : (
            <div key={section.id}>
              <h4 className={classes.part}>{words(section.title)}</h4>
              <dl className={classes.answers}>
                {answered.map((field) => (
                  <KnownAnswer key={field.id} field={field} data={form.data} />
                ))}
              </dl>
            </div>
          );
        })
      ) : (
        <>
          <p className={classes.version}>{t('forms.unknownView')}</p>
          <dl className={classes.answers}>
            {Object.entries(form.data).map(([id, value]) => (
              <Answer key={id} id={id} label={id} text={rawText(value)} />
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

function KnownAnswer({ field, data }: { readonly field: FormField; readonly data: FormData }) {
  const words = useWords();
  const valueText = useFormValueText();
  const value = data[field.id] ?? null;
  const text = value === null ? HIDDEN : valueText(field, value, optionsOfAnswer(field, data));
  return <Answer id={field.id} label={words(field.label)} text={text} />;
}

function Answer({ id, label, text }: { readonly id: string; readonly label: string; readonly text: string }) {
  return (
    <div style={{ display: 'contents' }}>
      <dt>{label}</dt>
      <dd data-testid={TEST_IDS.formViewValue(id)}>{text}</dd>
    </div>
  );
}

function rawText(value: FormValue): string {
  if (value === null) return HIDDEN;
  return Array.isArray(value) ? value.join(' ') : String(value);
}
