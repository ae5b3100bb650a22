import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import { OP_REFUSALS, readStatusChange, type Stumble } from '#shared/sync/refusals.ts';

/** What the server refuses an operation for, and what makes it fail on one. */
const REFUSALS = [...OP_REFUSALS, 'PAYLOAD_TOO_LARGE', 'INTERNAL'] as const;

/** Why nobody answered, by the code that the network or the system gave. */
const CAUSES = [
  ['refused', /^ECONNREFUSED$/],
  ['noAddress', /^(ENOTFOUND|EAI_\w+)$/],
  ['noRoute', /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|NO_CONNECTION)$/],
  ['cut', /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|CUT_OFF)$/],
  ['timeout', /^(TIMED_OUT|ETIMEDOUT|UND_ERR_\w*TIMEOUT)$/],
  ['certificate', /CERT|SELF_SIGNED|^ERR_TLS|^UNABLE_TO_/],
  ['notOurs', /^UNKNOWN_SHAPE$/],
  ['tooLong', /^ANSWER_TOO_LONG$/],
] as const;

/** What is wrong, and more of it for a tooltip. */
export interface StumbleText {
  readonly text: string;
  readonly title: string;
}

/** Says in words what stopped an operation or the sync. */
export function useStumbleText(): (stumble: Stumble, isRefused: boolean) => StumbleText {
  const { t } = useTranslation();
  return useCallback(
    ({ code, detail }, isRefused) => {
      const refusal = REFUSALS.find((one) => one === code);
      const known = ERROR_CODES.find((one) => one === code);
      const text = isRefused && refusal ? t(`refusals.${refusal}`) : t(`errors.${known ?? 'INTERNAL'}`);
      const status = /^HTTP_(\d{3})$/.exec(detail)?.[1];
      const cause = CAUSES.find(([, codes]) => codes.test(detail))?.[0];
      const change = isRefused && code === 'STATUS_CHANGED' ? readStatusChange(detail) : null;
      if (change) {
        const { status: now, action, byName } = change;
        const state = t(`terms.status.${now}`);
        const what = action
          ? t('causes.decided', { name: byName || t('terms.system'), action: t(`terms.act.${action}`), status: state })
          : t('causes.movedOn', { status: state });
        return { text: what, title: `${what}\n${text}` };
      }
      const isPlace = isRefused && (code === 'BAD_INPUT' || code === 'FORM_INVALID') && detail !== '';
      const more = status
        ? t('causes.stranger', { status })
        : cause
          ? t(`causes.${cause}`)
          : isPlace
            ? t('causes.field', { field: detail })
            : '';
      return { text, title: more === '' ? text : `${text}\n${more}` };
    },
    [t],
  );
}
