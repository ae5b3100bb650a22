import type { ArticleDraft } from '#shared/contract/knowledge.contract.ts';
import { toArticleForm } from '#shared/domain/article-form.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

interface DraftRow {
  readonly uid: string;
  readonly based_on: number;
  readonly form: string;
  readonly updated_at: number;
}

/** Texts that editors began and did not propose yet, the last written first. */
export function listArticleDrafts(db: ReadableDb): readonly ArticleDraft[] {
  return db
    .all<DraftRow>('SELECT uid, based_on, form, updated_at FROM article_drafts ORDER BY updated_at DESC, uid')
    .map((row) => ({
      uid: row.uid as RecordId,
      basedOn: row.based_on,
      // A text of an older build lacks the fields that have come since.
      form: { ...toArticleForm(null), ...JSON.parse(row.form) },
      updatedAt: row.updated_at,
    }));
}

/** Keeps the text begun on an article. */
export function saveArticleDraft(db: WritableDb, draft: ArticleDraft): void {
  db.run(
    `INSERT INTO article_drafts (uid, based_on, form, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (uid) DO UPDATE SET based_on = excluded.based_on, form = excluded.form, updated_at = excluded.updated_at`,
    draft.uid,
    draft.basedOn,
    JSON.stringify(draft.form),
    draft.updatedAt,
  );
}

/** Forgets the text begun on an article. */
export function deleteArticleDraft(db: WritableDb, uid: string): void {
  db.run('DELETE FROM article_drafts WHERE uid = ?', uid);
}
