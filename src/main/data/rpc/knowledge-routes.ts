import { implement } from '@orpc/server';
import { dataContract } from '#shared/contract/data.contract.ts';
import { getArticle, listArticles, suggestForForm, summarizeArticles } from '../services/article.service.ts';
import {
  dropArticleDraft,
  dropRefused,
  getDesk,
  keepArticleDraft,
  proposeArticle,
  redoRefused,
  reportArticle,
  reviewArticle,
} from '../services/article-work.service.ts';
import type { Session } from '../session/session.ts';
import { OK } from './ok.ts';

/** Articles. Handlers only translate. */
export function createKnowledgeRoutes(session: Session) {
  const os = implement(dataContract).knowledge;
  return {
    list: os.list.handler(({ input }) => listArticles(session.work(), input)),
    get: os.get.handler(({ input }) => getArticle(session.work(), input.uid)),
    summaries: os.summaries.handler(({ input }) => summarizeArticles(session.work(), input.uids)),
    suggest: os.suggest.handler(({ input }) =>
      suggestForForm(session.work(), input.categoryCode, input.text, input.limit),
    ),
    report: os.report.handler(({ input }) => {
      reportArticle(session.work(), input);
      return OK;
    }),
    propose: os.propose.handler(({ input }) => {
      proposeArticle(session.work(), input);
      return OK;
    }),
    review: os.review.handler(({ input }) => {
      reviewArticle(session.work(), input);
      return OK;
    }),
    desk: os.desk.handler(() => getDesk(session.work())),
    keepDraft: os.keepDraft.handler(({ input }) => {
      keepArticleDraft(session.work(), input);
      return OK;
    }),
    dropDraft: os.dropDraft.handler(({ input }) => {
      dropArticleDraft(session.work(), input.uid);
      return OK;
    }),
    redoRefused: os.redoRefused.handler(({ input }) => ({ uid: redoRefused(session.work(), input.opId) })),
    dropRefused: os.dropRefused.handler(({ input }) => {
      dropRefused(session.work(), input.opId);
      return OK;
    }),
  };
}
