import { IconCheck } from '@tabler/icons-react';
import classes from './ChoiceGroup.module.css';
import type { FieldControl } from './FieldRow.tsx';

interface Check<V extends string> {
  readonly value: V;
  readonly label: string;
  /** Stays as it is. */
  readonly fixed?: boolean;
}

interface CheckGroupProps<V extends string> {
  /** The row it stands in; without one `label` or `labelledBy` names it. */
  readonly control?: FieldControl;
  readonly label?: string | undefined;
  readonly labelledBy?: string | undefined;
  readonly checks: readonly Check<V>[];
  readonly values: readonly V[];
  readonly onChange: (values: V[]) => void;
  readonly disabled?: boolean;
  readonly testId: (value: V) => string;
}

/** Any number of a few choices, all visible; Space toggles. */
export function CheckGroup<V extends string>(props: CheckGroupProps<V>) {
  const { control, label, labelledBy, checks, values, onChange, disabled, testId } = props;
  const toggle = (value: V) => {
    // Kept in the order of the choices, whatever the order of the clicks.
    const next = checks.map((check) => check.value).filter((one) => values.includes(one) !== (one === value));
    onChange(next);
  };
  return (
    <fieldset
      aria-label={label}
      aria-labelledby={control?.labelId ?? labelledBy}
      aria-describedby={control?.describedBy}
      aria-invalid={control?.invalid || undefined}
      className={control?.invalid ? `${classes.group} ${classes.invalid}` : classes.group}
      style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}
    >
      {checks.map((check) => (
        <label key={check.value} className={classes.choice}>
          <input
            type="checkbox"
            className={classes.soft}
            checked={values.includes(check.value)}
            disabled={disabled || check.fixed}
            onChange={() => toggle(check.value)}
            data-testid={testId(check.value)}
          />
          <span className={classes.face}>
            <span className={classes.box} aria-hidden>
              {values.includes(check.value) && <IconCheck size={12} stroke={3} />}
            </span>
            {check.label}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
