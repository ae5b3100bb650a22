import { Button } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { parseAddress } from '#shared/domain/address/parse-address.ts';
import { offerDivisions } from '#shared/domain/address/resolve-division.ts';
import classes from './AddressParts.module.css';

interface AddressPartsProps {
  readonly address: string;
  /** The division chosen already, null for none. */
  readonly divisionCode: string | null;
  readonly centre: string;
  readonly onTakeDivision: (code: string) => void;
  readonly disabled: boolean;
  readonly isActive: boolean;
}

/**
 * What the console reads in a typed address: its pieces, and the division it names, offered to be taken. The address itself stays
 * as it was typed, and the division is never filled in by itself.
 */
export function AddressParts(props: AddressPartsProps) {
  const { address, divisionCode, centre, onTakeDivision, disabled, isActive } = props;
  const { t } = useTranslation();
  const names = useReferenceData()?.divisionNames ?? null;
  const parsed = useMemo(() => parseAddress(address, names, centre), [address, names, centre]);
  const parts = parsed.parts.filter((part) => part.kind !== 'text');
  const offered = offerDivisions(parsed.division, divisionCode);
  const only = offered.length === 1 ? offered[0] : undefined;
  useAction(
    'intake.takeDivision',
    () => only && onTakeDivision(only.code),
    isActive && !disabled && only !== undefined,
  );
  if (parts.length === 0) return null;

  const label = divisionCode === null ? 'intake.takeDivision' : 'intake.changeDivision';
  return (
    <div className={classes.found} data-testid={TEST_IDS.intakeAddressParts}>
      <dl className={classes.parts} aria-label={t('intake.addressParts')}>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no identity but their place
          <div key={index} data-kind={part.kind}>
            <dt>{t(`terms.addressPart.${part.kind}`)}</dt>
            <dd>{part.text.trim()}</dd>
          </div>
        ))}
      </dl>
      {offered.length > 0 && (
        <div className={classes.offer} role="status">
          {offered.length > 1 && <span>{t('intake.whichDivision')}</span>}
          {offered.map((entry) => (
            <Button
              key={entry.code}
              variant="light"
              size="compact-sm"
              disabled={disabled}
              leftSection={<IconMapPin size={14} aria-hidden />}
              rightSection={only ? <KeyHint keys={actionKey('intake.takeDivision')} /> : null}
              title={
                parsed.division?.kind === 'found' && parsed.division.basis === 'own-city'
                  ? t('intake.ownCityHint')
                  : undefined
              }
              aria-keyshortcuts={only ? 'Alt+Q' : undefined}
              onClick={() => onTakeDivision(entry.code)}
              data-testid={TEST_IDS.intakeAddressDivision(entry.code)}
            >
              {offered.length > 1 ? entry.names.join(' ') : t(label, { name: entry.names.join(' ') })}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
