import { TextInput } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { formatPhone, storePhone } from '#shared/domain/phone.ts';

interface PhoneFieldProps {
  readonly control: FieldControl;
  readonly value: string;
  readonly onChange: (phone: string) => void;
  /** Somebody types, or has left the field. */
  readonly onTyping: (isTyping: boolean) => void;
  readonly disabled: boolean;
}

/**
 * A phone number in any written form, with its extension; grouped for reading, stored in one form when the field is left. Reached by Tab
 * it is selected, so that typing replaces it.
 */
export function PhoneField({ control, value, onChange, onTyping, disabled }: PhoneFieldProps) {
  const [focused, setFocused] = useState(false);
  const inputRef = useRef<HTMLInputElement>(null);
  // The written form takes the place of the grouped one, and what the browser selected goes with that.
  useLayoutEffect(() => {
    if (focused) inputRef.current?.select();
  }, [focused]);
  return (
    <TextInput
      ref={inputRef}
      id={control.id}
      error={control.invalid}
      aria-describedby={control.describedBy}
      value={focused ? value : formatPhone(value)}
      disabled={disabled}
      autoComplete="off"
      inputMode="tel"
      onFocus={() => setFocused(true)}
      onChange={(event) => {
        onTyping(true);
        onChange(event.currentTarget.value);
      }}
      onBlur={() => {
        setFocused(false);
        onTyping(false);
        const phone = storePhone(value);
        if (phone !== value) onChange(phone);
      }}
      data-testid={TEST_IDS.intakeCallerPhone}
    />
  );
}
