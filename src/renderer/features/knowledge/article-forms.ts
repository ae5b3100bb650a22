import { create } from 'zustand';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { clock } from '#renderer/ui/now.ts';
import type { ErrorCode } from '#shared/contract/error-codes.ts';
import { type ArticleForm, toArticleForm } from '#shared/domain/article-form.ts';
import type { RecordId, UserId } from '#shared/kernel/ids.ts';

/** A text is on disk at most this long after the last key, in ms; the same promise as for the intake form. */
const SAVE_AFTER_MS = 250;
const RETRY_MS = 500;

/** Where a text stands with the disk. */
export type FormSave =
  | { readonly kind: 'saved'; readonly at: number }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly code: ErrorCode };

/** An article that is being written. */
export interface OpenForm {
  readonly form: ArticleForm;
  /** What is typed into its pickers and not taken, by field. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Published version it started from. */
  readonly basedOn: number;
  /** Null before anything was typed. */
  readonly save: FormSave | null;
}

interface ArticleForms {
  readonly forms: Readonly<Record<string, OpenForm>>;
}

/** Texts of articles. The data process keeps them; here they live from the key until it acknowledged. */
export const useArticleForms = create<ArticleForms>(() => ({ forms: {} }));

/** Articles whose text the data process has not acknowledged. */
const unsaved = new Set<RecordId>();
let owner: UserId | null = null;
let timer: ReturnType<typeof setTimeout> | null = null;
let saving: Promise<void> | null = null;

/** Puts a text in the place of the one before; what is typed beside it stays. */
function put(uid: RecordId, form: OpenForm): void {
  useArticleForms.setState(({ forms }) => ({ forms: { ...forms, [uid]: { ...forms[uid], ...form } } }));
}

/** The texts of the person who signed in; another person's are forgotten. */
export function openArticleForms(user: UserId): void {
  if (owner === user) return;
  owner = user;
  unsaved.clear();
  useArticleForms.setState({ forms: {} });
}

/** True while a text is in no file yet. */
export function hasUnsavedArticles(): boolean {
  return unsaved.size > 0;
}

/**
 * Begins or continues to write an article: the unfinished text if there is one, else the own proposal that waits, else what is
 * published, else nothing.
 */
export async function openArticleForm(uid: RecordId): Promise<void> {
  if (unsaved.has(uid)) return;
  const desk = await dataClient.knowledge.desk();
  const draft = desk.drafts.find((each) => each.uid === uid);
  if (draft) {
    const { form, basedOn, updatedAt } = draft;
    if (!unsaved.has(uid)) put(uid, { form, basedOn, save: { kind: 'saved', at: updatedAt } });
    return;
  }
  const doc = await dataClient.knowledge
    .get({ uid })
    .then(({ article }) => article.doc)
    .catch((error: unknown) => {
      if (toCallFailure(error).code === 'NOT_FOUND') return null;
      throw error;
    });
  if (unsaved.has(uid)) return;
  const form = toArticleForm(doc?.proposal?.content ?? doc?.published ?? null);
  put(uid, { form: { ...form, changeNote: doc?.proposal?.note ?? '' }, basedOn: doc?.version ?? 0, save: null });
}

/** Takes over what was typed; it is on disk within 300 ms. */
export function changeArticleForm(uid: RecordId, patch: Partial<ArticleForm>, basedOn?: number): void {
  const open = useArticleForms.getState().forms[uid];
  if (!open) return;
  put(uid, { form: { ...open.form, ...patch }, basedOn: basedOn ?? open.basedOn, save: { kind: 'saving' } });
  unsaved.add(uid);
  timer ??= setTimeout(() => void flushArticleForms(), SAVE_AFTER_MS);
}

/** Keeps what is typed into a picker of an article; null or empty forgets it. */
export function keepTypedOfArticle(uid: RecordId, field: string, text: string | null): void {
  const open = useArticleForms.getState().forms[uid];
  if (!open) return;
  const { [field]: before, ...others } = open.typed ?? {};
  if ((before ?? '') !== (text ?? '')) put(uid, { ...open, typed: text ? { ...others, [field]: text } : others });
}

/** The text was proposed or discarded: it is off the screen. */
export function dropArticleForm(uid: RecordId): void {
  unsaved.delete(uid);
  useArticleForms.setState(({ forms: { [uid]: _gone, ...forms } }) => ({ forms }));
}

/** Saves everything at once. True when it is on disk. */
export async function flushArticleForms(): Promise<boolean> {
  if (timer) clearTimeout(timer);
  timer = null;
  saving ??= saveAll().finally(() => {
    saving = null;
  });
  await saving;
  return unsaved.size === 0;
}

async function saveAll(): Promise<void> {
  for (const uid of [...unsaved]) {
    const open = useArticleForms.getState().forms[uid];
    if (!open) continue;
    const { form, basedOn } = open;
    const isCurrent = () => useArticleForms.getState().forms[uid]?.form === form;
    try {
      await dataClient.knowledge.keepDraft({ uid, basedOn, form });
      // What was typed meanwhile is saved with the next round.
      if (!isCurrent()) continue;
      unsaved.delete(uid);
      put(uid, { form, basedOn, save: { kind: 'saved', at: clock.now() } });
    } catch (error) {
      const { code } = toCallFailure(error);
      if (isCurrent()) put(uid, { form, basedOn, save: { kind: 'failed', code } });
    }
  }
  if (unsaved.size > 0) timer ??= setTimeout(() => void flushArticleForms(), RETRY_MS);
}
