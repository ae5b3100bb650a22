import { Button, TextInput } from '@mantine/core';
import { IconBook2, IconExternalLink, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { drawNow } from '#renderer/platform/draw-now.ts';
import { actionKey, isImeEvent } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { openArticle } from '#renderer/platform/open-article.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { ValidityTag } from '#renderer/terms/ValidityTag.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Highlight } from '#renderer/ui/Highlight.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { ArticleSuggestion, ArticleSummary } from '#shared/contract/knowledge.contract.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import { ArticleBody } from './ArticleBody.tsx';
import { articleLineId } from './ArticleList.tsx';
import { InsertButtons } from './InsertButtons.tsx';
import { type InsertTarget, useInsertArticle, type WriteArticle } from './insert-article.ts';
import classes from './Knowledge.module.css';
import { useRelatedStore } from './related.store.ts';

const MOST_FOUND = 20;
const LIST_ID = 'knowledge-panel-list';

interface KnowledgePanelProps {
  /** False while another tab or page is shown. */
  readonly isShown: boolean;
  /** The workbench is in front, so that the keys for inserting may act. */
  readonly isActive: boolean;
  /** Brings the panel to the front. */
  readonly onShow: () => void;
  /** Writes into the form on the screen; null while there is none. */
  readonly write: WriteArticle | null;
}

type Line = ArticleSummary & Partial<Pick<ArticleSuggestion, 'byCategory' | 'byText'>>;

/**
 * Knowledge beside the form: what fits the words and category being written, or what is searched for. One key takes the chosen article
 * over into the answer or the content and notes the citation.
 */
export function KnowledgePanel({ isShown, isActive, onShow, write }: KnowledgePanelProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<RecordId | null>(null);
  const inputRef = useRef<HTMLInputElement>(null);
  const insert = useInsertArticle(write);
  const related = useRelatedStore(({ articles }) => articles);
  const problem = useTextProblem()(query, QUERY_MAX);
  const wanted = problem === null ? query.trim() : '';
  const { data: found } = useLiveQuery(
    ['records'],
    async (signal) => ({ asked: wanted, articles: wanted === '' ? [] : await findPublished(wanted, signal) }),
    [wanted],
  );
  const lines: readonly Line[] = wanted === '' ? related : (found?.articles ?? []);
  const isAnswered = wanted === '' || found?.asked === wanted;
  const active = lines.find(({ uid }) => uid === chosen) ?? lines[0] ?? null;

  useAction(
    'focus.knowledge',
    () => {
      drawNow(onShow);
      inputRef.current?.focus();
    },
    isActive,
  );
  const insertActive = async (target: InsertTarget) => {
    // Right after the last letter the lines are still those of the words before it: none of them is meant.
    const meant = isAnswered ? active : (await findPublished(wanted).catch(() => []))[0];
    if (meant) await insert(meant.uid, target);
  };
  useAction('knowledge.toAnswer', () => void insertActive('answer'), isActive && active !== null);
  useAction('knowledge.toContent', () => void insertActive('content'), isActive && active !== null);
  useAction('app.back', () => setQuery(''), isActive && isShown && query !== '');

  const onKeyDown = (event: KeyboardEvent) => {
    if (isImeEvent(event.nativeEvent) || event.ctrlKey || event.altKey || event.metaKey) return;
    const index = lines.findIndex(({ uid }) => uid === active?.uid);
    if (event.key === 'Enter') void insertActive(event.shiftKey ? 'content' : 'answer');
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = lines[Math.min(lines.length - 1, Math.max(0, index + (event.key === 'ArrowDown' ? 1 : -1)))];
      if (next) setChosen(next.uid);
    } else return;
    event.preventDefault();
  };

  return (
    <section className={classes.article} aria-label={t('knowledge.label')} data-testid={TEST_IDS.knowledgePanel}>
      <div className={classes.head}>
        <TextInput
          ref={inputRef}
          leftSection={<IconSearch size={16} aria-hidden />}
          aria-label={t('knowledge.search')}
          placeholder={`${t('knowledge.search')} (${actionKey('focus.knowledge')})`}
          value={query}
          error={problem}
          autoComplete="off"
          spellCheck={false}
          role="combobox"
          aria-expanded={lines.length > 0}
          aria-controls={LIST_ID}
          aria-activedescendant={active ? articleLineId(active.uid) : undefined}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(null);
          }}
          onKeyDown={onKeyDown}
          data-testid={TEST_IDS.knowledgePanelSearch}
        />
      </div>
      {lines.length === 0 ? (
        <EmptyState
          icon={<IconBook2 size={36} stroke={1.4} />}
          title={t(wanted === '' ? 'knowledge.panel.idle.title' : 'knowledge.none.title')}
          text={
            wanted === ''
              ? t('knowledge.panel.idle.text', { key: actionKey('focus.knowledge') })
              : t('knowledge.none.text')
          }
        />
      ) : (
        <>
          <PanelLines lines={lines} active={active} onChoose={setChosen} />
          {active && (
            <ActiveArticle
              key={active.uid}
              article={active}
              canInsert={write !== null}
              onInsert={(target, text) => void insert(active.uid, target, text)}
            />
          )}
        </>
      )}
    </section>
  );
}

/** Articles for a query, the best first. What was never published is for the editors' page only. */
async function findPublished(query: string, signal?: AbortSignal): Promise<readonly ArticleSummary[]> {
  const found = await dataClient.knowledge.list(
    { query, state: 'all', limit: MOST_FOUND },
    signal === undefined ? {} : { signal },
  );
  return found.articles.filter(({ version }) => version > 0);
}

interface PanelLinesProps {
  readonly lines: readonly Line[];
  readonly active: Line | null;
  readonly onChoose: (uid: RecordId) => void;
}

function PanelLines({ lines, active, onChoose }: PanelLinesProps) {
  const { t } = useTranslation();
  return (
    <div id={LIST_ID} role="listbox" tabIndex={-1} aria-label={t('knowledge.label')} className={classes.lines}>
      {lines.map((article) => (
        // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the search box keeps the focus and acts
        <div
          key={article.uid}
          id={articleLineId(article.uid)}
          role="option"
          aria-selected={article.uid === active?.uid}
          className={classes.item}
          onClick={() => onChoose(article.uid)}
          data-testid={TEST_IDS.knowledgePanelItem(article.uid)}
        >
          <div className={classes.line}>
            <span className={classes.itemTitle}>
              <Highlight text={article.title} words={article.marks} />
            </span>
            <span className={classes.spring} />
            <ValidityTag {...article} />
            {article.byCategory && <StatusTag tone="info">{t('knowledge.panel.byCategory')}</StatusTag>}
            {article.byText && !article.byCategory && (
              <StatusTag tone="neutral">{t('knowledge.panel.byText')}</StatusTag>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

interface ActiveArticleProps {
  readonly article: Line;
  readonly canInsert: boolean;
  readonly onInsert: (target: InsertTarget, text?: string) => void;
}

/** The chosen article with what can be done with it. */
function ActiveArticle({ article, canInsert, onInsert }: ActiveArticleProps) {
  const { t } = useTranslation();
  const { data: view } = useLiveQuery(
    ['records'],
    (signal) => dataClient.knowledge.get({ uid: article.uid }, { signal }),
    [article.uid],
  );
  const content = view?.article.doc.published ?? null;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={article.title}>
        <div className={classes.line}>
          <span className={classes.quiet}>{t('knowledge.version', { version: article.version })}</span>
          <ValidityTag {...article} />
          {article.demo && (
            <StatusTag tone="neutral" title={t('knowledge.demoHint')}>
              {t('knowledge.demo')}
            </StatusTag>
          )}
          <span className={classes.spring} />
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconExternalLink size={14} aria-hidden />}
            onClick={() => openArticle(article.uid)}
          >
            {t('knowledge.panel.open')}
          </Button>
        </div>
        {content && (
          <ArticleBody
            content={content}
            marks={article.marks}
            onInsertPart={canInsert ? (text) => onInsert('answer', text) : undefined}
          />
        )}
      </section>
      <div className={classes.actions}>
        <InsertButtons disabled={!canInsert} onInsert={onInsert} />
      </div>
    </>
  );
}
