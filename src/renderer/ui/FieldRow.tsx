import { IconAlertCircle } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useDescribedBy } from './described-by.ts';
import classes from './FieldRow.module.css';

/** What the control of a row has to carry so that its label and error are read with it. */
export interface FieldControl {
  readonly id: string;
  readonly labelId: string;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  /** Says something about what stands in the control that only the control knows; null takes it back. */
  readonly say?: (note: string | null) => void;
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
  const [note, setNote] = useState<string | null>(null);
  // Of what is typed and not taken the control knows more than whoever only misses a value.
  const shown = note ?? error;
  const describedBy = [shown ? errorId : '', help ? helpId : ''].filter((one) => one !== '').join(' ');
  useDescribedBy(id, describedBy);
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
        {children({ id, labelId, invalid: Boolean(shown), describedBy: describedBy || undefined, say: setNote })}
        {help && (
          <div className={classes.help} id={helpId}>
            {help}
          </div>
        )}
        {shown && (
          <div className={classes.error} id={errorId} data-testid={errorTestId}>
            <IconAlertCircle size={14} aria-hidden />
            {shown}
          </div>
        )}
      </div>
    </div>
  );
}
