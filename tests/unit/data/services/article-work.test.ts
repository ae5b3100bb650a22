import { afterEach, describe, expect, test } from 'vitest';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { findRecord } from '#main/data/repositories/record.repository.ts';
import { getArticle, summarizeArticles } from '#main/data/services/article.service.ts';
import {
  dropArticleDraft,
  dropRefused,
  getDesk,
  keepArticleDraft,
  proposeArticle,
  redoRefused,
  reportArticle,
  reviewArticle,
} from '#main/data/services/article-work.service.ts';
import { actorOf } from '#main/data/services/work-context.ts';
import { applyPushResults } from '#main/data/sync/push-results.ts';
import { toArticleForm } from '#shared/domain/article-form.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { type EventId, newId, type OpId, type RecordId } from '#shared/kernel/ids.ts';
import { articleRecord, EDITOR, LEAD, receiveArticle, sampleArticle } from '#tests/support/data/articles.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const open: TestWork[] = [];
afterEach(() => {
  for (const work of open.splice(0)) work.db.close();
});

function openWork(user = EDITOR): TestWork {
  const work = openTestWork(tempFolder(), user);
  open.push(work);
  return work;
}

const docOf = (work: TestWork, uid: string) => (findRecord(work.db, uid) as RecordOf<'article'>).doc;
const codeOf = (run: () => void) => {
  try {
    run();
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
const propose = (work: TestWork, uid: RecordId, title: string, basedOn: number, note = '') =>
  proposeArticle(work.ctx, { uid, basedOn, content: sampleArticle({ title }), note });

/** The server refuses the newest operation. */
function refuseLast(work: TestWork, reason: string): OpId {
  const { op } = work.queued.length > 0 ? { op: work.queued.at(-1) } : { op: undefined };
  if (!op) throw new Error('nothing was queued');
  const ctx = { db: work.db, actor: actorOf(work.ctx), clock: work.clock, elapsed: () => 0 };
  const result = { s: op.s, code: 'rejected' as const, version: 0, seq: null, reason };
  applyPushResults(ctx, 1, { ack: op.s, results: [result] }, 0);
  return op.opId;
}

describe('a change of an article', () => {
  test('is shown as waiting at once, is in the outbox, and changes nothing that is read out', () => {
    const work = openWork();
    const { uid } = receiveArticle(work.db, articleRecord(sampleArticle()));
    propose(work, uid, '新题目', 1, '改标题');
    expect(docOf(work, uid)).toMatchObject({
      version: 1,
      published: { title: '路灯不亮怎么报修' },
      proposal: { content: { title: '新题目' }, note: '改标题', byName: '沈知言' },
    });
    expect(getArticle(work.ctx, uid).pending).toBe(true);
    expect(listOutbox(work.db)).toMatchObject([
      { op: { kind: 'article.propose', uid, args: { basedOn: 1 } }, label: '新题目', state: 'waiting' },
    ]);
    expect(work.announced).toEqual(['records', 'drafts', 'outbox', 'sync']);
  });

  test('may be replaced by its author, not by others, and nobody approves their own', () => {
    const work = openWork();
    const { uid } = receiveArticle(work.db, articleRecord(sampleArticle()));
    propose(work, uid, '第一稿', 1);
    propose(work, uid, '第二稿', 1);
    expect(docOf(work, uid).proposal?.content.title).toBe('第二稿');
    const proposalId = docOf(work, uid).proposal?.id as EventId;
    const approve = { uid, proposalId, decision: 'approve' as const, reason: '' };
    expect(codeOf(() => reviewArticle(work.ctx, approve))).toBe('OWN_PROPOSAL');

    const other = { ...work.ctx, user: { ...EDITOR, id: LEAD.id } };
    expect(
      codeOf(() => proposeArticle(other, { uid, basedOn: 1, content: sampleArticle({ title: '别人的' }), note: '' })),
    ).toBe('PROPOSAL_WAITING');
    // What was refused here left nothing in the outbox.
    expect(listOutbox(work.db)).toHaveLength(2);

    reviewArticle({ ...work.ctx, user: LEAD }, approve);
    expect(docOf(work, uid)).toMatchObject({ version: 2, published: { title: '第二稿' }, proposal: null });
    expect(codeOf(() => propose(work, uid, '第三稿', 1))).toBe('ARTICLE_CHANGED');
    expect(codeOf(() => reviewArticle({ ...work.ctx, user: LEAD }, approve))).toBe('PROPOSAL_GONE');
  });

  test('is not for agents, whose reports are', () => {
    const work = openWork(AGENT);
    const { uid } = receiveArticle(work.db, articleRecord(sampleArticle()));
    expect(codeOf(() => propose(work, uid, '我改', 1))).toBe('FORBIDDEN');
    reportArticle(work.ctx, { uid, version: 1, kind: 'outdated', text: '电话换了' });
    expect(docOf(work, uid).feedback).toMatchObject([
      { kind: 'outdated', text: '电话换了', byName: '林晓雯', version: 1 },
    ]);
    expect(codeOf(() => reportArticle(work.ctx, { uid: newId(START), version: 1, kind: 'wrong', text: 'x' }))).toBe(
      'NOT_FOUND',
    );
  });

  test('that the server refuses is taken off the article, stays with its reason, and can be taken up again on the new version', () => {
    const work = openWork();
    const { uid } = receiveArticle(work.db, articleRecord(sampleArticle()));
    propose(work, uid, '我的改法', 1, '为什么改');
    const opId = refuseLast(work, 'ARTICLE_CHANGED');
    expect(docOf(work, uid).proposal).toBeNull();
    expect(getDesk(work.ctx).refused).toMatchObject([
      { opId, uid, kind: 'article.propose', title: '我的改法', reason: 'ARTICLE_CHANGED' },
    ]);
    receiveArticle(work.db, articleRecord(sampleArticle({ title: '别人发布的' }), { version: 2, uid }));

    expect(redoRefused(work.ctx, opId)).toBe(uid);
    expect(listOutbox(work.db)).toEqual([]);
    expect(work.dropped).toEqual([opId]);
    expect(getDesk(work.ctx)).toMatchObject({
      refused: [],
      drafts: [{ uid, basedOn: 2, form: { title: '我的改法', changeNote: '为什么改' } }],
    });
    propose(work, uid, '我的改法', 2);
    expect(docOf(work, uid)).toMatchObject({ version: 2, proposal: { content: { title: '我的改法' } } });
    // Proposed: no longer unfinished.
    expect(getDesk(work.ctx).drafts).toEqual([]);
  });

  test('that was refused can be let go, and an article that only this console had goes with it', () => {
    const work = openWork();
    const uid = newId<RecordId>(START);
    propose(work, uid, '新写的', 0);
    const opId = refuseLast(work, 'FORBIDDEN');
    expect(summarizeArticles(work.ctx, [uid])).toMatchObject([{ title: '新写的' }]);
    expect(codeOf(() => dropRefused(work.ctx, newId<OpId>(START)))).toBe('NOT_FOUND');
    dropRefused(work.ctx, opId);
    expect(findRecord(work.db, uid)).toBeNull();
    expect(summarizeArticles(work.ctx, [uid])).toEqual([]);
    expect(getDesk(work.ctx)).toEqual({ drafts: [], refused: [] });
  });

  test('that still waits cannot be let go', () => {
    const work = openWork();
    const { uid } = receiveArticle(work.db, articleRecord(sampleArticle()));
    propose(work, uid, '新题目', 1);
    const opId = work.queued[0]?.opId as OpId;
    expect(codeOf(() => dropRefused(work.ctx, opId))).toBe('NOT_FOUND');
    expect(codeOf(() => redoRefused(work.ctx, opId))).toBe('NOT_FOUND');
    setOutboxRefused(work.db, opId, 'rejected', 'PROPOSAL_WAITING', START);
    dropRefused(work.ctx, opId);
    expect(docOf(work, uid).proposal).toBeNull();
  });

  test('on an article made offline waits for the article itself', () => {
    const work = openWork();
    const uid = newId<RecordId>(START);
    propose(work, uid, '新写的', 0);
    reportArticle(work.ctx, { uid, version: 0, kind: 'wrong', text: '还差一条' });
    const [creation, report] = listOutbox(work.db);
    expect(report?.op.dependsOn).toBe(creation?.op.opId);
  });
});

test('an unfinished text is kept as typed, however bad, one per article, until it is proposed or dropped', () => {
  const work = openWork();
  const uid = newId<RecordId>(START);
  const form = { ...toArticleForm(null), title: '长'.repeat(5_000), validFrom: '明年', categoryCodes: ['02'] };
  keepArticleDraft(work.ctx, { uid, basedOn: 0, form: { ...form, title: '先写的' } });
  work.clock.advance(1_000);
  keepArticleDraft(work.ctx, { uid, basedOn: 0, form });
  expect(getDesk(work.ctx).drafts).toEqual([{ uid, basedOn: 0, form, updatedAt: START + 1_000 }]);
  dropArticleDraft(work.ctx, uid);
  expect(getDesk(work.ctx).drafts).toEqual([]);
});
