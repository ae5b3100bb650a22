import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { unitNameSchema } from '#shared/domain/ticket-act.ts';
import { UnitPicker } from '../decide/UnitPicker.tsx';

/** A unit that is being named in a dialog. */
export interface NamedUnit {
  readonly name: string;
  /** A name that a unit can have, and no list of others is open over it. */
  readonly isGood: boolean;
  readonly set: (name: string) => void;
  readonly setOpen: (isOpen: boolean) => void;
}

export function useNamedUnit(initial = ''): NamedUnit {
  const [written, set] = useState(initial);
  const [isOpen, setOpen] = useState(false);
  const name = written.trim();
  return { name, isGood: unitNameSchema.safeParse(name).success && !isOpen, set, setOpen };
}

interface UnitFieldProps {
  readonly label: string;
  readonly unit: NamedUnit;
  readonly error?: string | null;
  /** The field its dialog begins with. */
  readonly isFirst?: boolean;
}

/** The field for it. */
export function NamedUnitField({ label, unit, error = null, isFirst = true }: UnitFieldProps) {
  const { t } = useTranslation();
  return (
    <FieldRow label={label} error={error}>
      {(control) => (
        <UnitPicker
          control={control}
          value={unit.name}
          placeholder={t('tickets.decide.unitHint')}
          isFirst={isFirst}
          onChange={(chosen) => unit.set(chosen ?? '')}
          onOpen={unit.setOpen}
          testId={TEST_IDS.overlayField('unit')}
        />
      )}
    </FieldRow>
  );
}
