import { CloseButton } from '@mantine/core';
import { IconRefreshAlert } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TicketFields } from '#shared/domain/ticket.ts';
import { dataClient } from '../platform/data-client.ts';
import { useLiveQuery } from '../platform/live-query.ts';
import { openArticle } from '../platform/open-article.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { StatusTag } from '../ui/StatusTag.tsx';
import classes from './Citations.module.css';
import { ValidityTag } from './ValidityTag.tsx';

type Citation = TicketFields['citations'][number];

interface CitationsProps {
  readonly citations: readonly Citation[];
  /** Takes a citation off; without it they are only shown. */
  readonly onRemove?: (citation: Citation) => void;
}

/** Articles an answer rests on, each in the version that was read, and what has become of it since. */
export function Citations({ citations, onRemove }: CitationsProps) {
  const { t } = useTranslation();
  const uids = citations.map(({ articleUid }) => articleUid);
  const { data } = useLiveQuery(
    ['records'],
    async (signal) => (uids.length === 0 ? [] : dataClient.knowledge.summaries({ uids }, { signal })),
    [uids],
  );
  return (
    <ul className={classes.list} aria-label={t('knowledge.citation.label')} data-testid={TEST_IDS.citations}>
      {citations.map((citation) => {
        const { articleUid, title, version } = citation;
        const now = data?.find(({ uid }) => uid === articleUid);
        return (
          <li key={articleUid} className={classes.item} data-testid={TEST_IDS.citation(articleUid)}>
            <button
              type="button"
              className={classes.title}
              title={t('knowledge.citation.open', { title })}
              onClick={() => openArticle(articleUid)}
            >
              {title}
            </button>
            <span className={classes.version}>{t('knowledge.version', { version })}</span>
            {now && now.version > version && (
              <StatusTag tone="warn" icon={<IconRefreshAlert size={13} aria-hidden />}>
                {t('knowledge.citation.newer', { version: now.version })}
              </StatusTag>
            )}
            {now && <ValidityTag {...now} />}
            {data && !now && <StatusTag tone="neutral">{t('knowledge.citation.gone')}</StatusTag>}
            {onRemove && (
              <CloseButton
                size="xs"
                aria-label={t('knowledge.citation.remove', { title })}
                onClick={() => onRemove(citation)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
