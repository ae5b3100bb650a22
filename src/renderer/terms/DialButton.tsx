import { Button } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { lookBehindMask } from '#renderer/platform/reveal.store.ts';
import type { RevealRequest } from '#shared/contract/privacy.contract.ts';
import type { CallAbout } from '#shared/domain/call-events.ts';
import { isMaskedNumber } from '#shared/domain/masking.ts';
import { formatPhone, parsePhones, storePhone } from '#shared/domain/phone.ts';
import type { Line } from '#shared/domain/roles.ts';
import { useFailureText } from './failure-text.ts';
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

/** What is dialled: the number, then the extension once somebody has answered. */
interface Diallable {
  readonly number: string;
  readonly extension?: string;
}

/** A number as it can be dialled, null when it is none, or several. */
export function toDiallable(written: string): Diallable | null {
  // Behind a mask there is no number to dial: it has to be looked at first.
  if (isMaskedNumber(written)) return null;
  const [phone, ...more] = parsePhones(written);
  if (!phone || more.length > 0 || !DIALLABLE.test(phone.number)) return null;
  return phone.extension === '' ? { number: phone.number } : phone;
}

/** A row whose number may be masked. */
type NumberOwner = Pick<RevealRequest, 'subject' | 'uid'>;

/** Looks a masked number up, which is written down first. @throws what the data process refuses */
async function readMaskedNumber(owner: NumberOwner, reason: string): Promise<string> {
  const { ticket, citizen, call } = await lookBehindMask({ ...owner, field: 'phone', reason });
  return ticket?.fields.caller.phone ?? citizen?.fields.phones[0] ?? call?.ani ?? '';
}

interface DialButtonProps {
  /** In any written form, or masked. */
  readonly number: string;
  readonly owner: NumberOwner;
  readonly name: string;
  readonly line: Line;
  readonly about: CallAbout;
  readonly label: string;
  readonly testId: string;
}

/** Calls the number of a ticket, of a person, of a missed caller. Shown only when there is a number to call. */
export function DialButton({ number, owner, name, line, about, label, testId }: DialButtonProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const send = usePhoneCommand();
  const obstacle = useDialObstacle();
  const known = toDiallable(number);
  const isMasked = isMaskedNumber(number);
  if (known === null && !isMasked) return null;
  const dial = async () => {
    try {
      const diallable = known ?? toDiallable(await readMaskedNumber(owner, t('privacy.reason.callBack')));
      if (diallable === null) showNotice('error', t('call.dialTo.invalid'));
      else void send({ kind: 'dial', ...diallable, name: isMasked ? '' : name, line, about });
    } catch (error) {
      showNotice('error', t('privacy.failed', { reason: failureText(toCallFailure(error)) }));
    }
  };
  const written = known === null ? number : formatPhone(storePhone(number));
  const hint = isMasked ? t('call.dialTo.callSecret') : t('call.dialTo.callNumber', { phone: written });
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconPhoneOutgoing size={14} aria-hidden />}
      aria-label={`${label} ${written}`}
      title={obstacle ?? hint}
      disabled={obstacle !== null}
      onClick={() => void dial()}
      data-testid={testId}
    >
      {label}
    </Button>
  );
}
