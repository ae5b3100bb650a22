import type { WritableDb } from '#main/data/db/sqlite.ts';
import { insertScope, listScopes, saveScope } from '#main/data/repositories/scope.repository.ts';
import { applyChange } from '#main/data/sync/apply-rows.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { ArticleContent } from '#shared/domain/knowledge.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { newId, type RecordId, type UserId } from '#shared/kernel/ids.ts';
import { AGENT, START } from './samples.ts';

export const EDITOR: User = {
  ...AGENT,
  id: '019a0000-0000-7000-8000-0000000000e1' as UserId,
  account: 'demo3001',
  name: '沈知言',
  seat: '3001',
  role: 'editor',
};
export const LEAD: User = {
  ...AGENT,
  id: '019a0000-0000-7000-8000-0000000000e2' as UserId,
  account: 'demo2001',
  name: '顾若兰',
  seat: '2001',
  role: 'lead',
};

export function sampleArticle(changes: Partial<ArticleContent> = {}): ArticleContent {
  return {
    title: '路灯不亮怎么报修',
    categoryCodes: ['020201'],
    questions: ['路灯坏了打什么电话？'],
    answer: '请告诉我哪条路、靠近几号。',
    sections: [{ kind: 'ask', lines: ['灯杆编号', '有没有漏电'] }],
    sources: [
      {
        title: '城市照明管理规定',
        number: '住房和城乡建设部令第4号',
        issuer: '住房和城乡建设部',
        date: '2010-05-27',
      },
    ],
    validFrom: '2010-07-01',
    validTo: null,
    keywords: ['路灯', '报修'],
    demo: false,
    ...changes,
  };
}

/** A published article as the server sends it. */
export function articleRecord(
  content: ArticleContent,
  { version = 1, at = START, uid = newId<RecordId>(at) } = {},
): RecordOf<'article'> {
  const entry = {
    kind: 'published' as const,
    version,
    title: content.title,
    at,
    authorName: EDITOR.name,
    reviewerName: LEAD.name,
    note: '',
    reason: '',
    content,
  };
  return {
    kind: 'article',
    uid,
    centre: '320100',
    version,
    updatedAt: at,
    doc: {
      version,
      published: content,
      publishedAt: at,
      authorName: EDITOR.name,
      proposal: null,
      history: [entry],
      feedback: [],
    },
  };
}

/** Applies a record to a cache as a pull does. */
export function receiveArticle(db: WritableDb, record: RecordOf<'article'>): RecordOf<'article'> {
  const scope = '320100:knowledge';
  db.transaction(() => {
    if (!listScopes(db).some((each) => each.scope === scope)) insertScope(db, scope, 1);
    const state = forceUnwrap(
      'the scope was made',
      listScopes(db).find((each) => each.scope === scope),
    );
    const seq = state.seq + 1;
    const actor = { id: null, name: '', consoleId: null, role: 'agent' as const, seat: '1' };
    const change = { kind: 'row' as const, seq, raw: { table: 'records', scope, seq, row: record } };
    saveScope(db, applyChange(db, state, change, actor, record.updatedAt));
  });
  return record;
}
