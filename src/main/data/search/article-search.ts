import { articleValidity } from '#shared/domain/knowledge.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import {
  type ArticleFilter,
  type ArticleText,
  countArticles,
  findArticleText,
  listArticleIds,
  listArticlesAbout,
  listArticlesNear,
  matchArticles,
} from '../repositories/article-index.repository.ts';
import { namesIn } from './article-index.ts';
import { matchWords } from './match-words.ts';
import { parseQuery } from './parse-query.ts';
import { matchExpression, type TokenKnowledge } from './token-query.ts';

/** Most articles that one query looks at; a centre's whole knowledge has fewer. */
const MOST_CHECKED = 5_000;
/** All tokens of a query count as equally rare: the texts themselves decide. */
const KNOWN: TokenKnowledge = { frequency: () => 0.01, rows: 2_000 };

/** What a word is worth where it stands. */
const IN_TITLE = 8;
const STARTS_TITLE = 4;
const IN_FOCUS = 4;
const MOST_TIMES = 4;
const IN_BODY = 1;
/** What is over is read out last. */
const EXPIRED_COSTS = 6;

export interface FoundArticle {
  readonly id: number;
  /** Words of it to mark. */
  readonly marks: readonly string[];
}

export interface FoundArticles {
  /** Best first. */
  readonly articles: readonly FoundArticle[];
  readonly total: number;
}

/**
 * Articles that contain every word of a query (titles, questions and keywords also by how they are read), those first that are
 * about it; without a query the last published first. Whatever is typed is only ever text, never query syntax (INP-2).
 */
export function findArticles(
  db: ReadableDb,
  typed: string,
  filter: ArticleFilter,
  limit: number,
  offset: number,
): FoundArticles {
  const { clauses } = parseQuery(typed);
  if (clauses.length === 0) {
    const articles = listArticleIds(db, filter, limit, offset).map((id) => ({ id, marks: [] }));
    return { articles, total: countArticles(db, filter) };
  }
  const { expression } = matchExpression(clauses, KNOWN);
  const found = matchArticles(db, filter, expression, MOST_CHECKED)
    .flatMap((article) => {
      const names = () => namesIn(article.focus);
      const marks = matchWords(clauses, { text: `${article.focus}\n${article.body}`, names });
      return marks ? [{ article, marks, score: scoreOf(article, marks, filter.today) }] : [];
    })
    .sort(
      (a, b) =>
        b.score - a.score ||
        b.article.published_at - a.article.published_at ||
        b.article.record_id - a.article.record_id,
    );
  return {
    articles: found.slice(offset, offset + limit).map(({ article, marks }) => ({ id: article.record_id, marks })),
    total: found.length,
  };
}

function scoreOf(article: ArticleText, words: readonly string[], today: string): number {
  const score = words.reduce((sum, word) => {
    const at = article.title.indexOf(word);
    // The title is part of the focus: the more questions and keywords say it again, the more it is about it.
    const times = Math.min(MOST_TIMES, article.focus.split(word).length - 1);
    if (at >= 0) return sum + IN_TITLE + (at === 0 ? STARTS_TITLE : 0) + times;
    return sum + (times > 0 ? IN_FOCUS + times : IN_BODY);
  }, 0);
  return isExpired(article, today) ? score - EXPIRED_COSTS : score;
}

function isExpired({ valid_from, valid_to }: ArticleText, today: string): boolean {
  return articleValidity({ validFrom: valid_from, validTo: valid_to }, today) === 'expired';
}

/** How near an article's category is to the chosen one. */
const SAME_CATEGORY = 10;
const CATEGORY_ABOVE = 5;
const CATEGORY_BESIDE = 1.5;
/** From this score on an article is worth the look of somebody on the phone. */
const LEAST_SCORE = 5;
/** The words of a form that are compared: its beginning says what it is about, its end what is being said now. */
const HEAD = 160;
const TAIL = 280;
/** A token that every other article is about says nothing of any. */
const COMMON_SHARE = 0.25;
const COMMON_LEAST = 8;
const EXPIRED_WEIGHT = 0.4;

/** An article that may help, and what speaks for it. */
export interface SuggestedArticle {
  readonly id: number;
  readonly byCategory: boolean;
  readonly byText: boolean;
}

/**
 * Articles that fit what an agent is writing: the category that was chosen, and words that few articles are about. Empty when nothing
 * speaks for any.
 * @param text what was written so far, of any length
 */
export function suggestArticles(
  db: ReadableDb,
  category: string | null,
  text: string,
  today: string,
  limit: number,
): readonly SuggestedArticle[] {
  const scores = new Map<number, { category: number; text: number }>();
  const scoreAt = (id: number) => {
    const known = scores.get(id) ?? { category: 0, text: 0 };
    scores.set(id, known);
    return known;
  };
  if (category !== null) {
    for (const { record_id, code } of listArticlesNear(db, category)) {
      const score = scoreAt(record_id);
      const nearness = code === category ? SAME_CATEGORY : category.startsWith(code) ? CATEGORY_ABOVE : CATEGORY_BESIDE;
      score.category = Math.max(score.category, nearness);
    }
  }
  const published = countArticles(db, { state: 'all', category: null, withUnpublished: false, today, soon: today });
  const common = Math.max(COMMON_LEAST, published * COMMON_SHARE);
  for (const token of hanPairs(text)) {
    const about = listArticlesAbout(db, token, Math.ceil(common) + 1);
    if (about.length > common) continue;
    const rarity = Math.log(1 + published / (1 + about.length));
    for (const id of about) scoreAt(id).text += rarity;
  }
  return [...scores]
    .filter(([, score]) => score.category + score.text >= LEAST_SCORE)
    .map(([id, score]) => ({ id, ...score, total: weightAt(db, id, today) * (score.category + score.text) }))
    .sort((a, b) => b.total - a.total || a.id - b.id)
    .slice(0, limit)
    .map((each) => ({
      id: each.id,
      byCategory: each.category >= CATEGORY_ABOVE,
      byText: each.text >= LEAST_SCORE,
    }));
}

function weightAt(db: ReadableDb, id: number, today: string): number {
  const article = findArticleText(db, id);
  return article && isExpired(article, today) ? EXPIRED_WEIGHT : 1;
}

/** Pairs of Chinese characters, each once. */
function hanPairs(text: string): ReadonlySet<string> {
  const written = text.trim();
  const compared = written.length <= HEAD + TAIL ? written : `${written.slice(0, HEAD)}\n${written.slice(-TAIL)}`;
  const pairs = new Set<string>();
  for (const run of compared.matchAll(/[\u4e00-\u9fff]{2,}/g)) {
    for (let at = 0; at + 1 < run[0].length; at++) pairs.add(run[0].slice(at, at + 2));
  }
  return pairs;
}
