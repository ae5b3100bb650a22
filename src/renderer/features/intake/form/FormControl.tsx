import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DraftFiles } from '#renderer/terms/attachments/DraftFiles.tsx';
import { CategoryField } from '#renderer/terms/CategoryField.tsx';
import { DivisionField } from '#renderer/terms/DivisionField.tsx';
import { useWords } from '#renderer/terms/form-text.ts';
import { CheckGroup } from '#renderer/ui/CheckGroup.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { maxLengthOf, mostOf } from '#shared/domain/form/field-value.ts';
import type { FieldState } from '#shared/domain/form/form-evaluate.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import { LongTextField } from '../LongTextField.tsx';
import { ShortTextField } from '../ShortTextField.tsx';
import type { FieldChange } from './draft-form.ts';
import { OptionField } from './OptionField.tsx';
import { isSideBySide } from './side-by-side.ts';
import { UnitField } from './UnitField.tsx';
import { WrittenField } from './WrittenField.tsx';

interface FormControlProps {
  readonly control: FieldControl;
  readonly state: FieldState;
  readonly raw: FormValue | undefined;
  readonly onChange: (change: FieldChange) => void;
  /** Instead of the usual one. */
  readonly placeholder: string | null;
  readonly centre: string;
  readonly disabled: boolean;
}

const asText = (raw: FormValue | undefined): string => (typeof raw === 'string' ? raw : '');
const asList = (raw: FormValue | undefined): string[] => (Array.isArray(raw) ? raw : []);

/** The control of a question, by the type of its field. */
export function FormControl({ control, state, raw, onChange, placeholder, centre, disabled }: FormControlProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { field, options } = state;
  const testId = TEST_IDS.formField(field.id);
  const choices = options.map((option) => ({ value: option.value, label: words(option.label) }));
  const text = asText(raw);
  switch (field.type) {
    case 'text':
    case 'address':
      return (
        <ShortTextField
          control={control}
          value={text}
          onChange={onChange}
          placeholder=""
          disabled={disabled}
          testId={testId}
        />
      );
    case 'long-text':
      return (
        <LongTextField
          control={control}
          value={text}
          onChange={onChange}
          max={maxLengthOf(field) ?? 0}
          size="medium"
          placeholder=""
          disabled={disabled}
          testId={testId}
        />
      );
    case 'number':
    case 'money':
    case 'date':
    case 'date-time':
    case 'time':
    case 'phone':
    case 'id-card':
    case 'credit-code':
      return (
        <WrittenField
          control={control}
          field={field}
          value={raw}
          onChange={onChange}
          placeholder={
            field.type === 'number'
              ? ''
              : t(`forms.hint.${field.type === 'date' && field.months ? 'month' : field.type}`)
          }
          unit={field.type === 'number' && field.unit ? words(field.unit) : ''}
          disabled={disabled}
          testId={testId}
        />
      );
    case 'division':
      return (
        <DivisionField
          control={control}
          value={text === '' ? null : text}
          onChange={onChange}
          centre={centre}
          disabled={disabled}
          testId={testId}
        />
      );
    case 'category':
      return (
        <CategoryField
          control={control}
          value={text === '' ? null : text}
          onChange={onChange}
          disabled={disabled}
          testId={testId}
        />
      );
    case 'unit':
      return <UnitField control={control} value={text} onChange={onChange} disabled={disabled} testId={testId} />;
    case 'single-choice':
    case 'dependent-choice':
      return isSideBySide(state) ? (
        <ChoiceGroup
          control={control}
          choices={choices}
          value={text === '' ? null : text}
          onChange={onChange}
          onClear={() => onChange(null)}
          disabled={disabled}
          testId={testId}
        />
      ) : (
        <OptionField
          control={control}
          options={options.map(({ value, label }) => ({ value, zh: label.zh, en: label.en }))}
          value={text === '' ? null : text}
          onChange={onChange}
          placeholder={placeholder ?? t('forms.hint.choice')}
          disabled={disabled}
          testId={testId}
        />
      );
    case 'multiple-choice':
      return (
        <CheckGroup
          control={control}
          checks={choices}
          values={asList(raw)}
          onChange={(values) => onChange(values.length === 0 ? null : values)}
          disabled={disabled}
          testId={(value) => `${testId}-${value}`}
        />
      );
    case 'yes-no':
      return (
        <ChoiceGroup
          control={control}
          choices={[
            { value: 'yes', label: t('forms.yes') },
            { value: 'no', label: t('forms.no') },
          ]}
          value={raw === true ? 'yes' : raw === false ? 'no' : null}
          onChange={(value) => onChange(value === 'yes')}
          onClear={() => onChange(null)}
          disabled={disabled}
          testId={testId}
        />
      );
    case 'attachment':
      return (
        <DraftFiles
          value={asList(raw)}
          onChange={(next) =>
            onChange((before) => {
              const files = next(asList(before));
              return files.length === 0 ? null : files;
            })
          }
          disabled={disabled}
          most={mostOf(field)}
          id={control.id}
          describedBy={control.describedBy}
          testId={testId}
        />
      );
    case 'computed':
      return null;
  }
}
