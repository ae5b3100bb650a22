import { expect, test } from 'vitest';
import { findRecord } from '#main/data/repositories/record.repository.ts';
import { listArticles } from '#main/data/services/article.service.ts';
import {
  getDesk,
  proposeArticle,
  redoRefused,
  reportArticle,
  reviewArticle,
} from '#main/data/services/article-work.service.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId, type OpId, type RecordId } from '#shared/kernel/ids.ts';
import { sampleArticle } from '#tests/support/data/articles.ts';
import { until } from '#tests/support/data/until.ts';
import { waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();
const [EDITOR, OTHER, LEAD, AGENT] = [0, 1, 2, 3];

const openCentre = () => worlds.open({ seats: 4, roles: ['editor', 'editor', 'lead', 'agent'] });
const docOf = (seat: Seat, uid: RecordId) => (findRecord(seat.work.db, uid) as RecordOf<'article'>).doc;
const propose = (seat: Seat, uid: RecordId, title: string, basedOn: number) =>
  proposeArticle(seat.work, { uid, basedOn, content: sampleArticle({ title }), note: '' });

function approve(seat: Seat, uid: RecordId): void {
  const { id } = forceUnwrap('a proposal waits', docOf(seat, uid).proposal);
  reviewArticle(seat.work, { uid, proposalId: id, decision: 'approve', reason: '' });
}

async function publishFirst(world: World): Promise<RecordId> {
  const uid = newId<RecordId>(systemClock.now());
  propose(seatOf(world, EDITOR), uid, '第一版', 0);
  await waitUntilSynced(world.server, world.seats);
  approve(seatOf(world, LEAD), uid);
  await waitUntilSynced(world.server, world.seats);
  return uid;
}

const titlesAtServer = (world: World) =>
  world.server.query<{ title: string; version: number; waiting: string | null }>(
    `SELECT doc->'published'->>'title' AS title, (doc->>'version')::int AS version,
       doc->'proposal'->'content'->>'title' AS waiting FROM records WHERE kind = 'article'`,
  );

test('an editor proposes without a network, a 班长 approves, an agent reads the new version', async () => {
  const world = await openCentre();
  const uid = await publishFirst(world);
  const [editor, lead, agent] = [seatOf(world, EDITOR), seatOf(world, LEAD), seatOf(world, AGENT)];
  expect(docOf(agent, uid)).toMatchObject({ version: 1, published: { title: '第一版' } });

  world.faultFor = (index) => (index === EDITOR ? 'request-lost' : null);
  propose(editor, uid, '第二版', 1);
  await until('the editor knows that nothing goes out', () => editor.status.connection === 'offline');
  expect(docOf(editor, uid).proposal?.content.title).toBe('第二版');
  expect(await titlesAtServer(world)).toEqual([{ title: '第一版', version: 1, waiting: null }]);

  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  expect(await titlesAtServer(world)).toEqual([{ title: '第一版', version: 1, waiting: '第二版' }]);
  expect(docOf(agent, uid).published?.title).toBe('第一版');
  approve(lead, uid);
  await waitUntilSynced(world.server, world.seats);
  expect(await titlesAtServer(world)).toEqual([{ title: '第二版', version: 2, waiting: null }]);
  const found = listArticles(agent.work, { query: '第二版', category: null, state: 'all', limit: 5, offset: 0 });
  expect(found.articles).toMatchObject([{ uid, version: 2, title: '第二版' }]);
});

test('two editors change one version without a network: the later one is told why and takes the text up again', async () => {
  const world = await openCentre();
  const uid = await publishFirst(world);
  const [editor, other, lead] = [seatOf(world, EDITOR), seatOf(world, OTHER), seatOf(world, LEAD)];
  world.faultFor = (index) => (index === OTHER ? 'request-lost' : null);
  propose(other, uid, '乙的改法', 1);
  propose(editor, uid, '甲的改法', 1);
  await until('the first one is at the server', async () => (await titlesAtServer(world))[0]?.waiting === '甲的改法');
  await waitUntilSynced(world.server, [editor, lead, seatOf(world, AGENT)]);
  approve(lead, uid);
  await waitUntilSynced(world.server, [editor, lead]);

  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  const [refused] = getDesk(other.work).refused;
  expect(refused).toMatchObject({ uid, title: '乙的改法', reason: 'ARTICLE_CHANGED' });
  expect(docOf(other, uid)).toMatchObject({ version: 2, published: { title: '甲的改法' }, proposal: null });

  redoRefused(other.work, refused?.opId as OpId);
  expect(getDesk(other.work).drafts).toMatchObject([{ uid, basedOn: 2, form: { title: '乙的改法' } }]);
  propose(other, uid, '乙的改法', 2);
  await waitUntilSynced(world.server, world.seats);
  expect(await titlesAtServer(world)).toEqual([{ title: '甲的改法', version: 2, waiting: '乙的改法' }]);
});

test('an approval made without a network of a proposal that was replaced meanwhile is refused and shown as it is', async () => {
  const world = await openCentre();
  const uid = await publishFirst(world);
  const [editor, lead] = [seatOf(world, EDITOR), seatOf(world, LEAD)];
  propose(editor, uid, '草稿', 1);
  await waitUntilSynced(world.server, world.seats);
  world.faultFor = (index) => (index === LEAD ? 'request-lost' : null);
  approve(lead, uid);
  expect(docOf(lead, uid)).toMatchObject({ version: 2, published: { title: '草稿' } });
  propose(editor, uid, '定稿', 1);
  await until(
    'the author’s last word is at the server',
    async () => (await titlesAtServer(world))[0]?.waiting === '定稿',
  );

  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  expect(getDesk(lead.work).refused).toMatchObject([{ kind: 'article.review', reason: 'PROPOSAL_GONE' }]);
  expect(docOf(lead, uid)).toMatchObject({ version: 1, proposal: { content: { title: '定稿' } } });
  expect(await titlesAtServer(world)).toEqual([{ title: '第一版', version: 1, waiting: '定稿' }]);
});

test('reports of several agents without a network all arrive, once, and end with the next version', async () => {
  const world = await openCentre();
  const uid = await publishFirst(world);
  world.faultFor = () => 'reply-lost';
  for (const index of [AGENT, LEAD]) {
    reportArticle(seatOf(world, index).work, { uid, version: 1, kind: 'wrong', text: `座席${index}：电话不对` });
  }
  await until('answers got lost', () =>
    [AGENT, LEAD].every((index) => seatOf(world, index).status.connection === 'offline'),
  );
  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  const editor = seatOf(world, EDITOR);
  expect(
    docOf(editor, uid)
      .feedback.map(({ text }) => text)
      .sort(),
  ).toEqual(['座席2：电话不对', '座席3：电话不对']);
  propose(editor, uid, '第二版', 1);
  await waitUntilSynced(world.server, world.seats);
  approve(seatOf(world, LEAD), uid);
  await waitUntilSynced(world.server, world.seats);
  expect(docOf(seatOf(world, AGENT), uid)).toMatchObject({ version: 2, feedback: [] });
});
