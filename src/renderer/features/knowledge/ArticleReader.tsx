import { ActionIcon, Button } from '@mantine/core';
import { IconCloudUpload, IconMessageReport, IconPencil, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { ValidityTag } from '#renderer/terms/ValidityTag.tsx';
import { clock } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { ArticleView } from '#shared/contract/knowledge.contract.ts';
import type { User } from '#shared/contract/server.contract.ts';
import { type ArticleDoc, articleValidity } from '#shared/domain/knowledge.ts';
import { beijingDate } from '#shared/domain/ticket-number.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import { mayEditArticles } from '#shared/sync/record-ops.ts';
import { ArticleBody } from './ArticleBody.tsx';
import { ArticleHistory } from './ArticleHistory.tsx';
import { FeedbackBox } from './FeedbackBox.tsx';
import { InsertButtons } from './InsertButtons.tsx';
import { useInsertArticle, type WriteArticle } from './insert-article.ts';
import classes from './Knowledge.module.css';
import { ProposalReview } from './ProposalReview.tsx';

interface ArticleReaderProps {
  readonly uid: RecordId;
  readonly user: User;
  readonly marks: readonly string[];
  readonly hasDraft: boolean;
  /** Writes into the form on the workbench; null while there is none. */
  readonly write: WriteArticle | null;
  readonly onEdit: (uid: RecordId) => void;
  readonly onClose: () => void;
}

/** One article: what it says, who stands for it, what is said against it, and what could become of it. Keeps itself current. */
export function ArticleReader({ uid, onClose, ...rest }: ArticleReaderProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data: view, failure } = useLiveQuery(['records'], (signal) => dataClient.knowledge.get({ uid }, { signal }), [
    uid,
  ]);
  useAction('app.back', onClose);
  return (
    <article className={classes.article} aria-label={t('knowledge.label')} data-testid={TEST_IDS.article}>
      {view ? (
        <ArticleSheet view={view} onClose={onClose} {...rest} />
      ) : (
        <p className={classes.quiet}>{failure ? failureText(failure) : ''}</p>
      )}
    </article>
  );
}

type SheetProps = Omit<ArticleReaderProps, 'uid'> & { readonly view: ArticleView };

function ArticleSheet({ view, user, marks, hasDraft, write, onEdit, onClose }: SheetProps) {
  const { t } = useTranslation();
  const [isReporting, setReporting] = useState(false);
  const { article, pending } = view;
  const { uid, doc } = article;
  const content = doc.published ?? doc.proposal?.content ?? null;
  const isEditor = mayEditArticles(user.role);
  const insert = useInsertArticle(write);
  const canInsert = write !== null && doc.published !== null;
  useAction('knowledge.toAnswer', () => void insert(uid, 'answer'), canInsert);
  useAction('knowledge.toContent', () => void insert(uid, 'content'), canInsert);
  return (
    <>
      <div className={classes.head}>
        <div className={classes.line}>
          <ArticleTags doc={doc} pending={pending} />
          <span className={classes.spring} />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('app.close')}
            onClick={onClose}
            data-testid={TEST_IDS.articleClose}
          >
            <IconX size={17} aria-hidden />
          </ActionIcon>
        </div>
        <h2 className={`${classes.title} selectable`} data-testid={TEST_IDS.articleTitle}>
          {content?.title ?? ''}
        </h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={content?.title ?? t('knowledge.label')}>
        {isReporting && <FeedbackBox uid={uid} version={doc.version} onClose={() => setReporting(false)} />}
        {doc.proposal && isEditor && (
          <ProposalReview
            key={doc.proposal.id}
            uid={uid}
            doc={{ ...doc, proposal: doc.proposal }}
            user={user}
            onRevise={() => onEdit(uid)}
          />
        )}
        {content && (
          <ArticleBody
            content={content}
            marks={marks}
            onInsertPart={canInsert ? (text) => void insert(uid, 'answer', text) : undefined}
          />
        )}
        <Reports doc={doc} />
        <ArticleHistory doc={doc} />
      </section>
      <div className={classes.actions}>
        {doc.published && !isReporting && (
          <Button
            variant="subtle"
            color="gray"
            c="var(--c-muted)"
            leftSection={<IconMessageReport size={15} aria-hidden />}
            onClick={() => setReporting(true)}
            data-testid={TEST_IDS.articleFeedbackOpen}
          >
            {t('knowledge.feedback.title')}
          </Button>
        )}
        {isEditor && (doc.proposal === null || doc.proposal.byId === user.id) && (
          <Button
            variant={hasDraft ? 'filled' : 'default'}
            leftSection={<IconPencil size={15} aria-hidden />}
            onClick={() => onEdit(uid)}
            data-testid={TEST_IDS.articleEdit}
          >
            {t(hasDraft ? 'knowledge.edit.resume' : 'knowledge.edit.start')}
          </Button>
        )}
        {canInsert && <InsertButtons onInsert={(target) => void insert(uid, target)} />}
      </div>
    </>
  );
}

function ArticleTags({ doc, pending }: { readonly doc: ArticleDoc; readonly pending: boolean }) {
  const { t } = useTranslation();
  const content = doc.published ?? doc.proposal?.content ?? null;
  const lastReview = doc.history.findLast(({ kind }) => kind === 'published');
  return (
    <>
      <span className={classes.quiet} data-testid={TEST_IDS.articleVersion}>
        {doc.version === 0 ? t('knowledge.unpublished') : t('knowledge.version', { version: doc.version })}
      </span>
      {content && (
        <span data-testid={TEST_IDS.articleValidity}>
          <ValidityTag {...content} validity={articleValidity(content, beijingDate(clock.now()))} />
        </span>
      )}
      {content?.demo && (
        <StatusTag tone="neutral" title={t('knowledge.demoHint')}>
          {t('knowledge.demo')}
        </StatusTag>
      )}
      {doc.proposal && <StatusTag tone="info">{t('knowledge.waiting')}</StatusTag>}
      {pending && (
        <StatusTag tone="warn" icon={<IconCloudUpload size={13} aria-hidden />} title={t('tickets.detail.pendingHint')}>
          {t('knowledge.pending')}
        </StatusTag>
      )}
      <span className={classes.quiet}>
        {doc.authorName}
        {lastReview &&
          lastReview.reviewerName !== '' &&
          ` · ${t('knowledge.meta.reviewer')} ${lastReview.reviewerName}`}
      </span>
      {doc.publishedAt !== null && (
        <span className={classes.quiet}>
          <TimeText at={doc.publishedAt} />
        </span>
      )}
    </>
  );
}

/** What people at the phones have said against this version. */
function Reports({ doc }: { readonly doc: ArticleDoc }) {
  const { t } = useTranslation();
  if (doc.feedback.length === 0) return null;
  return (
    <section className={classes.section}>
      <h3>{t('knowledge.feedback.list')}</h3>
      <ul data-testid={TEST_IDS.articleFeedbackList}>
        {doc.feedback.map(({ id, kind, text, byName, at }) => (
          <li key={id}>
            {t(`knowledge.feedback.kinds.${kind}`)}　{text}
            <span className={classes.quiet}>
              　{byName} <TimeText at={at} />
            </span>
          </li>
        ))}
      </ul>
      <p className={classes.quiet}>{t('knowledge.feedback.hint')}</p>
    </section>
  );
}
