import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { ArticleDoc } from '#shared/domain/knowledge.ts';
import { ArticleBody } from './ArticleBody.tsx';
import classes from './Knowledge.module.css';

/** Published versions and refused changes, the last first; the newest keep their words. */
export function ArticleHistory({ doc }: { readonly doc: ArticleDoc }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<number | null>(null);
  const entries = doc.history.map((entry, index) => ({ ...entry, index })).reverse();
  if (entries.length === 0) return null;
  return (
    <section className={classes.section}>
      <h3>{t('knowledge.history.title')}</h3>
      <ol className={classes.history} data-testid={TEST_IDS.articleHistory}>
        {entries.map((entry) => {
          const isCurrent = entry.kind === 'published' && entry.version === doc.version;
          return (
            <li key={entry.index}>
              <div className={classes.line}>
                <span>
                  {entry.kind === 'published'
                    ? t('knowledge.history.published', { version: entry.version })
                    : t('knowledge.history.refused')}
                </span>
                <span className={classes.quiet}>
                  {t('knowledge.history.by', { author: entry.authorName, reviewer: entry.reviewerName })}
                </span>
                <span className={classes.quiet}>
                  <TimeText at={entry.at} />
                </span>
                {entry.content !== null && !isCurrent && (
                  <button
                    type="button"
                    aria-expanded={shown === entry.index}
                    onClick={() => setShown(shown === entry.index ? null : entry.index)}
                  >
                    {shown === entry.index ? t('knowledge.history.hide') : t('knowledge.history.show')}
                  </button>
                )}
              </div>
              {entry.note !== '' && (
                <p className={classes.quiet}>{t('knowledge.history.note', { note: entry.note })}</p>
              )}
              {entry.reason !== '' && (
                <p className={classes.quiet}>{t('knowledge.history.reason', { reason: entry.reason })}</p>
              )}
              {shown === entry.index && entry.content !== null && (
                <div className={classes.old}>
                  {entry.kind === 'published' && (
                    <p className={classes.quiet}>{t('knowledge.history.old', { version: entry.version })}</p>
                  )}
                  <strong>{entry.content.title}</strong>
                  <ArticleBody content={entry.content} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
