import { expect } from 'vitest';
import { toArticleForm } from '#shared/domain/article-form.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { newId, type RecordId, type UserId } from '#shared/kernel/ids.ts';
import { articleRecord, sampleArticle } from '#tests/support/data/articles.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { confirmed, type Desk, refusedOp, type Scenarios, signIn } from './desk.ts';

const BUS = sampleArticle({ title: '公交卡丢了怎么办', categoryCodes: ['010101'], questions: [], keywords: ['公交'] });

/** Two published articles, of lamps and of bus cards, read by an editor. */
async function twoArticles(desk: Desk) {
  const [lamp, bus] = [articleRecord(sampleArticle()), articleRecord(BUS)];
  desk.server.putRecord(lamp);
  desk.server.putRecord(bus);
  await signIn(desk, 'editor');
  await until('the articles are here', async () => (await desk.client.knowledge.list({})).total === 2);
  return { lamp, bus };
}

const CHANGE = sampleArticle({ title: '路灯不亮怎么报修（2026）' });

/** A change of the lamp's article by this editor. */
async function propose(desk: Desk, { uid, doc }: RecordOf<'article'>) {
  await desk.client.knowledge.propose({ uid, basedOn: doc.version, content: CHANGE, note: '换了电话' });
}

/** A proposal that the server refused. */
async function refusedProposal(desk: Desk) {
  const { lamp } = await twoArticles(desk);
  desk.server.onOp = ({ kind }) => (kind === 'article.propose' ? { code: 'rejected', reason: 'FORBIDDEN' } : null);
  await propose(desk, lamp);
  return { uid: lamp.uid, opId: await refusedOp(desk) };
}

const articleAt = ({ server }: Desk, uid: RecordId) =>
  forceUnwrap('article at the server', server.records.get(uid)).wire.row as RecordOf<'article'>;
const draftsOf = async ({ client }: Desk) => (await client.knowledge.desk()).drafts;
const FORM = { ...toArticleForm(CHANGE), changeNote: '写到一半' };

export const knowledgeAnswers: Scenarios<'knowledge'> = {
  list: async (desk) => {
    const { lamp } = await twoArticles(desk);
    const { articles, total } = await desk.client.knowledge.list({
      query: '路灯 报修',
      category: '0202',
      state: 'valid',
    });
    expect([articles, total]).toMatchObject([[{ uid: lamp.uid, version: 1, validity: 'valid', pending: false }], 1]);
    expect((await desk.client.knowledge.list({ limit: 1, offset: 1 })).articles).toHaveLength(1);
  },
  get: async (desk) => {
    const { bus } = await twoArticles(desk);
    expect(await desk.client.knowledge.get({ uid: bus.uid })).toEqual({ article: bus, pending: false });
  },
  summaries: async (desk) => {
    const { bus } = await twoArticles(desk);
    const known = await desk.client.knowledge.summaries({ uids: [newId<RecordId>(START), bus.uid] });
    // Those that are gone are left out.
    expect(known.map(({ uid, title }) => [uid, title])).toEqual([[bus.uid, BUS.title]]);
  },
  suggest: async (desk) => {
    const { lamp } = await twoArticles(desk);
    const fitting = await desk.client.knowledge.suggest({ categoryCode: '020201', text: '' });
    expect(fitting).toMatchObject([{ uid: lamp.uid, byCategory: true, byText: false }]);
  },
  report: async (desk) => {
    const { lamp } = await twoArticles(desk);
    const wrong = { uid: lamp.uid, version: 1, kind: 'wrong', text: '电话不对' } as const;
    expect(await desk.client.knowledge.report(wrong)).toEqual({ ok: true });
    await confirmed(desk);
    expect(articleAt(desk, lamp.uid).doc.feedback).toMatchObject([
      { kind: 'wrong', text: '电话不对', byName: AGENT.name },
    ]);
  },
  propose: async (desk) => {
    const { lamp } = await twoArticles(desk);
    await desk.client.knowledge.keepDraft({ uid: lamp.uid, basedOn: 1, form: FORM });
    await propose(desk, lamp);
    // The text begun on it is forgotten, and what is published stays.
    expect(await draftsOf(desk)).toEqual([]);
    await confirmed(desk);
    expect(articleAt(desk, lamp.uid).doc).toMatchObject({
      version: 1,
      published: { title: sampleArticle().title },
      proposal: { content: CHANGE, note: '换了电话' },
    });
  },
  review: async (desk) => {
    const { lamp } = await twoArticles(desk);
    await propose(desk, lamp);
    await confirmed(desk);
    // Somebody else approves it, at a computer of their own.
    desk.server.user = { ...AGENT, id: '019a0000-0000-7000-8000-0000000000e2' as UserId, name: '顾若兰' };
    const other = desk.openAnother();
    await signIn(other, 'lead');
    await until('waits', async () => (await other.client.knowledge.list({ state: 'waiting' })).total === 1);
    const { article } = await other.client.knowledge.get({ uid: lamp.uid });
    const proposalId = forceUnwrap('proposal', article.doc.proposal).id;
    const approval = { uid: lamp.uid, proposalId, decision: 'approve', reason: '' } as const;
    expect(await other.client.knowledge.review(approval)).toEqual({ ok: true });
    await confirmed(other);
    expect(articleAt(desk, lamp.uid).doc).toMatchObject({
      version: 2,
      published: CHANGE,
      proposal: null,
      history: [{}, { authorName: AGENT.name, reviewerName: '顾若兰' }],
    });
  },
  desk: async (desk) => {
    const { uid, opId } = await refusedProposal(desk);
    await desk.client.knowledge.keepDraft({ uid, basedOn: 1, form: FORM });
    expect(await desk.client.knowledge.desk()).toEqual({
      drafts: [{ uid, basedOn: 1, form: FORM, updatedAt: START }],
      refused: [{ opId, uid, kind: 'article.propose', title: CHANGE.title, reason: 'FORBIDDEN', at: START }],
    });
  },
  keepDraft: async (desk) => {
    const { lamp } = await twoArticles(desk);
    const draft = { uid: lamp.uid, basedOn: 1, form: FORM };
    expect(await desk.client.knowledge.keepDraft(draft)).toEqual({ ok: true });
    await desk.client.session.lock();
    await signIn(desk, 'editor');
    expect(await draftsOf(desk)).toEqual([{ ...draft, updatedAt: START }]);
  },
  dropDraft: async (desk) => {
    const { lamp, bus } = await twoArticles(desk);
    for (const { uid } of [lamp, bus]) await desk.client.knowledge.keepDraft({ uid, basedOn: 1, form: FORM });
    expect(await desk.client.knowledge.dropDraft({ uid: lamp.uid })).toEqual({ ok: true });
    expect((await draftsOf(desk)).map(({ uid }) => uid)).toEqual([bus.uid]);
  },
  redoRefused: async (desk) => {
    const { uid, opId } = await refusedProposal(desk);
    expect(await desk.client.knowledge.redoRefused({ opId })).toEqual({ uid });
    expect(await desk.client.knowledge.desk()).toMatchObject({
      drafts: [{ uid, basedOn: 1, form: { title: CHANGE.title, changeNote: '换了电话' } }],
      refused: [],
    });
  },
  dropRefused: async (desk) => {
    const { opId } = await refusedProposal(desk);
    expect(await desk.client.knowledge.dropRefused({ opId })).toEqual({ ok: true });
    expect(await desk.client.knowledge.desk()).toEqual({ drafts: [], refused: [] });
    expect(await desk.client.outbox.list()).toEqual([]);
  },
};
