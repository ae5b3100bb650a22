import { useWords } from '#renderer/terms/form-text.ts';
import type { FormState } from '#shared/domain/form/form-evaluate.ts';
import type { FormData } from '#shared/domain/form/form-value.ts';
import type { FieldChange } from './draft-form.ts';
import { FormFieldRow } from './FormFieldRow.tsx';
import classes from './FormFields.module.css';

interface FormFieldsProps {
  readonly state: FormState;
  /** What is filled in, as it was typed. */
  readonly data: FormData;
  readonly onChange: (id: string, change: FieldChange) => void;
  /** Says what is missing, too: somebody tried to submit. */
  readonly tried: boolean;
  readonly centre: string;
  readonly disabled: boolean;
}

/** The questions of a form that are asked now. */
export function FormFields({ state, data, onChange, tried, centre, disabled }: FormFieldsProps) {
  const words = useWords();
  const shown = state.sections.filter((section) => section.visible && section.fields.some((field) => field.visible));
  return (
    <div className={classes.sections}>
      {shown.map((section) => (
        <fieldset key={section.id} className={classes.section}>
          <legend className={classes.title}>{words(section.title)}</legend>
          <div className={classes.grid}>
            {section.fields
              .filter((one) => one.visible)
              .map((one) => (
                <FormFieldRow
                  key={one.field.id}
                  state={one}
                  above={one.field.type === 'dependent-choice' ? state.fields.get(one.field.dependsOn) : undefined}
                  raw={data[one.field.id]}
                  onChange={(value) => onChange(one.field.id, value)}
                  tried={tried}
                  centre={centre}
                  disabled={disabled}
                />
              ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}
