import type {
  ArticleListInput,
  ArticleSuggestion,
  ArticleSummary,
  ArticleView,
} from '#shared/contract/knowledge.contract.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { type ArticleContent, articleValidity } from '#shared/domain/knowledge.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { beijingDate } from '#shared/domain/ticket-number.ts';
import { foldText } from '#shared/kernel/text.ts';
import { mayEditArticles } from '#shared/sync/record-ops.ts';
import { DataError } from '../errors.ts';
import { type ArticleFilter, findArticleById } from '../repositories/article-index.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { findRecord } from '../repositories/record.repository.ts';
import { wordsOf } from '../search/article-index.ts';
import { findArticles, suggestArticles } from '../search/article-search.ts';
import type { WorkContext } from './work-context.ts';

const SOON_DAYS = 30;
const EXCERPT = 120;

/** Articles by text, category and state. Those never published are for editors only. */
export function listArticles(ctx: WorkContext, input: ArticleListInput): { articles: ArticleSummary[]; total: number } {
  ctx.articles.refresh();
  const now = ctx.clock.now();
  const filter: ArticleFilter = {
    state: input.state,
    category: input.category,
    withUnpublished: mayEditArticles(ctx.user.role),
    today: beijingDate(now),
    soon: beijingDate(now + SOON_DAYS * DAY_MS),
  };
  const found = findArticles(ctx.db, input.query, filter, input.limit, input.offset);
  const articles = found.articles.flatMap(({ id, marks }) => toSummaries(ctx, id, marks));
  return { articles, total: found.total };
}

/** Articles that fit a form that is being written. */
export function suggestForForm(
  ctx: WorkContext,
  categoryCode: string | null,
  text: string,
  limit: number,
): ArticleSuggestion[] {
  ctx.articles.refresh();
  const found = suggestArticles(ctx.db, categoryCode, text, beijingDate(ctx.clock.now()), limit);
  return found.flatMap(({ id, byCategory, byText }) =>
    toSummaries(ctx, id, []).map((summary) => ({ ...summary, byCategory, byText })),
  );
}

/** An article with its review state. @throws DataError NOT_FOUND */
export function getArticle(ctx: WorkContext, uid: string): ArticleView {
  const article = findRecord(ctx.db, uid);
  if (article?.kind !== 'article') throw new DataError('NOT_FOUND', 'no such article');
  return { article, pending: listOutboxOf(ctx.db, uid).length > 0 };
}

/** What is known now of some articles; those that are gone are left out. */
export function summarizeArticles(ctx: WorkContext, uids: readonly string[]): ArticleSummary[] {
  return uids.flatMap((uid) => {
    const article = findRecord(ctx.db, uid);
    const words = article?.kind === 'article' ? wordsOf(article.doc) : null;
    return article?.kind === 'article' && words ? [toSummary(ctx, article, words, [])] : [];
  });
}

/** @returns nothing for an article without words */
function toSummaries(ctx: WorkContext, id: number, marks: readonly string[]): ArticleSummary[] {
  const article = findArticleById(ctx.db, id);
  const words = article && wordsOf(article.doc);
  return article && words ? [toSummary(ctx, article, words, marks)] : [];
}

function toSummary(
  ctx: WorkContext,
  { uid, doc }: RecordOf<'article'>,
  words: ArticleContent,
  marks: readonly string[],
): ArticleSummary {
  return {
    uid,
    title: words.title,
    version: doc.version,
    categoryCodes: words.categoryCodes,
    excerpt: passageOf(words, marks),
    marks: [...marks],
    validFrom: words.validFrom,
    validTo: words.validTo,
    validity: articleValidity(words, beijingDate(ctx.clock.now())),
    demo: words.demo,
    publishedAt: doc.publishedAt,
    isWaiting: doc.proposal !== null,
    feedback: doc.feedback.length,
    pending: listOutboxOf(ctx.db, uid).length > 0,
  };
}

/** The text that shows why an article was found: the answer's start when the words are in it or in the title. */
function passageOf(words: ArticleContent, marks: readonly string[]): string {
  const start = words.answer.slice(0, EXCERPT);
  if (marks.length === 0 || marks.some((mark) => foldText(words.title + start).includes(mark))) return start;
  const texts = [words.answer, ...words.questions, ...words.sections.flatMap(({ lines }) => lines)];
  const documents = words.sources.map(({ title, number }) => `${title}${number}`);
  for (const text of [...texts, ...documents]) {
    const folded = foldText(text);
    const at = marks.map((mark) => folded.indexOf(mark)).find((position) => position >= 0);
    if (at === undefined) continue;
    if (at <= EXCERPT - 40) return text.slice(0, EXCERPT);
    return `…${text.slice(at - 20, at - 20 + EXCERPT - 1)}`;
  }
  return start;
}
