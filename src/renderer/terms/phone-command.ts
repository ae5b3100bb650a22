import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { sendPhone } from '#renderer/platform/phone-client.ts';
import type { PhoneCommand, PhoneFailure } from '#shared/contract/phone.contract.ts';

const DIAL_FAILURES = ['DECLINED', 'NO_REPLY', 'BUSY', 'UNREACHABLE'] as const;

/** Sends commands to the phone and says so when it did not do them. What the agent took back needs no words. */
export function usePhoneCommand(): (command: PhoneCommand) => Promise<boolean> {
  const { t } = useTranslation();
  return useMemo(() => {
    const say = (command: PhoneCommand, code: Exclude<PhoneFailure, 'CANCELLED'>) => {
      const dialFailure = command.kind === 'dial' ? DIAL_FAILURES.find((one) => one === code) : undefined;
      return dialFailure ? t(`call.dialFailed.${dialFailure}`) : t(`call.failed.${code}`);
    };
    return async (command) => {
      const answer = await sendPhone(command);
      if (!answer.ok && answer.code !== 'CANCELLED') showNotice('error', say(command, answer.code));
      return answer.ok;
    };
  }, [t]);
}
