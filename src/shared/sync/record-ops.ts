import type { ArticleDoc } from '../domain/knowledge.ts';
import type { RecordOf, SyncedRecord } from '../domain/record.ts';
import type { Role } from '../domain/roles.ts';
import { toSentIntake } from '../domain/sent-intake.ts';
import { assertNever } from '../kernel/assert-never.ts';
import { type CheckOp, decideCheckOp, isCheckOp } from './check-ops.ts';
import type { RecordActor, RecordVerdict } from './record-verdict.ts';
import type { Op, OpOf } from './wire.ts';

export type RecordOp = OpOf<'article.propose' | 'article.review' | 'article.feedback' | 'draft.hand_over'> | CheckOp;

const RECORD_OPS: ReadonlySet<Op['kind']> = new Set<RecordOp['kind']>([
  'article.propose',
  'article.review',
  'article.feedback',
  'draft.hand_over',
]);

/** True for an operation on a synchronised document. */
export function isRecordOp(op: Op): op is RecordOp {
  return RECORD_OPS.has(op.kind) || isCheckOp(op);
}

const AUTHORS: readonly Role[] = ['editor', 'lead', 'admin'];
const HISTORY_MOST = 50;
/** History entries that keep their words: an article that is changed for years must not grow without end. */
const CONTENTS_KEPT = 10;
const FEEDBACK_MOST = 50;

/**
 * What a record looks like after an operation, or why it may not happen. Pure; a console asks before it queues the operation and
 * replays it on every row that arrives, the server decides with the same function.
 * @param at time the record carries: the server's at the server, the console's until then
 */
export function decideRecordOp(
  record: SyncedRecord | null,
  op: RecordOp,
  actor: RecordActor,
  at: number,
): RecordVerdict {
  if (op.kind === 'draft.hand_over') return handOver(record, op, actor, at);
  if (isCheckOp(op)) return decideCheckOp(record, op, actor, at);
  if (record !== null && record.kind !== 'article') return { kind: 'refused', reason: 'UID_TAKEN' };
  switch (op.kind) {
    case 'article.propose':
      return propose(record, op, actor, at);
    case 'article.review':
      return record ? review(record, op, actor, at) : { kind: 'refused', reason: 'NOT_FOUND' };
    case 'article.feedback':
      return record ? addFeedback(record, op, actor, at) : { kind: 'refused', reason: 'NOT_FOUND' };
    default:
      return assertNever(op, 'record operation');
  }
}

/** Whether somebody may write articles, and approve those of others. */
export function mayEditArticles(role: Role): boolean {
  return AUTHORS.includes(role);
}

type Article = RecordOf<'article'>;

function withDoc(record: Article, doc: ArticleDoc, at: number): RecordVerdict {
  return { kind: 'changed', record: { ...record, doc, updatedAt: at } };
}

function propose(record: Article | null, op: OpOf<'article.propose'>, actor: RecordActor, at: number): RecordVerdict {
  const { args } = op;
  if (!mayEditArticles(actor.role)) return { kind: 'refused', reason: 'FORBIDDEN' };
  const proposal = {
    id: args.proposalId,
    content: args.content,
    note: args.note,
    byId: actor.id,
    byName: actor.name,
    at,
  };
  if (record === null) {
    if (args.basedOn !== 0) return { kind: 'refused', reason: 'NOT_FOUND' };
    const doc: ArticleDoc = {
      version: 0,
      published: null,
      publishedAt: null,
      authorName: actor.name,
      proposal,
      history: [],
      feedback: [],
    };
    return {
      kind: 'changed',
      record: { kind: 'article', uid: op.uid, centre: args.centre, version: 0, updatedAt: at, doc },
    };
  }
  const { doc } = record;
  if (doc.proposal?.id === args.proposalId) return { kind: 'unchanged' };
  if (doc.version !== args.basedOn) return { kind: 'refused', reason: 'ARTICLE_CHANGED' };
  // Authors may replace their own waiting proposal; somebody else's has to be decided first.
  if (doc.proposal !== null && doc.proposal.byId !== actor.id) return { kind: 'refused', reason: 'PROPOSAL_WAITING' };
  return withDoc(record, { ...doc, proposal }, at);
}

function review(record: Article, op: OpOf<'article.review'>, actor: RecordActor, at: number): RecordVerdict {
  const { args } = op;
  const { doc } = record;
  if (!mayEditArticles(actor.role)) return { kind: 'refused', reason: 'FORBIDDEN' };
  const { proposal } = doc;
  if (proposal?.id !== args.proposalId) return { kind: 'refused', reason: 'PROPOSAL_GONE' };
  if (proposal.byId === actor.id) return { kind: 'refused', reason: 'OWN_PROPOSAL' };
  const isApproved = args.decision === 'approve';
  const version = isApproved ? doc.version + 1 : doc.version;
  const entry: ArticleDoc['history'][number] = {
    kind: isApproved ? 'published' : 'refused',
    version,
    title: proposal.content.title,
    at,
    authorName: proposal.byName,
    reviewerName: actor.name,
    note: proposal.note,
    reason: args.reason,
    content: proposal.content,
  };
  const history = keepNewest([...doc.history, entry]);
  if (!isApproved) return withDoc(record, { ...doc, proposal: null, history }, at);
  return withDoc(
    record,
    {
      version,
      published: proposal.content,
      publishedAt: at,
      authorName: proposal.byName,
      proposal: null,
      history,
      // What was said of the former version is answered by the new one.
      feedback: [],
    },
    at,
  );
}

function keepNewest(history: ArticleDoc['history']): ArticleDoc['history'] {
  const kept = history.slice(-HISTORY_MOST);
  return kept.map((each, index) => (index < kept.length - CONTENTS_KEPT ? { ...each, content: null } : each));
}

function addFeedback(record: Article, op: OpOf<'article.feedback'>, actor: RecordActor, at: number): RecordVerdict {
  const { args } = op;
  const { doc } = record;
  if (doc.feedback.some((each) => each.id === args.feedbackId)) return { kind: 'unchanged' };
  const { feedbackId: id, kind, text, version } = args;
  const feedback = [...doc.feedback, { id, kind, text, version, at, byName: actor.name }].slice(-FEEDBACK_MOST);
  return withDoc(record, { ...doc, feedback }, at);
}

function handOver(
  record: SyncedRecord | null,
  op: OpOf<'draft.hand_over'>,
  actor: RecordActor,
  at: number,
): RecordVerdict {
  if (record) return record.kind === 'handover' ? { kind: 'unchanged' } : { kind: 'refused', reason: 'UID_TAKEN' };
  const { centre, toSeat, call, content, parentUid } = op.args;
  const parent = parentUid ? { parentUid } : {};
  const sent = toSentIntake(content);
  const doc = { fromSeat: actor.seat, fromName: actor.name, toSeat, call, content: sent, ...parent, at: op.at };
  return { kind: 'changed', record: { kind: 'handover', uid: op.uid, centre, version: 0, updatedAt: at, doc } };
}
