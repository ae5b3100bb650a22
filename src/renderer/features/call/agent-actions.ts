import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { sendPhone } from '#renderer/platform/phone-client.ts';
import type { TelCommand } from '#shared/domain/call.ts';

/** One step of 整理 longer, in ms. */
export const WRAP_UP_STEP_MS = 60_000;

/** Sends commands to the phone and says so when it did not do them. */
export function usePhoneCommand(): (command: TelCommand) => Promise<boolean> {
  const { t } = useTranslation();
  return useMemo(
    () => async (command) => {
      const answer = await sendPhone(command);
      if (!answer.ok) showNotice('error', t(`call.failed.${answer.code}`));
      return answer.ok;
    },
    [t],
  );
}
