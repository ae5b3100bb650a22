import { IconAlertCircle } from '@tabler/icons-react';
import { type ReactNode, useId, useLayoutEffect } from 'react';
import classes from './FieldRow.module.css';

/** What the control of a row has to carry so that its label and error are read with it. */
export interface FieldControl {
  readonly id: string;
  readonly labelId: string;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
}

interface FieldRowProps {
  readonly label: string;
  /** The word 必填, or null for an optional field. */
  readonly required?: string | null;
  readonly error?: string | null;
  /** What the person should know, under the control. */
  readonly help?: string | null;
  readonly errorTestId?: string | undefined;
  /** Groups (radio, checkbox) are labelled by id instead of by `htmlFor`. */
  readonly group?: boolean;
  readonly className?: string | undefined;
  readonly children: (control: FieldControl) => ReactNode;
}

/** One line of a form: label on the left, control on the right, the error under the control. */
export function FieldRow({ label, required, error, help, errorTestId, group, className, children }: FieldRowProps) {
  const id = useId();
  const labelId = `${id}-label`;
  const errorId = `${id}-error`;
  const helpId = `${id}-help`;
  const describedBy = [error ? errorId : '', help ? helpId : ''].filter((one) => one !== '').join(' ');
  // The inputs of the component library drop a description they did not render themselves; then nobody hears what is wrong.
  useLayoutEffect(() => {
    const control = document.getElementById(id);
    if (describedBy === '') control?.removeAttribute('aria-describedby');
    else control?.setAttribute('aria-describedby', describedBy);
  });
  const text = (
    <>
      {label}
      {required && <span className={classes.inlineRequired}>{required}</span>}
    </>
  );
  return (
    <div className={className ? `${classes.row} ${className}` : classes.row}>
      {group ? (
        <span className={classes.label} id={labelId}>
          {text}
        </span>
      ) : (
        <label className={classes.label} id={labelId} htmlFor={id}>
          {text}
        </label>
      )}
      <div>
        {children({ id, labelId, invalid: Boolean(error), describedBy: describedBy || undefined })}
        {help && (
          <div className={classes.help} id={helpId}>
            {help}
          </div>
        )}
        {error && (
          <div className={classes.error} id={errorId} data-testid={errorTestId}>
            <IconAlertCircle size={14} aria-hidden />
            {error}
          </div>
        )}
      </div>
    </div>
  );
}
