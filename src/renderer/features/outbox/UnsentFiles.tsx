import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import attachments from '#renderer/terms/attachments/Attachments.module.css';
import { FileState } from '#renderer/terms/attachments/FileState.tsx';
import { formatBytes } from '#renderer/terms/form-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import classes from './OutboxPage.module.css';

/** Files of tickets that the server does not have yet, or did not take; nothing while there are none. */
export function UnsentFiles() {
  const { t } = useTranslation();
  const { data } = useLiveQuery(['attachments'], () => dataClient.attachments.unsent(), []);
  if (!data || data.length === 0) return null;
  return (
    <section aria-label={t('attachments.unsent')} data-testid={TEST_IDS.outboxFiles}>
      <p className={classes.intro}>{t('attachments.unsent')}</p>
      <ul className={`${attachments.files} ${classes.files}`}>
        {data.map((one) => (
          <li key={one.sha256} className={attachments.file} data-testid={TEST_IDS.attachment(one.file.name)}>
            <span className={attachments.name}>{one.file.name}</span>
            <span className={attachments.note}>
              <span>{formatBytes(one.file.size)}</span>
              <FileState state={one} size={one.file.size} />
              <TimeText at={one.addedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
