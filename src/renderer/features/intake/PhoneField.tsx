import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { formatPhone, storePhone } from '#shared/domain/phone.ts';

interface PhoneFieldProps {
  readonly control: FieldControl;
  readonly value: string;
  readonly onChange: (phone: string) => void;
  readonly disabled: boolean;
}

/** A phone number in any written form, with its extension; grouped for reading, stored in one form when the field is left. */
export function PhoneField({ control, value, onChange, disabled }: PhoneFieldProps) {
  const [focused, setFocused] = useState(false);
  return (
    <TextInput
      id={control.id}
      error={control.invalid}
      aria-describedby={control.describedBy}
      value={focused ? value : formatPhone(value)}
      disabled={disabled}
      autoComplete="off"
      inputMode="tel"
      onFocus={() => setFocused(true)}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => {
        setFocused(false);
        const phone = storePhone(value);
        if (phone !== value) onChange(phone);
      }}
      data-testid={TEST_IDS.intakeCallerPhone}
    />
  );
}
