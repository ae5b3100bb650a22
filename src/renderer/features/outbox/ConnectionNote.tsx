import { useTranslation } from 'react-i18next';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import type { SyncStatus } from '#shared/contract/sync.contract.ts';
import classes from './OutboxPage.module.css';

/** Why nothing goes out and when it is tried again. */
export function ConnectionNote({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const now = useNow();
  if (sync.connection === 'online') return <span className={classes.intro}>{t('outbox.connectionOnline')}</span>;
  const problem = sync.problem && stumbleText(sync.problem, false);
  const parts = [t(`status.${sync.connection}`)];
  if (problem) parts.push(problem.text);
  if (sync.nextTryAt !== null) parts.push(t('outbox.nextTry', { time: formatTimer(sync.nextTryAt - now) }));
  return (
    <span className={classes.intro} title={problem?.title}>
      {parts.join(' · ')}
    </span>
  );
}
