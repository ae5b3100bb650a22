import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateTimeField } from '#renderer/terms/DateTimeField.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';

/** A moment as it is typed. */
export interface Moment {
  /** Null while nothing that can be read is typed. */
  readonly at: number | null;
  readonly unreadable: string;
  readonly isTyping: boolean;
  readonly change: (at: number | null, unreadable: string) => void;
  readonly setTyping: (isTyping: boolean) => void;
}

/** A moment that somebody types. */
export function useMoment(begin: () => number | null): Moment {
  const [at, setAt] = useState(begin);
  const [unreadable, setUnreadable] = useState('');
  const [isTyping, setTyping] = useState(false);
  const change = (next: number | null, text: string) => {
    setAt(next);
    setUnreadable(text);
  };
  return { at, unreadable, isTyping, change, setTyping };
}

interface MomentFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly moment: Moment;
  /** Reads what is typed; a moment that has been when left out. */
  readonly parse?: (text: string, now: number) => number | null;
  readonly testId: string;
}

/** A moment with its label; what cannot be read is said once the field is left. */
export function MomentField({ label, placeholder, moment, parse, testId }: MomentFieldProps) {
  const { t } = useTranslation();
  const { at, unreadable, isTyping, change, setTyping } = moment;
  return (
    <FieldRow label={label} error={unreadable === '' || isTyping ? null : t('oversight.unreadable')}>
      {(control) => (
        <DateTimeField
          control={control}
          value={at}
          unreadable={unreadable}
          onChange={change}
          onTyping={setTyping}
          placeholder={placeholder}
          disabled={false}
          testId={testId}
          {...(parse ? { parse } : {})}
        />
      )}
    </FieldRow>
  );
}
