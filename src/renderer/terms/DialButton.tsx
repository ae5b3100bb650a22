import { Button } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import type { CallAbout } from '#shared/domain/call-events.ts';
import { formatPhone, normalizePhone } from '#shared/domain/phone.ts';
import type { Line } from '#shared/domain/roles.ts';
import { usePhoneCommand } from './phone-command.ts';

/** Numbers a telephone system can be asked for. */
const DIALLABLE = /^\d{3,15}$/;

/** Why nobody can be called now, in words; null when it is possible. */
export function useDialObstacle(): string | null {
  const { t } = useTranslation();
  const isSignedOut = usePhoneStore(({ connected, phone }) => !connected || phone.agent.kind === 'signed-out');
  const isBusy = usePhoneStore(({ phone }) => phone.call !== null);
  if (isSignedOut) return t('call.dialTo.signedOut');
  return isBusy ? t('call.dialTo.notNow') : null;
}

/** A number as it can be dialled, null when it is none. */
export function toDiallable(written: string): string | null {
  // Behind a mask there is no number to dial: it has to be looked at first.
  if (written.includes('*')) return null;
  const number = normalizePhone(written);
  return DIALLABLE.test(number) ? number : null;
}

interface DialButtonProps {
  /** In any written form. */
  readonly number: string;
  readonly name: string;
  readonly line: Line;
  readonly about: CallAbout;
  readonly label?: string;
  readonly testId?: string;
}

/** Calls a number: of a citizen, of a ticket, of a missed caller. Shown only when there is a number to call. */
export function DialButton({ number, name, line, about, label, testId }: DialButtonProps) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const obstacle = useDialObstacle();
  const diallable = toDiallable(number);
  if (diallable === null) return null;
  const words = label ?? t('call.dialTo.call');
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconPhoneOutgoing size={14} aria-hidden />}
      aria-label={`${words} ${formatPhone(diallable)}`}
      title={obstacle ?? t('call.dialTo.callNumber', { phone: formatPhone(diallable) })}
      disabled={obstacle !== null}
      onClick={() => void send({ kind: 'dial', number: diallable, name, line, about })}
      data-testid={testId}
    >
      {words}
    </Button>
  );
}
