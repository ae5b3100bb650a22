import { type KeyboardEvent, useId } from 'react';
import classes from './ChoiceGroup.module.css';
import type { FieldControl } from './FieldRow.tsx';

interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
}

interface ChoiceGroupProps<V extends string> {
  /** The row it stands in; without one `label` names it. */
  readonly control?: FieldControl;
  readonly label?: string;
  readonly choices: readonly Choice<V>[];
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  /** Takes the choice back: the chosen one is pressed again, or Delete. Without it a choice stays made. */
  readonly onClear?: () => void;
  readonly disabled?: boolean;
  readonly testId: string;
}

/**
 * One of a few choices, all visible. Arrow keys move as in any radio group, a digit picks by position.
 */
export function ChoiceGroup<V extends string>(props: ChoiceGroupProps<V>) {
  const { control, label, choices, value, onChange, onClear, disabled, testId } = props;
  const name = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if ((event.key === 'Delete' || event.key === 'Backspace') && value !== null) {
      event.preventDefault();
      onClear?.();
    }
    const picked = /^[1-9]$/.test(event.key) ? choices[Number(event.key) - 1] : undefined;
    if (!picked) return;
    event.preventDefault();
    onChange(picked.value);
    const input = event.currentTarget.querySelectorAll('input')[Number(event.key) - 1];
    input?.focus();
  };
  return (
    <div
      role="radiogroup"
      aria-label={label}
      aria-labelledby={control?.labelId}
      aria-describedby={control?.describedBy}
      aria-invalid={control?.invalid || undefined}
      className={control?.invalid ? `${classes.group} ${classes.invalid}` : classes.group}
      data-testid={testId}
      onKeyDown={onKeyDown}
    >
      {choices.map((choice) => (
        <label key={choice.value} className={classes.choice}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={value === choice.value}
            disabled={disabled}
            onChange={() => onChange(choice.value)}
            onClick={() => {
              if (value === choice.value) onClear?.();
            }}
            data-testid={`${testId}-${choice.value}`}
          />
          <span className={classes.face}>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}
