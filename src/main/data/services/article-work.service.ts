import type { ArticleDesk, ArticleDraft, RefusedArticleOp } from '#shared/contract/knowledge.contract.ts';
import { toArticleForm } from '#shared/domain/article-form.ts';
import type { ArticleContent, ArticleDoc } from '#shared/domain/knowledge.ts';
import { type EventId, newId, type OpId, type RecordId } from '#shared/kernel/ids.ts';
import { isRecordOp, type RecordOp } from '#shared/sync/record-ops.ts';
import type { Op } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { deleteArticleDraft, listArticleDrafts, saveArticleDraft } from '../repositories/article-draft.repository.ts';
import { findOutboxEntry, listOutbox, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { findRecord } from '../repositories/record.repository.ts';
import { settleOp } from './attention/settle-op.ts';
import { performRecordOp } from './queue-record-op.ts';
import { showRow } from './show-row.ts';
import { actorOf, type WorkContext } from './work-context.ts';

type ArticleOp = Extract<RecordOp, { kind: `article.${string}` }>;

/**
 * Proposes a new article or a change of one; at once here and queued for the server, which decides. The text begun on it is
 * forgotten with the same commit.
 * @throws DataError FORBIDDEN, ARTICLE_CHANGED, PROPOSAL_WAITING
 */
export function proposeArticle(
  ctx: WorkContext,
  input: {
    readonly uid: RecordId;
    readonly basedOn: number;
    readonly content: ArticleContent;
    readonly note: string;
  },
): void {
  const { uid, basedOn, content, note } = input;
  const args = { centre: ctx.user.centre, proposalId: newId<EventId>(ctx.clock.now()), basedOn, content, note };
  performRecordOp(ctx, { kind: 'article.propose', uid, args }, content.title, () => deleteArticleDraft(ctx.db, uid));
}

/** Approves or refuses somebody else's proposal. @throws DataError NOT_FOUND, FORBIDDEN, PROPOSAL_GONE, OWN_PROPOSAL */
export function reviewArticle(
  ctx: WorkContext,
  input: {
    readonly uid: RecordId;
    readonly proposalId: EventId;
    readonly decision: 'approve' | 'refuse';
    readonly reason: string;
  },
): void {
  const { uid, ...rest } = input;
  performRecordOp(ctx, { kind: 'article.review', uid, args: { centre: ctx.user.centre, ...rest } }, titleOf(ctx, uid));
}

/** Says that an article is 错误 or 过时. @throws DataError NOT_FOUND */
export function reportArticle(
  ctx: WorkContext,
  input: {
    readonly uid: RecordId;
    readonly version: number;
    readonly kind: 'wrong' | 'outdated';
    readonly text: string;
  },
): void {
  const { uid, ...rest } = input;
  const args = { centre: ctx.user.centre, feedbackId: newId<EventId>(ctx.clock.now()), ...rest };
  performRecordOp(ctx, { kind: 'article.feedback', uid, args }, titleOf(ctx, uid));
}

function titleOf(ctx: WorkContext, uid: string): string {
  const record = findRecord(ctx.db, uid);
  return record?.kind === 'article' ? titleOfDoc(record.doc) : '';
}

function titleOfDoc({ published, proposal }: ArticleDoc): string {
  return published?.title ?? proposal?.content.title ?? '';
}

/** What this person has under way. */
export function getDesk(ctx: WorkContext): ArticleDesk {
  return { drafts: [...listArticleDrafts(ctx.db)], refused: listRefused(ctx) };
}

function listRefused(ctx: WorkContext): RefusedArticleOp[] {
  return listOutbox(ctx.db).flatMap((entry): RefusedArticleOp[] => {
    const { op, state } = entry;
    if (state === 'waiting' || !isArticleOp(op)) return [];
    const { opId, uid, kind, at } = op;
    return [{ opId, uid, kind, title: entry.label, reason: entry.lastError?.code ?? '', at }];
  });
}

function isArticleOp(op: Op): op is ArticleOp {
  return isRecordOp(op) && op.kind.startsWith('article.');
}

/** Keeps the text begun on an article; on disk when this returns. */
export function keepArticleDraft(ctx: WorkContext, draft: Omit<ArticleDraft, 'updatedAt'>): void {
  ctx.write(() => saveArticleDraft(ctx.db, { ...draft, updatedAt: ctx.clock.now() }));
  ctx.announce(['drafts']);
}

/** Forgets the text begun on an article. */
export function dropArticleDraft(ctx: WorkContext, uid: string): void {
  ctx.write(() => deleteArticleDraft(ctx.db, uid));
  ctx.announce(['drafts']);
}

/**
 * Makes an unfinished text of a refused proposal, based on what is published now; the operation is forgotten with it.
 * @throws DataError NOT_FOUND when there is no such refused proposal
 */
export function redoRefused(ctx: WorkContext, opId: OpId): RecordId {
  return forget(ctx, opId, 'merged', ({ op }) => {
    if (op.kind !== 'article.propose') throw new DataError('NOT_FOUND', 'not a refused proposal');
    const record = findRecord(ctx.db, op.uid);
    saveArticleDraft(ctx.db, {
      uid: op.uid,
      basedOn: record?.kind === 'article' ? record.doc.version : 0,
      form: { ...toArticleForm(op.args.content), changeNote: op.args.note },
      updatedAt: ctx.clock.now(),
    });
  });
}

/** Forgets a refused operation on an article. @throws DataError NOT_FOUND */
export function dropRefused(ctx: WorkContext, opId: OpId): void {
  forget(ctx, opId, 'theirs', () => {});
}

function forget(
  ctx: WorkContext,
  opId: OpId,
  decision: 'theirs' | 'merged',
  before: (entry: OutboxEntry) => void,
): RecordId {
  const { db } = ctx;
  const uid = ctx.write(() =>
    db.transaction((): RecordId => {
      const entry = findOutboxEntry(db, opId);
      if (!entry || entry.state === 'waiting' || !isArticleOp(entry.op)) {
        throw new DataError('NOT_FOUND', 'no such refused operation');
      }
      before(entry);
      settleOp(ctx, entry, decision);
      showRow(db, entry.op.kind, entry.op.uid, actorOf(ctx));
      return entry.op.uid;
    }),
  );
  ctx.dropped([opId]);
  ctx.announce(['records', 'drafts', 'outbox', 'sync']);
  return uid;
}
