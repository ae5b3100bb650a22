import { useTranslation } from 'react-i18next';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import type { SyncStatus } from '#shared/contract/data.contract.ts';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import classes from './OutboxPage.module.css';

/** Why nothing goes out and when it is tried again. */
export function ConnectionNote({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const now = useNow();
  if (sync.connection === 'online') return <span className={classes.intro}>{t('outbox.connectionOnline')}</span>;
  const code = ERROR_CODES.find((one) => one === sync.problem?.code);
  const parts = [t(`status.${sync.connection}`)];
  if (code) parts.push(failureText({ code }));
  if (sync.nextTryAt !== null) parts.push(t('outbox.nextTry', { time: formatTimer(sync.nextTryAt - now) }));
  return (
    <span className={classes.intro} title={sync.problem?.detail}>
      {parts.join(' · ')}
    </span>
  );
}
