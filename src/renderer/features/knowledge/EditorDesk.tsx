import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import type { ArticleDesk, RefusedArticleOp } from '#shared/contract/knowledge.contract.ts';
import classes from './Knowledge.module.css';
import { editArticle } from './knowledge.store.ts';

/** What is under way: texts begun and not proposed, and what the server refused. Nothing when there is nothing. */
export function EditorDesk({ desk }: { readonly desk: ArticleDesk }) {
  const { t } = useTranslation();
  if (desk.drafts.length === 0 && desk.refused.length === 0) return null;
  return (
    <div className={classes.desk}>
      {desk.refused.length > 0 && (
        <section>
          <h2>{t('knowledge.refused.title', { count: desk.refused.length })}</h2>
          {desk.refused.map((refused) => (
            <RefusedLine key={refused.opId} refused={refused} />
          ))}
        </section>
      )}
      {desk.drafts.length > 0 && (
        <section>
          <h2>{t('knowledge.edit.drafts', { count: desk.drafts.length })}</h2>
          {desk.drafts.map(({ uid, form, updatedAt }) => (
            <div key={uid} className={classes.deskRow}>
              <span>{form.title.trim() || t('knowledge.edit.untitled')}</span>
              <TimeText at={updatedAt} />
              <Button
                variant="default"
                size="compact-xs"
                onClick={() => editArticle(uid)}
                data-testid={TEST_IDS.knowledgeDraft(uid)}
              >
                {t('knowledge.edit.resume')}
              </Button>
            </div>
          ))}
        </section>
      )}
    </div>
  );
}

function RefusedLine({ refused }: { readonly refused: RefusedArticleOp }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { opId, kind, title, reason } = refused;
  const code = ERROR_CODES.find((one) => one === reason);
  const run = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      showNotice('error', t('knowledge.refused.failed', { reason: failureText(toCallFailure(error)) }));
    }
  };
  const redo = () =>
    run(async () => {
      const { uid } = await dataClient.knowledge.redoRefused({ opId });
      editArticle(uid);
      showNotice('info', t('knowledge.refused.taken'));
    });
  const drop = () =>
    run(async () => {
      await dataClient.knowledge.dropRefused({ opId });
      showNotice('info', t('knowledge.refused.dropped'));
    });
  return (
    <div className={classes.deskRow} data-testid={TEST_IDS.knowledgeRefused(opId)}>
      <span>
        {t(`knowledge.refused.${kind}`, { title })}　{code ? failureText({ code }) : reason}
      </span>
      {kind === 'article.propose' && (
        <Button size="compact-xs" onClick={() => void redo()} data-testid={TEST_IDS.knowledgeRedo(opId)}>
          {t('knowledge.refused.redo')}
        </Button>
      )}
      <Button
        variant="default"
        size="compact-xs"
        onClick={() => void drop()}
        data-testid={TEST_IDS.knowledgeDrop(opId)}
      >
        {t('knowledge.refused.drop')}
      </Button>
    </div>
  );
}
