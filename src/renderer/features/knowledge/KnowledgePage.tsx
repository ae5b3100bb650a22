import { Button, TextInput } from '@mantine/core';
import { IconBook2, IconPlus, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useEnterKey } from '#renderer/platform/enter-key.ts';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { clock } from '#renderer/ui/now.ts';
import { Page } from '#renderer/ui/Page.tsx';
import { SplitView } from '#renderer/ui/SplitView.tsx';
import type { User } from '#shared/contract/server.contract.ts';
import { newId, type RecordId } from '#shared/kernel/ids.ts';
import { mayEditArticles } from '#shared/sync/record-ops.ts';
import { ArticleEditor } from './ArticleEditor.tsx';
import { ArticleList, articleLineId } from './ArticleList.tsx';
import { ArticleReader } from './ArticleReader.tsx';
import { EditorDesk } from './EditorDesk.tsx';
import type { WriteArticle } from './insert-article.ts';
import classes from './Knowledge.module.css';
import { KnowledgeFilters } from './KnowledgeFilters.tsx';
import { editArticle, showArticle, useKnowledgeStore } from './knowledge.store.ts';

const PAGE_SIZE = 100;
const LIST_ID = 'knowledge-list';
const NO_DESK = { drafts: [], refused: [] };

interface KnowledgePageProps {
  readonly user: User;
  /** Writes into the form on the workbench; null while there is none. */
  readonly write: WriteArticle | null;
}

/** 知识库: found while typing, read beside the list; editors write and review here too. Everything works without a network. */
export function KnowledgePage({ user, write }: KnowledgePageProps) {
  const { t } = useTranslation();
  const { query, selected, open } = useKnowledgeStore();
  const inputRef = useRef<HTMLInputElement>(null);
  const isEditor = mayEditArticles(user.role);
  const list = useArticles();
  const { data: desk = NO_DESK } = useLiveQuery(
    ['records', 'drafts', 'outbox'],
    (signal) => dataClient.knowledge.desk(undefined, { signal }),
    [],
  );
  const { articles } = list;

  useEffect(() => inputRef.current?.focus(), []);

  const close = () => {
    useKnowledgeStore.setState({ open: null });
    inputRef.current?.focus();
  };
  const choose = (uid: RecordId) => {
    if (open !== null && !open.isEdited) showArticle(uid);
    else useKnowledgeStore.setState({ selected: uid });
  };
  const onEnter = useEnterKey(list.asked, list.isAnswered, () => {
    const article =
      list.problem === null && list.isOfThis
        ? (articles.find(({ uid }) => uid === selected) ?? articles[0])
        : undefined;
    if (article) showArticle(article.uid);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (isImeEvent(event.nativeEvent)) return;
    const index = articles.findIndex(({ uid }) => uid === selected);
    if (event.key === 'Enter') onEnter();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = articles[Math.min(articles.length - 1, Math.max(0, index + (event.key === 'ArrowDown' ? 1 : -1)))];
      if (next) choose(next.uid);
    } else return;
    event.preventDefault();
  };

  const marks = articles.find(({ uid }) => uid === open?.uid)?.marks ?? [];
  const draft = desk.drafts.find(({ uid }) => uid === open?.uid) ?? null;
  return (
    <SplitView
      main={
        <Page
          title={t('app.pages.knowledge')}
          actions={
            <>
              <TextInput
                ref={inputRef}
                className={classes.box ?? ''}
                leftSection={<IconSearch size={16} aria-hidden />}
                aria-label={t('knowledge.search')}
                placeholder={t('knowledge.placeholder')}
                value={query}
                error={list.problem}
                autoComplete="off"
                spellCheck={false}
                role="combobox"
                aria-expanded={articles.length > 0}
                // Names only what is on the page: there is no list where nothing was found.
                aria-controls={list.isNothing ? undefined : LIST_ID}
                aria-activedescendant={
                  articles.some(({ uid }) => uid === selected) && selected !== null
                    ? articleLineId(selected)
                    : undefined
                }
                onChange={(event) => useKnowledgeStore.setState({ query: event.currentTarget.value, selected: null })}
                onKeyDown={onKeyDown}
                data-testid={TEST_IDS.knowledgeSearch}
              />
              {isEditor && (
                <Button
                  variant="default"
                  leftSection={<IconPlus size={15} aria-hidden />}
                  onClick={() => editArticle(newId<RecordId>(clock.now()))}
                  data-testid={TEST_IDS.knowledgeNew}
                >
                  {t('knowledge.edit.new')}
                </Button>
              )}
            </>
          }
        >
          <div className={classes.body}>
            <KnowledgeFilters isEditor={isEditor} />
            <EditorDesk desk={desk} />
            <div className={classes.state} role="status" data-testid={TEST_IDS.knowledgeCount}>
              {list.text}
            </div>
            {list.isNothing ? (
              <EmptyState
                icon={<IconBook2 size={36} stroke={1.4} />}
                title={t(list.isNarrowed ? 'knowledge.none.title' : 'knowledge.empty.title')}
                text={t(list.isNarrowed ? 'knowledge.none.text' : 'knowledge.empty.text')}
              />
            ) : (
              <ArticleList id={LIST_ID} articles={articles} selected={selected} onOpen={showArticle} />
            )}
            {list.more && (
              <div className={classes.more}>
                <Button variant="default" onClick={list.more}>
                  {t('knowledge.more')}
                </Button>
              </div>
            )}
          </div>
        </Page>
      }
      side={
        open === null ? (
          <EmptyState title={t('knowledge.pick.title')} text={t('knowledge.pick.text')} />
        ) : open.isEdited ? (
          <ArticleEditor key={open.uid} uid={open.uid} onClose={() => showArticle(open.uid)} onGone={close} />
        ) : (
          <ArticleReader
            key={open.uid}
            uid={open.uid}
            user={user}
            marks={marks}
            hasDraft={draft !== null}
            write={write}
            onEdit={editArticle}
            onClose={close}
          />
        )
      }
    />
  );
}

/** The articles of the list, kept current; older questions are cancelled. */
function useArticles() {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { query, category, state } = useKnowledgeStore();
  const problem = useTextProblem()(query, QUERY_MAX);
  const wanted = problem === null ? query.trim() : '';
  const asked = JSON.stringify([wanted, category, state]);
  const [shown, setShown] = useState({ asked, pages: 1 });
  const pages = shown.asked === asked ? shown.pages : 1;
  const { data, failure } = useLiveQuery(
    ['records', 'session'],
    async (signal) => {
      const limit = Math.min(200, pages * PAGE_SIZE);
      const first = await dataClient.knowledge.list({ query: wanted, category, state, limit }, { signal });
      const articles = [...first.articles];
      while (articles.length < Math.min(first.total, pages * PAGE_SIZE)) {
        const offset = articles.length;
        const next = await dataClient.knowledge.list({ query: wanted, category, state, limit, offset }, { signal });
        if (next.articles.length === 0) break;
        articles.push(...next.articles);
      }
      return { articles, total: first.total, asked };
    },
    [asked, pages],
  );
  const articles = data?.articles ?? [];
  const total = data?.total ?? 0;
  const text = failure
    ? t('knowledge.failed', { reason: failureText(failure) })
    : data?.asked === asked
      ? t(wanted === '' ? 'knowledge.found' : 'knowledge.foundQuery', { count: total })
      : '';
  return {
    articles,
    asked,
    isAnswered: data?.asked === asked || failure !== null,
    /** The lines are of this question, not of one before it whose answer failed to come. */
    isOfThis: data?.asked === asked,
    problem,
    text,
    isNarrowed: wanted !== '' || category !== null || state !== 'all',
    isNothing: data?.asked === asked && total === 0 && !failure,
    more: articles.length < total ? () => setShown({ asked, pages: pages + 1 }) : null,
  };
}
