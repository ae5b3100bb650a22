import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconLock } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { useForms } from '#renderer/platform/form-library.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFormProblemText, useWords } from '#renderer/terms/form-text.ts';
import { TypedTextsProvider, useTypedTextsOf } from '#renderer/terms/typed-text.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { DraftForm, FieldChange } from './draft-form.ts';
import { FormFields } from './FormFields.tsx';
import { FormOffers } from './FormOffers.tsx';
import classes from './FormSection.module.css';
import { OptionField } from './OptionField.tsx';

interface FormSectionProps {
  readonly draftForm: DraftForm;
  readonly line: Line;
  /** Fills in one field; null empties it. */
  readonly onFill: (id: string, change: FieldChange) => void;
  readonly onChangeForm: (form: CompiledForm) => void;
  /** Somebody tried to submit: says what is missing, too. */
  readonly tried: boolean;
  readonly centre: string;
  readonly disabled: boolean;
  readonly isActive: boolean;
}

/** The special form of a draft: which one, and its questions. */
export function FormSection(props: FormSectionProps) {
  const { draftForm, line, onFill, onChangeForm, tried, centre, disabled, isActive } = props;
  const { t } = useTranslation();
  const words = useWords();
  const problemText = useFormProblemText();
  const library = useForms();
  const rootRef = useRef<HTMLFieldSetElement>(null);
  const [pickTicket, setPickTicket] = useState(0);
  const { filled, known } = draftForm;
  // Fields of another form may have the same names.
  const typed = useTypedTextsOf(filled.id);
  // The general form asks nothing that has to be answered; it stays folded until it is wanted.
  const isQuiet = filled.id === 'general' && Object.keys(filled.data).length === 0;
  const [unfolded, setUnfolded] = useState(false);
  const isOpen = !isQuiet || unfolded;
  const forms = library?.ofLine(line) ?? [];
  const choosable = forms.map(({ definition: { id, name } }) => ({ value: id, zh: name.zh, en: name.en }));
  const definition = known?.form.definition;
  const isOlder = definition !== undefined && (library?.versions(definition.id)[0] ?? 0) > definition.version;
  const ofForm = known && definition?.lines?.includes(line) === false;

  useAction(
    'intake.pickForm',
    () => {
      rootRef.current?.querySelector<HTMLElement>(`[data-testid="${TEST_IDS.formPicker}"]`)?.focus();
      setPickTicket((ticket) => ticket + 1);
    },
    isActive && !disabled,
  );

  const pick = (id: string | null) => {
    const form = forms.find((one) => one.definition.id === (id ?? 'general'));
    if (form) onChangeForm(form);
  };
  return (
    <fieldset ref={rootRef} className={classes.section} aria-label={t('forms.label')} data-testid={TEST_IDS.form}>
      <div className={classes.head}>
        <FieldRow label={t('forms.label')}>
          {(control) => (
            <OptionField
              control={control}
              options={choosable}
              value={filled.id}
              onChange={pick}
              openTicket={pickTicket}
              placeholder={t('forms.pickHint')}
              disabled={disabled}
              testId={TEST_IDS.formPicker}
            />
          )}
        </FieldRow>
        <div className={classes.side}>
          <KeyHint keys={actionKey('intake.pickForm')} />
          {definition && <span>{t('forms.version', { version: definition.version })}</span>}
          <FormOffers
            draftForm={draftForm}
            forms={forms}
            onChangeForm={onChangeForm}
            disabled={disabled}
            isActive={isActive}
          />
          {isQuiet && (
            <Button
              variant="subtle"
              size="compact-sm"
              aria-expanded={isOpen}
              leftSection={isOpen ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
              onClick={() => setUnfolded(!unfolded)}
              data-testid={TEST_IDS.formFold}
            >
              {t(isOpen ? 'forms.fold' : 'forms.unfold')}
            </Button>
          )}
        </div>
      </div>
      {ofForm && (
        <p className={`${classes.note} ${classes.secret}`} role="alert">
          {problemText({ code: 'WRONG_LINE' }, '', false)}
        </p>
      )}
      {isOlder && <p className={classes.note}>{t('forms.older', { version: filled.version })}</p>}
      {definition?.confidential && (
        <p className={`${classes.note} ${classes.secret}`}>
          <IconLock size={14} aria-hidden style={{ verticalAlign: -2, marginRight: 4 }} />
          {t('forms.keepsSecret')}
        </p>
      )}
      {isOpen && definition?.note && <p className={classes.note}>{words(definition.note)}</p>}
      {!known && (
        <p className={classes.note} role="status">
          {t('forms.unknown', { id: filled.id, version: filled.version })}
        </p>
      )}
      {isOpen && known && (
        <TypedTextsProvider value={typed}>
          <FormFields
            state={known.state}
            data={filled.data}
            onChange={onFill}
            tried={tried}
            centre={centre}
            disabled={disabled}
          />
        </TypedTextsProvider>
      )}
    </fieldset>
  );
}
