import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useTicking } from '#renderer/ui/now.ts';
import { COUNTED_QUEUES } from '#shared/domain/work-queue.ts';
import classes from './Board.module.css';

const minuteOf = (now: number) => Math.floor(now / 60_000);

/** The queues as this computer counts them itself, with and without a network. */
export function LocalQueues() {
  const { t } = useTranslation();
  const minute = useTicking(minuteOf);
  const { data: counts } = useLiveQuery(['tickets', 'session'], () => dataClient.tickets.queueCounts(), [minute]);
  const { data: sync } = useLiveQuery(['sync'], () => dataClient.sync.status(), []);
  return (
    <section className={classes.local} aria-labelledby="board-local" data-testid={TEST_IDS.boardLocal}>
      <h2 id="board-local">{t('board.local')}</h2>
      {sync?.isWhole === false ? (
        <p role="status">{t('board.localFilling')}</p>
      ) : (
        <p className={classes.muted}>{t('board.localAbout')}</p>
      )}
      <dl>
        {COUNTED_QUEUES.map((name) => (
          <div key={name}>
            <dt>{t(`tickets.queues.${name}`)}</dt>
            <dd>{counts?.[name] ?? '—'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
