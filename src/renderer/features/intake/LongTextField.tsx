import { useTranslation } from 'react-i18next';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import type { CannedGroup } from '#shared/domain/canned-text.ts';
import classes from './IntakeForm.module.css';

/** From this share of the limit on, the count is shown. */
const COUNT_FROM = 0.8;

interface LongTextFieldProps {
  readonly control: FieldControl;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly max: number;
  readonly size: 'long' | 'medium';
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly testId: string;
  /** Canned texts that come first. */
  readonly prefer?: CannedGroup;
}

/**
 * Text of several lines that grows with what is written. Nothing is cut off while typing or pasting: what is too long is
 * said at the field. `/` offers canned texts.
 */
export function LongTextField(props: LongTextFieldProps) {
  const { control, value, onChange, max, size, placeholder, disabled, testId, prefer = 'content' } = props;
  const { t } = useTranslation();
  return (
    <>
      <CannedTextArea
        id={control.id}
        className={classes[size]}
        error={control.invalid}
        aria-describedby={control.describedBy}
        value={value}
        placeholder={placeholder}
        disabled={disabled}
        spellCheck={false}
        onText={onChange}
        prefer={prefer}
        data-testid={testId}
      />
      {value.length > max * COUNT_FROM && (
        <span className={classes.count}>{t('intake.length', { count: value.length, max })}</span>
      )}
    </>
  );
}
