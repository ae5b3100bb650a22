import { Button } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useCategoryLevelNames } from '#renderer/terms/reference-text.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { User } from '#shared/contract/server.contract.ts';
import { ARTICLE_LIMITS, type ArticleDoc } from '#shared/domain/knowledge.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import { type ArticlePart, type ChangedLine, diffArticles } from './article-diff.ts';
import classes from './Knowledge.module.css';

interface ProposalReviewProps {
  readonly uid: RecordId;
  readonly doc: ArticleDoc & { readonly proposal: NonNullable<ArticleDoc['proposal']> };
  readonly user: User;
  readonly onRevise: () => void;
}

/** A change that waits for approval: what would differ, and the decision of somebody who did not write it. */
export function ProposalReview({ uid, doc, user, onRevise }: ProposalReviewProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const [isReasonNeeded, setReasonNeeded] = useState(false);
  const { proposal } = doc;
  const textProblem = useTextProblem()(reason, ARTICLE_LIMITS.note);
  const isUsable = textProblem === null;
  const problem = textProblem ?? (isReasonNeeded && reason.trim() === '' ? t('knowledge.review.reasonNeeded') : null);
  const isOwn = proposal.byId === user.id;

  const decide = async (decision: 'approve' | 'refuse') => {
    if (decision === 'refuse' && reason.trim() === '') {
      setReasonNeeded(true);
      return;
    }
    setSending(true);
    try {
      await dataClient.knowledge.review({ uid, proposalId: proposal.id, decision, reason: reason.trim() });
      const done = decision === 'approve' ? 'knowledge.review.approved' : 'knowledge.review.refused';
      showNotice('success', t(done, { version: doc.version + 1 }));
    } catch (error) {
      showNotice('error', t('knowledge.review.failed', { reason: failureText(toCallFailure(error)) }));
    } finally {
      setSending(false);
    }
  };
  return (
    <section
      className={classes.box2}
      aria-label={t(doc.published ? 'knowledge.review.title' : 'knowledge.review.titleNew')}
      data-testid={TEST_IDS.articleProposal}
    >
      <h3>{t(doc.published ? 'knowledge.review.title' : 'knowledge.review.titleNew')}</h3>
      <p className={classes.quiet}>
        {t('knowledge.review.by', { name: proposal.byName })} <TimeText at={proposal.at} />
      </p>
      {proposal.note !== '' && <p className={classes.quiet}>{t('knowledge.review.note', { note: proposal.note })}</p>}
      {doc.published && <Differences doc={doc} />}
      {isOwn ? (
        <div className={classes.line}>
          <p className={classes.quiet}>{t('knowledge.review.own')}</p>
          <span className={classes.spring} />
          <Button variant="default" size="compact-sm" onClick={onRevise}>
            {t('knowledge.review.revise')}
          </Button>
        </div>
      ) : (
        <>
          <CannedTextArea
            mt={8}
            label={t('knowledge.review.reason')}
            placeholder={t('knowledge.review.reasonHint')}
            value={reason}
            error={problem}
            readOnly={sending}
            spellCheck={false}
            autosize
            maxRows={5}
            onText={setReason}
            prefer="note"
            data-testid={TEST_IDS.articleReviewReason}
          />
          <div className={classes.line} style={{ justifyContent: 'flex-end', marginTop: 8 }}>
            <Button
              variant="default"
              leftSection={<IconX size={15} aria-hidden />}
              disabled={sending || !isUsable}
              onClick={() => void decide('refuse')}
              data-testid={TEST_IDS.articleRefuse}
            >
              {t('knowledge.review.refuse')}
            </Button>
            <Button
              leftSection={<IconCheck size={15} aria-hidden />}
              disabled={sending || !isUsable}
              onClick={() => void decide('approve')}
              data-testid={TEST_IDS.articleApprove}
            >
              {t('knowledge.review.approve')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Differences({ doc }: { readonly doc: ProposalReviewProps['doc'] }) {
  const { t } = useTranslation();
  const namesOf = useCategoryLevelNames();
  const parts = diffArticles(doc.published, doc.proposal.content);
  if (parts.length === 0) return <p className={classes.quiet}>{t('knowledge.review.same')}</p>;
  const labelOf = (part: ArticlePart) => {
    if (part === 'title') return t('knowledge.edit.field.title');
    if (part === 'validity' || part === 'categories' || part === 'keywords') return t(`knowledge.meta.${part}`);
    return t(`knowledge.section.${part}`);
  };
  return (
    <dl className={classes.diff}>
      {parts.map(({ part, lines }) => (
        <div key={part}>
          <dt>{labelOf(part)}</dt>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a difference have no other identity
            <dd key={index}>
              <DifferentLine
                line={part === 'categories' ? { ...line, text: namesOf(line.text).join(' / '), from: 0, to: 0 } : line}
              />
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

function DifferentLine({ line: { kind, text, from, to } }: { readonly line: ChangedLine }) {
  const { t } = useTranslation();
  const isWhole = from === 0 && to === text.length;
  const Element = kind === 'removed' ? 'del' : 'ins';
  return (
    <Element className={classes[kind]} title={t(`knowledge.review.${kind}`)}>
      {isWhole || to <= from ? (
        text
      ) : (
        <>
          {text.slice(0, from)}
          <mark>{text.slice(from, to)}</mark>
          {text.slice(to)}
        </>
      )}
    </Element>
  );
}
