// biome-ignore-all lint/a11y/useFocusableInteractive: the search box keeps the focus and names the active article
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the search box
// biome-ignore-all lint/a11y/useSemanticElements: a native list box shows one line per option, articles have three
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCategoryLevelNames } from '#renderer/terms/reference-text.tsx';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { ValidityTag } from '#renderer/terms/ValidityTag.tsx';
import { Highlight } from '#renderer/ui/Highlight.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { ArticleSummary } from '#shared/contract/knowledge.contract.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import classes from './Knowledge.module.css';

/** Id of an article's line in the document. */
export function articleLineId(uid: RecordId): string {
  return `knowledge-line-${uid}`;
}

interface ArticleListProps {
  readonly id: string;
  readonly articles: readonly ArticleSummary[];
  readonly selected: RecordId | null;
  readonly onOpen: (uid: RecordId) => void;
}

/** Articles, the best first, with the words that were found marked. */
export function ArticleList({ id, articles, selected, onOpen }: ArticleListProps) {
  const { t } = useTranslation();
  const listRef = useRef<HTMLDivElement>(null);
  const namesOf = useCategoryLevelNames();
  useEffect(() => {
    if (selected !== null)
      listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <div
      ref={listRef}
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={t('knowledge.label')}
      className={classes.list}
      data-testid={TEST_IDS.knowledgeList}
    >
      {articles.map((article) => (
        <div
          key={article.uid}
          id={articleLineId(article.uid)}
          role="option"
          aria-selected={article.uid === selected}
          className={classes.item}
          onClick={() => onOpen(article.uid)}
          data-testid={TEST_IDS.knowledgeItem(article.uid)}
        >
          <div className={classes.line}>
            <span className={classes.itemTitle}>
              <Highlight text={article.title} words={article.marks} />
            </span>
            <span className={classes.spring} />
            <ValidityTag {...article} />
            {article.isWaiting && <StatusTag tone="info">{t('knowledge.waiting')}</StatusTag>}
            {article.feedback > 0 && (
              <StatusTag tone="warn">{t('knowledge.feedbackCount', { count: article.feedback })}</StatusTag>
            )}
            {article.pending && <StatusTag tone="warn">{t('knowledge.pending')}</StatusTag>}
            {article.demo && <StatusTag tone="neutral">{t('knowledge.demo')}</StatusTag>}
          </div>
          <div className={classes.excerpt}>
            <Highlight text={article.excerpt} words={article.marks} />
          </div>
          <div className={classes.meta}>
            <span>{namesOf(article.categoryCodes[0] ?? '').join(' / ')}</span>
            <span>
              {article.version === 0
                ? t('knowledge.unpublished')
                : t('knowledge.version', { version: article.version })}
            </span>
            {article.publishedAt !== null && <TimeText at={article.publishedAt} />}
          </div>
        </div>
      ))}
    </div>
  );
}
